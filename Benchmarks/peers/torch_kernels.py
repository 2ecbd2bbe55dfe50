"""The single operations of Sources/Benchmarks/Kernels in PyTorch, eager."""
import torch
import torch.nn.functional as F

from data import Numbers


def benchmark(bench):
    numbers = Numbers()

    def tensor(*shape, dtype=None):
        values = torch.from_numpy(numbers.uniform(shape))
        return values.double() if dtype else values

    def leaf(*shape):
        return tensor(*shape).requires_grad_()

    def kernel(name, body):
        with torch.no_grad():
            bench.measure(name, "eager", body, total=0.15)

    def backward(name, y, leaves):
        seed = torch.full_like(y, 0.5)
        bench.measure(name, "eager", lambda: torch.autograd.grad(y, leaves, seed, retain_graph=True),
                      total=0.15)

    def matmul(name, a, b):
        kernel("matmul " + name, lambda: a @ b)

    a, b = tensor(1024, 1024), tensor(1024, 1024)
    matmul("1024", a, b)
    matmul("1024 AᵀB", a.T, b)
    matmul("1024 ABᵀ", a, b.T)
    matmul("(128×784)(784×128)", tensor(128, 784), tensor(784, 128))
    matmul("(256×4096)(4096×10)", tensor(256, 4096), tensor(4096, 10))
    matmul("32×(64×32)(32×64)", tensor(32, 64, 32), tensor(32, 32, 64))
    matmul("(32×10)(10×10)", tensor(32, 10), tensor(10, 10))
    matmul("float64 1024", tensor(1024, 1024, dtype="f8"), tensor(1024, 1024, dtype="f8"))

    def convolution(name, x, w, **geometry):
        name = "conv " + name
        kernel(name, lambda: F.conv2d(x, w, **geometry))
        backward(name + ", by input", F.conv2d(x, w.detach(), **geometry), [x])
        backward(name + ", by filters", F.conv2d(x.detach(), w, **geometry), [w])

    convolution("1→32, 3×3, 64×28×28", leaf(64, 1, 28, 28), leaf(32, 1, 3, 3))
    convolution("32→64, 3×3, 64×26×26", leaf(64, 32, 26, 26), leaf(64, 32, 3, 3))
    convolution("64→64, 3×3, stride 2, 16×28×28", leaf(16, 64, 28, 28), leaf(64, 64, 3, 3),
                stride=2, padding=1)
    convolution("64→256, 1×1, 16×28×28", leaf(16, 64, 28, 28), leaf(256, 64, 1, 1))
    x = leaf(64, 64, 24, 24)
    kernel("max pool 2×2", lambda: F.max_pool2d(x, 2))
    backward("max pool 2×2, gradient", F.max_pool2d(x, 2), [x])

    x = 3 * tensor(10_000_000)
    functions = {"exp": torch.exp, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "gelu": F.gelu,
                 "add": lambda x: x + x}
    for name, function in functions.items():
        kernel(name + " 10⁷", lambda: function(x))
    kernel("sum 10⁷", x.sum)
    rows = tensor(4096, 1024)
    kernel("sum of rows 4096×1024", lambda: rows.sum(1))
    kernel("sum of columns 4096×1024", lambda: rows.sum(0))

    x, weight, bias = leaf(4096, 1024), leaf(1024), leaf(1024)
    kernel("softmax 4096×1024", lambda: torch.softmax(x, -1))
    backward("softmax 4096×1024, gradient", torch.softmax(x, -1), [x])
    kernel("layer norm 4096×1024", lambda: F.layer_norm(x, (1024,), weight, bias))
    backward("layer norm 4096×1024, gradient", F.layer_norm(x, (1024,), weight, bias),
             [x, weight, bias])
    for count in [65, 50_000]:
        table, indices = leaf(count, 128), torch.from_numpy(numbers.integers((4096,), count))
        backward(f"embedding {count}×128 of 4096, gradient", F.embedding(indices, table), [table])

    for shape in [(16, 4, 64, 32), (1, 8, 1024, 64)]:
        parts = [leaf(*shape) for _ in range(3)]
        name = "attention " + "×".join(map(str, shape))
        kernel(name, lambda: F.scaled_dot_product_attention(*parts, is_causal=True))
        backward(name + ", gradient", F.scaled_dot_product_attention(*parts, is_causal=True), parts)
