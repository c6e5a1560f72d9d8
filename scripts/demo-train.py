#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A small training for the demonstration and the tests: a network of two layers in numpy on
scikit-learn's handwritten digits (1797 pictures of 8 x 8 pixels, which its package ships).

It is a well-behaved training in cct's sense: one line of log an epoch; cct.progress/1 lines to
CCT_PROGRESS; a checkpoint an epoch, by rename, in CCT_CHECKPOINT_DIR, from which it resumes and
then computes what it would have computed, to the last bit; SIGUSR1 makes it write a checkpoint and
exit 75."""
import argparse
import hashlib
import json
import os
import signal
import sys
import time

# One thread: the sums are then made in the same order each time.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402

EXIT_TRY_AGAIN = 75
BATCH = 64
stopping = False


def stop(_signal, _frame):
    global stopping
    stopping = True


def data():
    """Training and test pictures; the training ones also moved by one pixel each way."""
    digits = load_digits()
    pictures = (digits.images / 16.0).astype(np.float64)
    order = np.random.default_rng(0).permutation(len(pictures))
    test, train = order[:360], order[360:]
    moved = [pictures[train]] + [np.roll(pictures[train], step, axis)
                                 for step in (-1, 1) for axis in (1, 2)]
    return (np.concatenate(moved).reshape(-1, 64), np.tile(digits.target[train], len(moved)),
            pictures[test].reshape(-1, 64), digits.target[test])


def initial(hidden):
    rng = np.random.default_rng(1)
    sizes = (64, hidden, hidden, 10)
    state = {"epoch": np.array(0)}
    for i, (rows, columns) in enumerate(zip(sizes, sizes[1:])):
        state[f"w{i}"] = rng.normal(0, np.sqrt(2 / rows), (rows, columns))
        state[f"b{i}"] = np.zeros(columns)
        state[f"vw{i}"] = np.zeros((rows, columns))
        state[f"vb{i}"] = np.zeros(columns)
    return state


def forward(state, x):
    layers = [x]
    for i in range(2):
        layers.append(np.maximum(layers[-1] @ state[f"w{i}"] + state[f"b{i}"], 0))
    logits = layers[-1] @ state["w2"] + state["b2"]
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits)
    return layers, shares / shares.sum(axis=1, keepdims=True)


def train_batch(state, x, y, rate):
    layers, shares = forward(state, x)
    rows = np.arange(len(y))
    loss = -np.log(shares[rows, y] + 1e-12).mean()
    delta = shares
    delta[rows, y] -= 1
    delta /= len(y)
    for i in (2, 1, 0):
        gradient_w, gradient_b = layers[i].T @ delta, delta.sum(axis=0)
        if i:
            delta = (delta @ state[f"w{i}"].T) * (layers[i] > 0)
        for name, gradient in ((f"w{i}", gradient_w), (f"b{i}", gradient_b)):
            velocity = state["v" + name]
            velocity *= 0.9
            velocity -= rate * gradient
            state[name] += velocity
    return loss


def train_epoch(state, x, y):
    epoch = int(state["epoch"])
    order = np.random.default_rng([2, epoch]).permutation(len(x))
    rate = 0.02 / (1 + 0.05 * epoch)
    losses = [train_batch(state, x[order[at:at + BATCH]], y[order[at:at + BATCH]], rate)
              for at in range(0, len(order), BATCH)]
    state["epoch"] = np.array(epoch + 1)
    return float(np.mean(losses))


def save(state, folder):
    """Written beside, synced, renamed: a checkpoint is whole or is not there."""
    path = os.path.join(folder, "checkpoint.npz")
    with open(path + ".new", "wb") as f:
        np.savez(f, **state)
        f.flush()
        os.fsync(f.fileno())
    os.rename(path + ".new", path)
    return path


def load(folder):
    path = os.path.join(folder, "checkpoint.npz")
    if not os.path.exists(path):
        return None
    with np.load(path) as saved:
        return {name: saved[name] for name in saved.files}


def tell(path, **record):
    if path:
        with open(path, "a", encoding="utf-8") as f:
            f.write(json.dumps({"schema": "cct.progress/1", **record}) + "\n")


def digest(state):
    whole = hashlib.sha256()
    for name in sorted(state):
        whole.update(state[name].tobytes())
    return whole.hexdigest()[:16]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--pause", type=float, default=0, metavar="S", help="wait S seconds an epoch")
    options = parser.parse_args()
    folder, progress = os.environ.get("CCT_CHECKPOINT_DIR"), os.environ.get("CCT_PROGRESS")

    signal.signal(signal.SIGUSR1, stop)
    x, y, test_x, test_y = data()
    state = load(folder) if folder else None
    if state is None:
        state = initial(options.hidden)
    else:
        print(f"resuming after epoch {int(state['epoch'])}", flush=True)

    while int(state["epoch"]) < options.epochs:
        loss = train_epoch(state, x, y)
        accuracy = float((forward(state, test_x)[1].argmax(axis=1) == test_y).mean())
        epoch, saved = int(state["epoch"]), {}
        if folder:
            saved["checkpoint"] = save(state, folder)
        print(f"Epoch {epoch}/{options.epochs} - loss: {loss:.4f} - accuracy: {accuracy:.4f}", flush=True)
        tell(progress, epoch=epoch, epochs=options.epochs, loss=loss, metrics={"accuracy": accuracy}, **saved)
        time.sleep(options.pause)
        if stopping and folder and epoch < options.epochs:
            # A second request may not kill us while Python winds up.
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            print(f"stopped after epoch {epoch}", flush=True)
            return EXIT_TRY_AGAIN
    print(f"weights {digest(state)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
