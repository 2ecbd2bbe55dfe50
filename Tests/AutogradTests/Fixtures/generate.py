"""Writes the values and gradients that PyTorch computes in float64, as Swift files beside this one.

Inputs are a formula that the tests repeat (sample in PyTorchCheck.swift); the cotangent is a
sample with seed 9.
Run: python generate.py
"""

import io
import math
import os
import textwrap

import numpy as np
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
        lines = ["// Written by generate.py: PyTorch's value, and its gradient by each input."]
        lines += ["", f"let {name}: [String: String] = ["]
        for key, text in cases:
            lines.append(f'  "{key}": """')
            for part in text.split("\n"):
                lines += ["  " + line for line in textwrap.wrap(part, 94)]
            lines.append('  """,')
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

a, b = sample([3, 4], 1), sample([4, 5], 2)
case(
    "LinearAlgebra", "addmm",
    lambda c, a, b: torch.addmm(c, a, b, beta=0.5, alpha=2),
    sample([5], 3), a, b)
case(
    "LinearAlgebra", "linear",
    F.linear,
    sample([2, 2, 4], 1), sample([3, 4], 2), sample([3], 3))
case(
    "LinearAlgebra", "tensordot",
    lambda a, b: torch.tensordot(a, b, ([2, 0], [1, 2])),
    x, sample([3, 4, 2], 2))
case("LinearAlgebra", "outer", torch.outer, sample([2], 1), sample([3], 2))

square, cube = sample([3, 3], 1), sample([2, 2, 2], 3)
equations = {
    "ij,jk->ik": (a, b),
    "ij,jk": (a, b),
    "ba": (a,),
    "ii->": (square,),
    "ii->i": (square,),
    "iii->i": (cube,),
    "iij,j->i": (sample([2, 2, 3], 1), sample([3], 2)),
    "ij,ij->ij": (a, sample([3, 4], 4)),
    "ij,ij->": (a, sample([3, 4], 4)),
    "i,j,k->kij": (sample([2], 1), sample([3], 2), sample([2], 3)),
    "bij,bjk,bkl->bil": (sample([2, 1, 2], 1), sample([2, 2, 3], 2), sample([2, 3, 2], 3)),
    "...ij,...jk->...ik": (sample([2, 1, 1, 2], 1), sample([3, 2, 1], 2)),
    "...i,i": (x, sample([4], 2)),
    "i...->...": (x,),
    "...i->i": (x,),
    "bn,anm,bm->ba": (sample([2, 3], 1), sample([2, 3, 2], 2), sample([2, 2], 3)),
}
for equation, operands in equations.items():
    case("Einsum", equation, lambda *v: torch.einsum(equation, *v), *operands)

case(
    "Convolution", "conv1d",
    lambda x, w: F.conv1d(x, w),
    sample([2, 3, 5], 1), sample([2, 3, 2], 2))
case(
    "Convolution", "conv1d all",
    lambda x, w, b: F.conv1d(x, w, b, 2, 2, 2, 2),
    sample([1, 4, 8], 1), sample([2, 2, 3], 2), sample([2], 3))
case(
    "Convolution", "conv1d same",
    lambda x, w: F.conv1d(x, w, padding="same"),
    sample([1, 2, 5], 1), sample([1, 2, 4], 2))
image, filters = sample([2, 2, 4, 3], 1), sample([2, 2, 2, 3], 2)
case(
    "Convolution", "conv2d",
    lambda x, w, b: F.conv2d(x, w, b, padding=1),
    image, filters, sample([2], 3))
