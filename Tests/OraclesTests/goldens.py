"""Writes Goldens.swift: values and first and second directional derivatives from PyTorch in float64.

Run as `python goldens.py > Goldens.swift`, then `swift format -i Goldens.swift`. Each line holds f(x), <v, f'(x) u> and <v, f''(x)[u, u]>;
the names and the inputs are those of ReferenceOp.swift.
"""
import math
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def pattern(shape, seed):
    n = math.prod(shape)
    return torch.tensor([((37 * k + 17 * seed + 5) % 101 - 50) / 32 for k in range(n)]).reshape(shape)


def ties(shape, seed):
    n = math.prod(shape)
    return torch.tensor([float((7 * k + seed) % 3 - 1) for k in range(n)]).reshape(shape)


def unit(shape, seed):
    n = math.prod(shape)
    return torch.tensor([((37 * k + 17 * seed + 5) % 101 + 1) / 128 for k in range(n)]).reshape(shape)


P, T, U = pattern, ties, unit
index = torch.tensor([[2, 0, 1], [1, 1, 0]])
mask = torch.tensor([[True, False, True], [False, True, True]])
classes = torch.tensor([2, 0, 3])
weight = torch.tensor([1, 0.5, 2, 0.25])
sdpa = F.scaled_dot_product_attention
x23, x234 = (P, (2, 3)), (P, (2, 3, 4))
qkv = [(P, (2, 3, 4)), (P, (2, 3, 4)), (P, (2, 3, 2))]

