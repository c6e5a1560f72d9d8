# SPDX-License-Identifier: Apache-2.0
"""Bars of tqdm that are no training."""
import time
from tqdm import tqdm
for d, u, n in (("Downloading model.safetensors", "B", 3), ("Loading checkpoint shards", "it", 3),
                ("Map", " examples", 3), ("Generating train split", " examples", 3),
                ("Tokenizing", "it", 3), ("Fetching 12 files", "it", 3)):
    for _ in tqdm(range(n), desc=d, unit=u, unit_scale=u == "B"):
        time.sleep(0.12)
