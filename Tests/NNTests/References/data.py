"""References of scikit-learn for transforms and stratified splits."""

import numpy as np
import torch
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from reference import record, sample, write

# The second feature is constant, the third nearly so by rounding, the last has an offset.
x = sample([7, 5], 1).numpy()
x[:, 1] = 3
x[:, 2] = 0.1 + 0.2
x[3, 2] = 0.3
x[:, 4] += 100
new = sample([3, 5], 2).numpy() * 4

scaler = StandardScaler().fit(x)
record("standardizer", {
    "x": torch.tensor(x), "new": torch.tensor(new), "mean": scaler.mean_,
    "deviation": scaler.scale_, "value": scaler.transform(new),
    "inverse": scaler.inverse_transform(new)})
for name, bounds in [("unit", (0, 1)), ("symmetric", (-1, 2))]:
    scaler = MinMaxScaler(bounds).fit(x[:, [0, 1, 3, 4]])
    part = new[:, [0, 1, 3, 4]]
    record("minmax " + name, {
        "x": torch.tensor(x[:, [0, 1, 3, 4]]), "new": torch.tensor(part),
        "value": scaler.transform(part), "inverse": scaler.inverse_transform(part)})

codes = np.array([[3, -1], [7, 5], [3, 0], [1, 5]])
seen = np.array([[1, 0], [7, -1]])
record("onehot", {
    "codes": torch.tensor(codes), "seen": torch.tensor(seen),
    "value": OneHotEncoder(sparse_output=False).fit(codes).transform(seen)})

# How many of each class are in each fold.
labels = {
    "even": [0, 1, 2] * 10,
    "rare": [0] * 17 + [1] * 5 + [2] * 3 + [3],
    "mixed": [2, 0, 2, 1, 1, 2, 0, 2, 2, 1, 2, 0, 2, 2, 1, 2, 2],
}
for name, y in labels.items():
    for folds in (2, 3, 5):
        counts = [
            np.bincount(np.array(y)[test], minlength=4)
            for _, test in StratifiedKFold(folds).split(y, y)]
        record(f"folds {name} {folds}", {"labels": torch.tensor(y), "counts": np.array(counts)})

write(__file__)