CASES = {
    "sumAxis": ([x234], lambda x: x.sum((0, 2))),
    "meanAxis": ([x234], lambda x: x.mean(1, keepdim=True)),
    "prodAxis": ([(P, (3, 4))], lambda x: x.prod(1)),
    "prodWithZero": ([(T, (2, 2))], lambda x: x.prod(1)),
    "amaxTies": ([(T, (2, 5))], lambda x: x.amax(1)),
    "aminTies": ([(T, (2, 5))], lambda x: x.amin(1)),
    "variance": ([x234], lambda x: x.var((0, 2))),
    "deviation": ([x234], lambda x: x.std(2, correction=0)),
    "norm2": ([x23], lambda x: torch.linalg.vector_norm(x, 2, 1)),
    "norm3": ([x23], lambda x: torch.linalg.vector_norm(x, 3, 1)),
    "norm1": ([x23], lambda x: torch.linalg.vector_norm(x, 1, 0)),
    "normInfinity": ([(T, (2, 5))], lambda x: torch.linalg.vector_norm(x, math.inf, 1)),
    "logSumExp": ([x234], lambda x: x.logsumexp((1, 2))),
    "cumsum": ([x23], lambda x: x.cumsum(0)),
    "cumprod": ([x23], lambda x: x.cumprod(1)),
    "sortDescending": ([x23], lambda x: x.sort(1, descending=True).values),
    "topK": ([x234], lambda x: x.topk(2, 1).values),
    "softmax": ([x23], lambda x: x.softmax(0)),
    "logSoftmax": ([x23], lambda x: x.log_softmax(-1)),
    "layerNorm": ([x234, (P, (3, 4)), (P, (3, 4))], lambda x, w, b: F.layer_norm(x, (3, 4), w, b)),
    "rmsNorm": ([x23, (P, (3,))], lambda x, w: F.rms_norm(x, (3,), w, 1e-5)),
    "batchNorm": (
        [(P, (3, 2, 4)), (P, (2,)), (P, (2,))],
        lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
    ),
    "attention": (qkv, lambda q, k, v: sdpa(q, k, v)),
    "attentionCausal": (qkv, lambda q, k, v: sdpa(q, k, v, is_causal=True, scale=0.75)),
    "attentionMasked": (
        [(P, (2, 4)), (P, (3, 4)), (P, (3, 2))],
        lambda q, k, v: sdpa(q, k, v, attn_mask=mask),
    ),
    "conv1d": (
        [(P, (2, 4, 9)), (P, (4, 2, 3)), (P, (4,))],
        lambda x, w, b: F.conv1d(x, w, b, 3, 1, 2, 2),
    ),
    "conv2d": (
        [(P, (1, 2, 5, 6)), (P, (3, 2, 3, 2)), (P, (3,))],
        lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 0), (1, 2)),
    ),
    "convTranspose2d": (
        [(P, (1, 4, 2, 3)), (P, (4, 1, 3, 2)), (P, (2,))],
        lambda x, w, b: F.conv_transpose2d(x, w, b, (2, 1), (1, 0), (1, 0), 2, (1, 2)),
    ),
    "maxPool2d": ([(P, (1, 2, 5, 6))], lambda x: F.max_pool2d(x, (3, 2), (2, 1), (1, 0), (1, 2))),
    "maxPool2dTies": ([(T, (1, 1, 4, 4))], lambda x: F.max_pool2d(x, 2)),
    "avgPool2d": ([(P, (1, 2, 5, 6))], lambda x: F.avg_pool2d(x, (3, 2), 2, (1, 1))),
    "avgPool2dInside": (
        [(P, (1, 2, 5, 6))],
        lambda x: F.avg_pool2d(x, (3, 2), 2, (1, 1), count_include_pad=False),
    ),
    "adaptiveAvgPool2d": ([(P, (1, 2, 5, 7))], lambda x: F.adaptive_avg_pool2d(x, (3, 2))),
    "einsumBatch": (
        [(P, (2, 3, 4)), (P, (2, 4, 2))],
        lambda a, b: torch.einsum("bij,bjk->bki", a, b),
    ),
    "einsumDiagonal": ([(P, (3, 3)), (P, (3,))], lambda a, b: torch.einsum("ii,i->i", a, b)),
    "einsumImplicit": ([(P, (2, 3)), (P, (3, 4))], lambda a, b: torch.einsum("zj,jb", a, b)),
    "matmulBroadcast": ([(P, (2, 1, 2, 3)), (P, (2, 3, 2))], torch.matmul),
    "matmulVector": ([(P, (3,)), (P, (2, 3, 2))], torch.matmul),
    "tensordot": (
        [(P, (2, 3, 4)), (P, (4, 2, 3))],
        lambda a, b: torch.tensordot(a, b, ([2, 0], [0, 1])),
    ),
    "addmm": (
        [(P, (3,)), x23, (P, (3, 3))],
        lambda c, a, b: torch.addmm(c, a, b, beta=0.5, alpha=2),
    ),
    "gather": ([x23], lambda x: x.gather(1, index)),
    "scatter": ([x23, x23], lambda x, y: x.scatter(1, torch.tensor([[2, 0, 1], [1, 2, 0]]), y)),
    "scatterAdd": ([x23, x23], lambda x, y: x.scatter_add(1, index, y)),
    "indexAdd": ([x23, (P, (2, 4))], lambda x, y: x.index_add(1, torch.tensor([2, 0, 2, 1]), y)),
    "embedding": ([(P, (3, 2))], lambda x: F.embedding(index, x)),
    "pad": ([x23], lambda x: F.pad(x, (1, 2, -1, 1), value=0.5)),
    "slice": ([(P, (3, 5))], lambda x: x[-2:, 1:5:2].flip(0)),
    "roll": ([x23], lambda x: x.roll(-1, 1)),
    "trilTriu": ([(P, (3, 4))], lambda x: x.tril(1) + x.triu(1)),
    "diagonal": ([x234], lambda x: x.diagonal(1, 1, 2)),
    "trace": ([(P, (3, 4))], torch.trace),
    "tileRepeat": ([x23], lambda x: x.tile((2, 1, 2)) + x.repeat_interleave(2, 1)),
    "movedAxis": ([x234], lambda x: x.movedim(0, -1).transpose(0, 1)),
    "stackConcatenate": (
        [x23, x23],
        lambda x, y: torch.cat([torch.stack([x, y], 1), x.unsqueeze(1)], 1),
    ),
    "whereFill": (
        [x23, (P, (3,))],
        lambda x, y: torch.where(mask, x * y, y).masked_fill(x > 1, 0.5),
    ),
    "clamp": ([(T, (2, 3)), x23], lambda x, y: x.clamp(-1, 0.5) + y.clamp(min=0.25)),
    "gelu": ([x23], lambda x: F.gelu(4 * x)),
    "geluTanh": ([x23], lambda x: F.gelu(x, approximate="tanh")),
    "siluSoftplus": ([x23], lambda x: F.silu(x) * F.softplus(x, 2.0, 1e9)),
    "logSigmoid": ([x23], lambda x: F.logsigmoid(4 * x) * torch.sigmoid(x)),
    "eluLeaky": ([x23], lambda x: F.elu(x, 0.5) * F.leaky_relu(x, 0.2)),
    "reluAbsTies": ([(T, (2, 3))], lambda x: x.relu() + x.abs() + torch.maximum(x, x * x)),
    "binaries": (
        [x23, (U, (2, 3))],
        lambda x, y: torch.atan2(x, y) * torch.logaddexp(x, y) + torch.xlogy(x, y) - y**x,
    ),
    "remainder": ([x23, (U, (2, 3))], lambda x, y: torch.remainder(x, y) * y),
    "mse": ([x23, (P, (2, 3))], F.mse_loss),
    "l1": ([x23, (P, (2, 3))], F.l1_loss),
    "huber": ([x23, (P, (2, 3))], lambda x, y: F.huber_loss(x, y, delta=0.5)),
    # Composed: the second derivative of F.binary_cross_entropy carries an epsilon of 1e-12.
    "bce": (
        [(U, (2, 3)), (U, (2, 3))],
        lambda x, y: -(y * x.log() + (1 - y) * torch.log1p(-x)).mean(),
    ),
    "bceWithLogits": (
        [x23, (U, (2, 3))],
        lambda x, y: F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor(2.5)),
    ),
    "crossEntropy": (
        [(P, (3, 4))],
        lambda x: F.cross_entropy(x, classes, weight, ignore_index=0, label_smoothing=0.125),
    ),
    "nllImages": (
        [(P, (2, 3, 3))],
        lambda x: F.nll_loss(x * x, index, weight[:3], reduction="none"),
    ),
}

