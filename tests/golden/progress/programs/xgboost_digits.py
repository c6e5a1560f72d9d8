# SPDX-License-Identifier: Apache-2.0
"""XGBoost on scikit-learn's digits: training with two sets, then cross-validation."""
import xgboost as xgb
from sklearn.datasets import load_digits

x, y = load_digits(return_X_y=True)
train = xgb.DMatrix(x[:1400], y[:1400])
held = xgb.DMatrix(x[1400:], y[1400:])
params = {"objective": "multi:softprob", "num_class": 10, "max_depth": 3, "nthread": 2, "seed": 1,
          "eval_metric": ["mlogloss", "merror"]}
xgb.train(params, train, 12, evals=[(train, "train"), (held, "eval")], early_stopping_rounds=5)
xgb.train(params, train, 12, evals=[(held, "eval")], verbose_eval=5)
xgb.cv(params, train, 3, nfold=3, verbose_eval=True, seed=1)
