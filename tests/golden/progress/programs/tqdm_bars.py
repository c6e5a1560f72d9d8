# SPDX-License-Identifier: Apache-2.0
"""tqdm as trainings use it. usage: tqdm_bars.py nested|labelled|plain|unknown|ascii"""
import sys
import time

from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from tqdm import tqdm, trange

x, y = load_digits(return_X_y=True)
x = x / 16.0
model = SGDClassifier(loss="log_loss", random_state=1)


def batches():
    for at in range(0, 1400, 100):
        time.sleep(0.03)
        yield x[at:at + 100], y[at:at + 100]


def fit(batch):
    model.partial_fit(batch[0], batch[1], classes=range(10))
    return log_loss(batch[1], model.predict_proba(batch[0]), labels=range(10))


def nested():
    for _ in trange(3, desc="Epochs"):
        for batch in tqdm(batches(), total=14, desc="Training", leave=False):
            fit(batch)


def labelled():
    for epoch in range(1, 4):
        with tqdm(total=14, desc=f"Epoch {epoch}/3") as bar:
            for batch in batches():
                bar.set_postfix(loss=fit(batch), lr=1e-4)
                bar.update()
        tqdm.write(f"epoch {epoch}: val_acc={model.score(x[1400:], y[1400:]):.4f}")


def plain():
    for _ in range(2):
        for batch in tqdm(batches(), total=14):
            fit(batch)


def unknown():
    bar = tqdm(batches(), desc="train")
    for batch in bar:
        bar.set_postfix(loss=f"{fit(batch):.3e}")


def ascii_bars():
    bar = tqdm(batches(), total=14, desc="iteration", ascii=True, unit="batch")
    for batch in bar:
        bar.set_postfix_str(f"loss={fit(batch):.4f}, best=n/a")
    for _ in tqdm(range(3), desc="Downloading", unit="B", unit_scale=True):
        time.sleep(0.1)


{"nested": nested, "labelled": labelled, "plain": plain, "unknown": unknown,
 "ascii": ascii_bars}[sys.argv[1]]()
