"""Fans and gains of PyTorch's initializers."""

import torch
from torch.nn import init

from reference import record, write

shapes = [[3, 5], [4, 2, 3], [6, 4, 3, 2], [2, 3, 2, 2, 3]]
for index, shape in enumerate(shapes):
    tensor = torch.empty(shape)
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(tensor)
    record(f"fan {index}", {"shape": torch.tensor(shape), "in": fan_in, "out": fan_out})

gain = init.calculate_gain
record("gains", {"gains": torch.tensor([
    gain("linear"), gain("sigmoid"), gain("tanh"), gain("relu"), gain("leaky_relu", 0.2),
    gain("selu")])})

for name, shape, groups in [("1d", [4, 2, 3], 2), ("2d", [3, 4, 3, 2], 1), ("3d", [4, 1, 2, 3, 1], 4)]:
    tensor = torch.empty(shape)
    record(f"dirac {name}", {"value": init.dirac_(tensor, groups), "groups": groups})

write(__file__)
