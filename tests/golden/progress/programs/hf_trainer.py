# SPDX-License-Identifier: Apache-2.0
"""Hugging Face Trainer on scikit-learn's digits, with evaluation and checkpoints."""
import logging
import sys
import warnings

import torch
import transformers
from sklearn.datasets import load_digits
from transformers import Trainer, TrainingArguments

warnings.filterwarnings("ignore")
transformers.utils.logging.set_verbosity_info() if "info" in sys.argv else None
torch.set_num_threads(1)
torch.manual_seed(1)
x, y = load_digits(return_X_y=True)


class Digits(torch.utils.data.Dataset):
    def __init__(self, at, end):
        self.at, self.end = at, end

    def __len__(self):
        return self.end - self.at

    def __getitem__(self, i):
        return {"x": torch.tensor(x[self.at + i] / 16.0, dtype=torch.float32),
                "labels": torch.tensor(y[self.at + i])}


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Linear(64, 10)

    def forward(self, x, labels):
        logits = self.net(x)
        return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}


def metrics(p):
    return {"accuracy": float((p.predictions.argmax(-1) == p.label_ids).mean())}


args = TrainingArguments(
    output_dir="out", num_train_epochs=3, per_device_train_batch_size=100, logging_steps=7,
    eval_strategy="epoch", save_strategy="epoch", report_to=[], use_cpu=True, seed=1,
    learning_rate=0.01, remove_unused_columns=False)
trainer = Trainer(Net(), args, train_dataset=Digits(0, 1400), eval_dataset=Digits(1400, 1797),
                  compute_metrics=metrics)
trainer.train()
