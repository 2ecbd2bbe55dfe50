"""Writes reference values as JSON beside this file, for Support/References.swift to read.

A script of this folder collects the cases of one topic and ends with write(__file__):

    from reference import case, leaf, sample, write

    x = sample([2, 3], 1)
    case("relu", {"x": x}, lambda x: torch.relu(x))
    write(__file__)

A case holds its inputs by name, "value", and "gradient <name>" for each floating-point input; the
cotangent of the value is "cotangent". Everything is computed by PyTorch in float64.
Run: python <topic>.py, with torch installed.
"""

import json
import math
import os

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
cases = {}


def sample(shape, seed, low=-1.0, high=1.0):
    """Numbers without a pattern."""
    count = math.prod(shape)
    values = [low + (high - low) * (0.5 + 0.5 * math.sin(seed + 1.3 * i)) for i in range(count)]
    return torch.tensor(values).reshape(shape)


def fill(module, seed=1, low=-0.5, high=0.5):
    """Gives the parameters of a module numbers without a pattern; returns the module."""
    with torch.no_grad():
        for index, parameter in enumerate(module.parameters()):
            parameter.copy_(sample(parameter.shape, seed + index, low, high))
    return module


def number(value):
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


def record(name, arrays):
    """Stores tensors (or numbers) under a case's name."""
    if name in cases:
        raise SystemExit(f"two cases are named '{name}'")
    entry = {}
    for key, array in arrays.items():
        tensor = torch.as_tensor(array).detach()
        entry[key] = {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "values": [number(v) for v in tensor.flatten().tolist()],
        }
    cases[name] = entry


def case(name, inputs, function, extra=None):
    """Stores the inputs, the value of a function of them, and its gradient by each of them."""
    leaves = {
        key: x.clone().requires_grad_() if x.is_floating_point() else x for key, x in inputs.items()
    }
    value = function(**leaves)
    differentiable = {key: x for key, x in leaves.items() if x.is_floating_point()}
    cotangent = sample(value.shape, 9)
    gradients = torch.autograd.grad(
        value, list(differentiable.values()), cotangent, allow_unused=True)
    arrays = dict(inputs) | {"value": value, "cotangent": cotangent}
    for key, gradient in zip(differentiable, gradients):
        if gradient is not None:
            arrays["gradient " + key] = gradient
    record(name, arrays | (extra or {}))


def layer(name, module, inputs, call=None, extra=None):
    """Stores a module's parameters under their names, and gradients by them and by the inputs.

    Buffers are stored as they were before the call, under their names, and as they are after it,
    under "after <name>".
    """
    call = call or (lambda module, **inputs: module(**inputs))
    parameters = dict(module.named_parameters())
    before = {key: b.clone() for key, b in module.named_buffers()}
    leaves = {
        key: x.clone().requires_grad_() if x.is_floating_point() else x for key, x in inputs.items()
    }
    value = call(module, **leaves)
    differentiable = {key: x for key, x in leaves.items() if x.is_floating_point()} | parameters
    cotangent = sample(value.shape, 9)
    gradients = torch.autograd.grad(
        value, list(differentiable.values()), cotangent, allow_unused=True)
    arrays = dict(inputs) | parameters | before | {"value": value, "cotangent": cotangent}
    for key, gradient in zip(differentiable, gradients):
        if gradient is not None:
            arrays["gradient " + key] = gradient
    arrays |= {"after " + key: b for key, b in module.named_buffers()}
    record(name, arrays | (extra or {}))


def write(script):
    """Writes the cases as <topic>.json beside the script, a line for each array."""
    path = os.path.splitext(os.path.abspath(script))[0] + ".json"
    lines = []
    for name, arrays in cases.items():
        rows = [f"    {json.dumps(key)}: {json.dumps(array)}" for key, array in arrays.items()]
        lines.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n  }")
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
