# SPDX-License-Identifier: Apache-2.0
"""scikit-learn's verbose output. usage: sklearn_verbose.py mlp|sgd|gb|hgb|forest|other"""
import sys
import warnings

from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.ensemble import (GradientBoostingClassifier, HistGradientBoostingClassifier,
                              RandomForestClassifier)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

warnings.filterwarnings("ignore")
x, y = load_digits(return_X_y=True)
x = x / 16.0
which = sys.argv[1]
if which == "mlp":
    MLPClassifier((32,), max_iter=8, verbose=True, random_state=1).fit(x, y)
    MLPClassifier((32,), max_iter=4, verbose=True, random_state=1, early_stopping=True).fit(x, y)
elif which == "sgd":
    SGDClassifier(max_iter=5, tol=None, verbose=1, random_state=1).fit(x, y == 3)
elif which == "gb":
    GradientBoostingClassifier(n_estimators=12, verbose=1, random_state=1).fit(x, y)
    GradientBoostingClassifier(n_estimators=4, verbose=2, subsample=0.5, random_state=1).fit(x, y)
elif which == "hgb":
    HistGradientBoostingClassifier(max_iter=5, verbose=2, random_state=1, early_stopping=True,
                                   validation_fraction=0.2).fit(x, y)
elif which == "forest":
    RandomForestClassifier(n_estimators=5, verbose=2, random_state=1).fit(x, y)
else:
    KMeans(4, n_init=1, max_iter=4, verbose=1, random_state=1).fit(x)
    LogisticRegression(solver="liblinear", verbose=1, max_iter=5).fit(x, y == 3)
    LogisticRegression(solver="sag", verbose=1, max_iter=5).fit(x, y)
    SVC(verbose=True).fit(x[:200], y[:200])
    GridSearchCV(SVC(), {"C": [0.1, 1]}, cv=2, verbose=3).fit(x[:200], y[:200])
