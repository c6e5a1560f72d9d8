# SPDX-License-Identifier: Apache-2.0
"""A Keras training that diverges to nan: its metrics are unknown, not numbers."""
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(1)
x, y = load_digits(return_X_y=True)
model = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(1e6), "mse", metrics=["mae"])
model.fit(x, y, epochs=2, batch_size=600, verbose=2)
