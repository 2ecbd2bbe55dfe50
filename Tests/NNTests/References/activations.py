"""PyTorch's activation functions, also at their kinks, and as layers with parameters."""

import torch
import torch.nn.functional as F
from torch import nn

from reference import case, fill, layer, sample, write

# Numbers without a pattern, and the joints of the piecewise functions.
x = torch.cat([
    sample([9], 1, -7.0, 7.0),
    torch.tensor([-6.0, -3.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 3.0, 6.0]),
])

# PyTorch's own kernels round 1/6 and 1/alpha to float32 in these derivatives; its other operations
# have the same conventions.
hardsigmoid = lambda x: F.relu6(x + 3) / 6
celu = lambda x: torch.where(x > 0, x, 0.7 * torch.expm1(x / 0.7))

for name, function in {
    "ReLU": F.relu,
    "ReLU6": F.relu6,
    "LeakyReLU": lambda x: F.leaky_relu(x, 0.2),
    "RReLU evaluating": lambda x: F.rrelu(x, 0.1, 0.3, training=False),
    "Threshold": lambda x: F.threshold(x, 0.5, -2.0),
    "ELU": lambda x: F.elu(x, 0.7),
    "SELU": F.selu,
    "CELU": celu,
    "GELU": F.gelu,
    "GELU tanh": lambda x: F.gelu(x, approximate="tanh"),
    "SiLU": F.silu,
    "Hardswish": F.hardswish,
    "Mish": F.mish,
    "Softplus": lambda x: F.softplus(x, 2.0),
    "Sigmoid": torch.sigmoid,
    "LogSigmoid": F.logsigmoid,
    "Hardsigmoid": hardsigmoid,
    "Tanh": torch.tanh,
    "Hardtanh": F.hardtanh,
    "Hardtanh wide": lambda x: F.hardtanh(x, -3.0, 6.0),
    "Softsign": F.softsign,
    "Hardshrink": F.hardshrink,
    "Softshrink": F.softshrink,
    "Tanhshrink": F.tanhshrink,
}.items():
    case(name, {"x": x}, lambda x, function=function: function(x))

image = sample([2, 4, 3, 2], 2, -2.0, 2.0)
for name, module in {
    "Softmax": nn.Softmax(-1),
    "Softmax axis 1": nn.Softmax(1),
    "Softmin": nn.Softmin(1),
    "LogSoftmax": nn.LogSoftmax(-2),
    "Softmax2d": nn.Softmax2d(),
    "GLU": nn.GLU(1),
    "GLU last": nn.GLU(),
}.items():
    case(name, {"x": image}, lambda x, module=module: module(x))

layer("PReLU", nn.PReLU(), {"input": x})
layer("PReLU channels", fill(nn.PReLU(4)), {"input": image})
layer("PReLU rank 2", fill(nn.PReLU(3)), {"input": sample([2, 3], 3)})

write(__file__)