print("// Values and derivatives from PyTorch %s in float64; written by goldens.py." % torch.__version__)
print()
print("/// f(x), ⟨v, f′(x)u⟩ and ⟨v, f″(x)[u, u]⟩ of one operation.")
print("struct Golden {\n  let value: [Double]\n  let first: Double\n  let second: Double\n}")
print()
print("let goldens: [String: Golden] = [")
for name, (specs, f) in CASES.items():
    xs = [maker(shape, seed) for seed, (maker, shape) in enumerate(specs)]
    us = [pattern(shape, 20 + seed) for seed, (_, shape) in enumerate(specs)]
    t = torch.zeros((), requires_grad=True)
    leaves = [x.requires_grad_() for x in xs]
    y = f(*leaves)
    v = pattern(y.shape, 40)
    grads = torch.autograd.grad((v * y).sum(), leaves, create_graph=True)
    first = sum((g * u).sum() for g, u in zip(grads, us))
    second = 0.0
    if first.requires_grad:
        hvp = torch.autograd.grad(first, leaves, allow_unused=True)
        second = sum((h * u).sum() for h, u in zip(hvp, us) if h is not None)
    value = [repr(float(e)) for e in y.detach().reshape(-1)]
    print('  "%s": Golden(\n    value: [' % name)
    line = "     "
    for e in value:
        if len(line) + len(e) + 2 > 100:
            print(line)
            line = "     "
        line += " " + e + ","
    print(line)
    print("    ], first: %r, second: %r)," % (float(first), float(second)))
print("]")
