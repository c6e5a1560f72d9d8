# SPDX-License-Identifier: Apache-2.0
"""LightGBM on scikit-learn's digits: training, then cross-validation."""
import lightgbm as lgb
from sklearn.datasets import load_digits

x, y = load_digits(return_X_y=True)
train = lgb.Dataset(x[:1400], y[:1400])
held = lgb.Dataset(x[1400:], y[1400:], reference=train)
params = {"objective": "multiclass", "num_class": 10, "num_leaves": 7, "seed": 1, "num_threads": 2,
          "metric": ["multi_logloss", "multi_error"], "deterministic": True}
lgb.train(params, train, 20, valid_sets=[train, held],
          callbacks=[lgb.log_evaluation(5), lgb.early_stopping(5)])
lgb.cv(params, lgb.Dataset(x, y), 3, nfold=3, seed=1, callbacks=[lgb.log_evaluation(1)])
lgb.train({"objective": "regression", "min_data_in_leaf": 1000, "num_threads": 2},
          lgb.Dataset(x[:20], y[:20]), 2)
