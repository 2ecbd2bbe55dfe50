"""The workloads of Sources/Benchmarks in PyTorch, eager, on the CPU."""
import sys

import torch

from common import fastest, report


def chain(count):
    x = torch.tensor([0.001], requires_grad=True)
    y = torch.tensor([1.0], requires_grad=True)
    for _ in range(count):
        y = y + x
    torch.autograd.grad(y, [x])


def graph():
    seconds = fastest(lambda: chain(1000))
    report("chain of 1,000 scalar additions, per operation", seconds * 1e9 / 1000, "ns")
    report("chain of 1,000,000 nodes", fastest(lambda: chain(1_000_000), total=3), "s")

    inputs = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    targets = torch.tensor([[0.0], [1], [1], [0]])
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1), torch.nn.Sigmoid()
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)

    def step():
        loss = torch.nn.functional.mse_loss(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    report("XOR 2-8-1 training step, batch 4, SGD", fastest(step) * 1e6, "us")


def matmul():
    def measure(name, a, b, threads):
        flops = 2 * a.shape[0] * a.shape[1] * b.shape[1]
        report("matmul " + name, flops / fastest(lambda: a @ b) * 1e-9, "GFLOP/s", threads)

    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    c, d = a.double(), b.double()
    tall, wide = torch.randn(128, 784), torch.randn(784, 128)
    for threads in [1, 2]:
        torch.set_num_threads(threads)
        measure("float32 1024", a, b, threads)
        measure("float32 1024 AᵀB", a.T, b, threads)
        measure("float32 1024 ABᵀ", a, b.T, threads)
        measure("float32 (128×784)(784×128)", tall, wide, threads)
        measure("float64 1024", c, d, threads)
    torch.set_num_threads(1)


def elementwise():
    x = torch.randn(10_000_000)
    for threads in [1, 2]:
        torch.set_num_threads(threads)
        report("exp 10⁷ floats", fastest(lambda: torch.exp(x)) * 1e3, "ms", threads)
        report("tanh 10⁷ floats", fastest(lambda: torch.tanh(x)) * 1e3, "ms", threads)
        report("sigmoid 10⁷ floats", fastest(lambda: torch.sigmoid(x)) * 1e3, "ms", threads)
        report("add 10⁷ floats", fastest(lambda: x + x) * 1e3, "ms", threads)
    torch.set_num_threads(1)


def training():
    def measure(name, sizes, batch, classes, adam, threads):
        layers = []
        for index in range(len(sizes) - 1):
            layers.append(torch.nn.Linear(sizes[index], sizes[index + 1]))
            if index + 2 < len(sizes):
                layers.append(torch.nn.ReLU() if adam else torch.nn.Tanh())
        model = torch.nn.Sequential(*layers)
        x = torch.randn(batch, sizes[0])
        labels, y = torch.randint(sizes[-1], (batch,)), torch.rand(batch, 1)
        optimizer = (torch.optim.Adam(model.parameters(), lr=0.001, fused=True) if adam
                     else torch.optim.SGD(model.parameters(), lr=0.5))

        def step():
            out = model(x)
            loss = (torch.nn.functional.cross_entropy(out, labels) if classes
                    else torch.nn.functional.mse_loss(torch.sigmoid(out), y))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

        report(name + ", eager", fastest(step) * 1e6, "us", threads)

    for threads in [1, 2]:
        torch.set_num_threads(threads)
        measure("2-8-1, batch 4, SGD", [2, 8, 1], 4, False, False, threads)
        measure("8-10-8-1, batch 32, Adam", [8, 10, 8, 1], 32, False, True, threads)
        measure("784-128-10, batch 128, Adam", [784, 128, 10], 128, True, True, threads)
    torch.set_num_threads(1)


torch.set_num_threads(1)
for part in [graph, matmul, elementwise, training]:
    if len(sys.argv) < 2 or part.__name__ in sys.argv:
        part()
