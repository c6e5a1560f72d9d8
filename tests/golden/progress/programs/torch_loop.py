# SPDX-License-Identifier: Apache-2.0
"""A hand-written PyTorch loop that prints the lines that tutorials print.
usage: torch_loop.py dash|brackets|mnist|nanogpt|fashion|imagenet|kv|json|logging"""
import json
import logging
import sys

import torch
from sklearn.datasets import load_digits

torch.manual_seed(1)
torch.set_num_threads(1)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 16.0, dtype=torch.float32), torch.tensor(y)
net = torch.nn.Linear(64, 10)
optimizer = torch.optim.SGD(net.parameters(), 0.5)
style, epochs, size, count = sys.argv[1], 3, 200, 7
logging.basicConfig(format="%(asctime)s - %(levelname)s - %(name)s - %(message)s", level=logging.INFO)


def evaluate():
    with torch.no_grad():
        out = net(x[1400:])
        hits = int((out.argmax(1) == y[1400:]).sum())
        return float(torch.nn.functional.cross_entropy(out, y[1400:])), hits, len(out)


mean = 0.0
for epoch in range(epochs):
    if style == "fashion":
        print(f"Epoch {epoch + 1}\n-------------------------------")
    for i in range(count):
        at = i * size
        loss = torch.nn.functional.cross_entropy(net(x[at:at + size]), y[at:at + size])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        value, step = loss.item(), epoch * count + i
        mean = (mean * i + value) / (i + 1)
        if i % 3:
            continue
        if style == "brackets":
            print(f"Epoch [{epoch + 1}/{epochs}], Step [{i + 1}/{count}], Loss: {value:.4f}")
        elif style == "mnist":
            print("Train Epoch: {} [{}/{} ({:.0f}%)]\tLoss: {:.6f}".format(
                epoch + 1, at, 1400, 100. * i / count, value))
        elif style == "nanogpt":
            print(f"iter {step}: loss {value:.4f}, time {12.34:.2f}ms, mfu {-100.0:.2f}%")
        elif style == "fashion":
            print(f"loss: {value:>7f}  [{at:>5d}/{1400:>5d}]")
        elif style == "imagenet":
            print(f"Epoch: [{epoch}][{i:2d}/{count}]\tTime  0.512 ( 0.934)\tData  0.001 ( 0.301)\t"
                  f"Loss {value:.4e} ({mean:.4e})\tAcc@1   7.03 (  5.11)")
        elif style == "logging":
            logging.getLogger("train").info("step=%d/%d loss=%.3e lr=%g", step, count * epochs,
                                            value, 0.5)
    held, hits, total = evaluate()
    if style == "dash":
        print(f"Epoch {epoch + 1}/{epochs} - loss: {mean:.4f} - val_loss: {held:.4f} - "
              f"acc: {100 * hits / total:.1f}%")
    elif style == "mnist":
        print("\nTest set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)\n".format(
            held, hits, total, 100. * hits / total))
    elif style == "nanogpt":
        print(f"step {step}: train loss {mean:.4f}, val loss {held:.4f}")
    elif style == "fashion":
        print(f"Test Error: \n Accuracy: {100 * hits / total:>0.1f}%, Avg loss: {held:>8f} \n")
    elif style == "kv":
        print(f"epoch={epoch} loss={mean:.6f} val_loss={held:.6f} acc={hits / total:.4f}")
    elif style == "json":
        print(json.dumps({"epoch": epoch, "global_step": step, "train_loss": mean,
                          "val_loss": held, "note": "ok", "best": None}))
        print(json.dumps({"schema": "cct.progress/1", "epoch": epoch + 1, "epochs": epochs,
                          "loss": mean, "metrics": {"acc": hits / total}, "mine": [1, 2]}))
if style == "json":
    print(json.dumps({"epoch": epochs, "loss": float("nan"), "acc": float("inf")}))
if style == "fashion":
    print("Done!")
