# SPDX-License-Identifier: Apache-2.0
"""PyTorch Lightning on scikit-learn's digits. usage: lightning_digits.py tqdm|rich"""
import sys
import warnings

import lightning as L
import torch
from lightning.pytorch.callbacks import RichProgressBar, TQDMProgressBar
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

warnings.filterwarnings("ignore")
L.seed_everything(1)
torch.set_num_threads(1)
x, y = load_digits(return_X_y=True)
data = TensorDataset(torch.tensor(x / 16.0, dtype=torch.float32), torch.tensor(y))


class Net(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(),
                                       torch.nn.Linear(32, 10))

    def step(self, batch, name, **how):
        loss = torch.nn.functional.cross_entropy(self.net(batch[0]), batch[1])
        self.log(name, loss, prog_bar=True, **how)
        return loss

    def training_step(self, batch, _):
        return self.step(batch, "train_loss")

    def validation_step(self, batch, _):
        return self.step(batch, "val_loss")

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), 0.01)


bar = RichProgressBar() if sys.argv[1] == "rich" else TQDMProgressBar(refresh_rate=2)
trainer = L.Trainer(max_epochs=3, accelerator="cpu", callbacks=[bar], logger=False,
                    enable_checkpointing=False, enable_model_summary=True)
trainer.fit(Net(), DataLoader(torch.utils.data.Subset(data, range(1400)), 100),
            DataLoader(torch.utils.data.Subset(data, range(1400, 1797)), 100))