case(
    "Convolution", "conv2d strides",
    lambda x, w: F.conv2d(x, w, stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
    image, filters)
case(
    "Convolution", "conv2d depthwise",
    lambda x, w: F.conv2d(x, w, groups=2),
    image, sample([2, 1, 2, 2], 2))
case(
    "Convolution", "conv3d",
    lambda x, w: F.conv3d(x, w, stride=(1, 2, 1)),
    sample([1, 2, 2, 3, 2], 1), sample([1, 2, 2, 2, 1], 2))

case(
    "TransposedConvolution", "1d",
    lambda x, w: F.conv_transpose1d(x, w),
    sample([2, 2, 3], 1), sample([2, 3, 2], 2))
case(
    "TransposedConvolution", "1d all",
    lambda x, w, b: F.conv_transpose1d(x, w, b, 3, 1, 2, 2, 2),
    sample([1, 4, 3], 1), sample([4, 1, 2], 2), sample([2], 3))
case(
    "TransposedConvolution", "2d",
    lambda x, w, b: F.conv_transpose2d(x, w, b, (2, 1), (1, 0), (1, 0)),
    sample([1, 2, 2, 3], 1), sample([2, 2, 3, 2], 2), sample([2], 3))

ties = (sample([2, 6, 5], 1) * 2).round()
case("Pooling", "maxPool1d", lambda x: F.max_pool1d(x, 3, 2, 1, 1), sample([2, 2, 7], 1))
case(
    "Pooling", "maxPool1d dilated",
    lambda x: F.max_pool1d(x, 2, 1, 0, 3),
    sample([2, 2, 7], 1))
case(
    "Pooling", "maxPool2d",
    lambda x: F.max_pool2d(x, (2, 3), padding=(1, 0)),
    sample([2, 6, 5], 1))
case("Pooling", "maxPool2d ties", lambda x: F.max_pool2d(x, 3, 1), ties)
case("Pooling", "averagePool1d", lambda x: F.avg_pool1d(x, 3, 2, 1), sample([2, 2, 7], 1))
case(
    "Pooling", "averagePool2d",
    lambda x: F.avg_pool2d(x, (3, 2), (2, 1), (1, 1), count_include_pad=False),
    sample([2, 6, 5], 1))
case("Pooling", "adaptive", lambda x: F.adaptive_avg_pool2d(x, (4, 3)), sample([1, 2, 6, 6], 1))

data, scale, shift = sample([3, 4, 2], 1), sample([4], 2), sample([4], 3)
case(
    "Normalization", "batchNorm",
    lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
    data, scale, shift)


def given(x, mean, variance, weight, bias):
    # F.batch_norm has no derivative by the statistics.
    column = (-1, 1)
    normal = (x - mean.reshape(column)) / (variance.reshape(column) + 1e-5).sqrt()
    return normal * weight.reshape(column) + bias.reshape(column)


case(
    "Normalization", "batchNorm inference",
    given,
    data, sample([4], 4), sample([4], 5, 0.5, 2), scale, shift)
case(
    "Normalization", "layerNorm",
    lambda x, w, b: F.layer_norm(x, (4, 2), w, b),
    data, sample([4, 2], 2), sample([4, 2], 3))
case("Normalization", "layerNorm plain", lambda x: F.layer_norm(x, (2,), eps=0.1), data)
case(
    "Normalization", "rmsNorm",
    lambda x, w: F.rms_norm(x, (2,), w, 1e-6),
    data, sample([2], 2))
case("Normalization", "groupNorm", lambda x, w, b: F.group_norm(x, 2, w, b), data, scale, shift)
case(
    "Normalization", "instanceNorm",
    lambda x, w, b: F.instance_norm(x, None, None, w, b, eps=0.01),
    data, scale, shift)

q, k, v = sample([2, 3, 2], 1), sample([2, 4, 2], 2), sample([2, 4, 3], 3)
attention = F.scaled_dot_product_attention
allowed = torch.tensor([[1, 0, 1, 1], [0, 1, 0, 0], [1, 1, 1, 0]]).bool()
case("Attention", "plain", lambda q, k, v: attention(q, k, v), q, k, v)
case(
    "Attention", "causal",
    lambda q, k, v: attention(q, k, v, is_causal=True, scale=0.3),
    q, k, v)
case("Attention", "mask", lambda q, k, v: attention(q, k, v, allowed), q, k, v)
case(
    "Attention", "additive",
    lambda q, k, v, m: attention(q, k, v, m),
    q, k, v, sample([3, 4], 4))

write()


# Files of arrays as NumPy writes them, in hexadecimal.
files = {}


def npy(name, array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    files[name] = file.getvalue()


ramp = np.arange(6).reshape(2, 3)
npy("float32", ramp.astype("<f4") * 1.5 - 2)
npy("float64 columns first", np.asfortranarray(ramp * 1.5 - 2))
npy("float64 big-endian", (ramp * 1.5 - 2).astype(">f8"))
npy("float32 big-endian columns first", np.asfortranarray((ramp * 1.5 - 2).astype(">f4")))
npy("int32 big-endian", (ramp - 2).astype(">i4"))
npy("int64 version 2", ramp - 2, (2, 0))
npy("int32 version 3", (ramp - 2).astype("<i4"), (3, 0))
npy("uint8", (ramp + 250).astype("u1"))
npy("bool", ramp % 2 == 1)
npy("scalar", np.array(-7))
npy("one axis", np.arange(3.0))
npy("empty", np.zeros((0, 3), "<f4"))
npy("four axes columns first", np.asfortranarray(np.arange(24.0).reshape(2, 3, 1, 4)))
npy("complex", ramp.astype("<c8"))
npy("half", ramp.astype("<f2"))
npy("records", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
npy("objects", np.array([None, 1], dtype=object))
npy("text", np.array(["a", "bc"]))

archive = io.BytesIO()
named = {"bias": np.arange(2.0), "größe": np.array(3), "weight": ramp.astype("<f4")}
np.save(archive, np.frombuffer("\n".join(named).encode(), np.uint8))
for array in named.values():
    np.save(archive, array)
files["archive"] = archive.getvalue()

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "NpyFiles.swift"), "w") as file:
    print("// Written by generate.py: files as NumPy writes them, in hexadecimal.\n", file=file)
    print("let npyFiles: [String: String] = [", file=file)
    for name, data in files.items():
        print(f'  "{name}": """', file=file)
        for line in textwrap.wrap(data.hex(), 94):
            print("  " + line, file=file)
        print('  """,', file=file)
    print("]", file=file)
