"""scikit-learn's metrics. Run with torch and scikit-learn installed."""

import math
import warnings

import numpy as np
import torch
from sklearn import metrics

from reference import record, sample, write

warnings.filterwarnings("ignore")

# Several classes, of which class 4 is never predicted and class 5 never right.
scores = sample([40, 6], 1, -2, 2)
scores[:, 4] = -5
labels = (sample([40], 2, 0, 1000).long() * 7) % 5
predicted = scores.argmax(1)
classes = list(range(6))
matrix = metrics.confusion_matrix(labels, predicted, labels=classes)
arrays = {
    "scores": scores,
    "labels": labels,
    "counts": torch.tensor(matrix),
    "normalized": torch.tensor(metrics.confusion_matrix(labels, predicted, labels=classes, normalize="true")),
    "accuracy": metrics.accuracy_score(labels, predicted),
    "log loss": metrics.log_loss(labels, torch.softmax(scores, 1), labels=classes),
}
for k in [2, 3]:
    arrays[f"top {k}"] = metrics.top_k_accuracy_score(labels, scores, k=k, labels=classes)
for average in ["micro", "macro", "weighted", None]:
    options = {"labels": classes, "average": average, "zero_division": 0}
    name = average or "single"
    arrays[f"precision {name}"] = metrics.precision_score(labels, predicted, **options)
    arrays[f"recall {name}"] = metrics.recall_score(labels, predicted, **options)
    arrays[f"F1 {name}"] = metrics.f1_score(labels, predicted, **options)
    arrays[f"F2 {name}"] = metrics.fbeta_score(labels, predicted, beta=2, **options)
    arrays[f"F0.5 {name}"] = metrics.fbeta_score(labels, predicted, beta=0.5, **options)
record("classes", {key: torch.as_tensor(value) for key, value in arrays.items()})


# Two classes: with ties, and without.
def binary(name, scores, labels):
    right = labels.numpy()
    positive = (scores > 0.5).numpy()
    record(name, {
        "scores": scores,
        "labels": labels,
        "accuracy": torch.tensor(metrics.accuracy_score(right, positive)),
        "precision": torch.tensor(metrics.precision_score(right, positive, zero_division=0)),
        "recall": torch.tensor(metrics.recall_score(right, positive, zero_division=0)),
        "F2": torch.tensor(metrics.fbeta_score(right, positive, beta=2, zero_division=0)),
        "ROC AUC": torch.tensor(metrics.roc_auc_score(right, scores)),
        "average precision": torch.tensor(metrics.average_precision_score(right, scores)),
    })


truth = (sample([60], 3) > 0.2).double()
fine = 0.35 * truth + sample([60], 4, 0, 0.65)
binary("binary", fine, truth)
binary("binary ties", (6 * fine).round() / 6, truth)
binary("binary equal", torch.full([60], 0.25), truth)


# Numbers.
def regression(name, prediction, target):
    error = metrics.mean_squared_error(target, prediction)
    record(name, {
        "prediction": prediction,
        "target": target,
        "mae": torch.tensor(metrics.mean_absolute_error(target, prediction)),
        "mse": torch.tensor(error),
        "rmse": torch.tensor(math.sqrt(error)),
        "r2": torch.tensor(metrics.r2_score(target, prediction)),
    })


target = sample([50], 5, -3, 3)
regression("regression", target + sample([50], 6, -0.5, 0.5), target)
# Of 0.1 scikit-learn makes a variation of 1e-33, and an R² of -6e33.
regression("regression constant", target, torch.full([50], 0.125))
regression("regression perfect", torch.full([50], 0.125), torch.full([50], 0.125))

write(__file__)
