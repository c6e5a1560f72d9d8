# SPDX-License-Identifier: Apache-2.0
"""Trains a small network with Keras on scikit-learn's digits. usage: keras_digits.py VERBOSE"""
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(1)
x, y = load_digits(return_X_y=True)
x = x / 16.0
model = keras.Sequential([
    keras.layers.Input((64,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
verbose = int(sys.argv[1])
callbacks = [
    keras.callbacks.EarlyStopping(patience=9),
    keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True, verbose=verbose),
]
model.fit(x[:1400], y[:1400], epochs=4, batch_size=100, validation_data=(x[1400:], y[1400:]),
          verbose=verbose, callbacks=callbacks)
# None of the following is training.
model.evaluate(x[1400:], y[1400:], verbose=verbose)
model.predict(x[1400:], verbose=verbose)
