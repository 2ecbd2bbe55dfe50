"""Writes the values and gradients that PyTorch computes in float64, as Swift files beside this one.

Inputs are a formula that the tests repeat (sample in PyTorchCheck.swift); the cotangent is sample(seed 9).
Run: python generate.py
"""

import math
import os
import textwrap

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
topics = {}


def sample(shape, seed, low=-1.0, high=1.0):
    count = math.prod(shape)
    values = [low + (high - low) * (0.5 + 0.5 * math.sin(seed + 1.3 * i)) for i in range(count)]
    return torch.tensor(values).reshape(shape)


def case(topic, name, function, *inputs):
    leaves = [x.clone().requires_grad_() for x in inputs]
    value = function(*leaves)
    gradients = torch.autograd.grad(value, leaves, sample(value.shape, 9))
    arrays = [value.detach()] + list(gradients)
    text = "\n;\n".join(" ".join(repr(v) for v in a.flatten().tolist()) for a in arrays)
    topics.setdefault(topic, []).append((name, text))


def write():
    folder = os.path.dirname(os.path.abspath(__file__))
    for topic, cases in topics.items():
        name = topic[0].lower() + topic[1:] + "Values"
        lines = ["// Written by generate.py: for each case PyTorch's value and its gradient by each input."]
        lines += ["", f"let {name}: [String: String] = ["]
        for key, text in cases:
            lines.append(f'  "{key}": """')
            for part in text.split("\n"):
                lines += ["    " + line for line in textwrap.wrap(part, 92)]
            lines.append('    """,')
        lines.append("]")
        with open(os.path.join(folder, topic + "Values.swift"), "w") as file:
            file.write("\n".join(lines) + "\n")


x = sample([2, 3, 4], 1)

case("Softmax", "softmax 1", lambda x: F.softmax(x, 1), x)
case("Softmax", "softmax -1", lambda x: F.softmax(x, -1), x)
case("Softmax", "logSoftmax 0", lambda x: F.log_softmax(x, 0), x)
case("Softmax", "logSoftmax 2", lambda x: F.log_softmax(x, 2), x)
case("Softmax", "logSumExp 0 2", lambda x: torch.logsumexp(x, (0, 2)), x)
case("Softmax", "logSumExp 1 kept", lambda x: torch.logsumexp(x, 1, keepdim=True), x)
case("Softmax", "logSumExp all", lambda x: torch.logsumexp(x, (0, 1, 2)), x)

case("Statistics", "variance", lambda x: x.var((0, 2)), x)
case("Statistics", "variance 0", lambda x: x.var(1, correction=0, keepdim=True), x)
case("Statistics", "standardDeviation", lambda x: x.std(-1), x)
case("Statistics", "product", lambda x: x.prod(2).prod(0), x)
for p in [1, 2, 3, 4, 2.5, -1, math.inf, -math.inf]:
    case("Statistics", f"norm {float(p)}", lambda x: torch.linalg.vector_norm(x, p, (0, 2)), x)
case("Statistics", "norm all", lambda x: torch.linalg.vector_norm(x, 2), x)

case("Scan", "cumulativeSum", lambda x: x.cumsum(1), x)
case("Scan", "cumulativeSum reversed", lambda x: x.flip(2).cumsum(2).flip(2), x)
case("Scan", "cumulativeProduct", lambda x: x.cumprod(1), x)
case("Scan", "cumulativeProduct last", lambda x: x.cumprod(-1), x)

write()
