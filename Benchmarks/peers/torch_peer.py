"""The workloads in PyTorch on the CPU: eager, with fused optimizers, and by torch.compile.

    python torch_peer.py THREADS PART
    python torch_peer.py THREADS memory WORKLOAD
"""
import sys

import torch

import data
import torch_kernels
import torch_models
from common import PART, THREADS, Bench

torch.set_num_threads(THREADS)
bench = Bench("PyTorch")


def steps(problem, compiled=False):
    loss_function, optimizer = problem
    if compiled:
        loss_function = torch.compile(loss_function)

    def run(count):
        for _ in range(count):
            optimizer.zero_grad()
            loss = loss_function()
            loss.backward()
            optimizer.step()
        return loss.detach()
    return run


def training(names, total):
    for name in names:
        problem = getattr(torch_models, name)
        bench.training(name, "eager", steps(problem()), total)
        if name == "cnn":
            bench.training(name, "channels last", steps(problem(channels_last=True)), total)
            # torch.compile of PyTorch 2.13.0 gets the gradients of both convolutions wrong with AVX2.
            continue
        bench.training(name, "compiled", steps(problem(), compiled=True), total)


def small():
    training(["xor", "line", "binary", "narrow", "digits"], 0.3)


def large():
    training(["mlp", "cnn", "lstm", "gpt"], 1)


def memory():
    name = sys.argv[3]
    bench.memory(name, "eager", steps(getattr(torch_models, name)()))


def functions():
    x, rows = data.functions()

    def measure(name, leaves, function):
        leaves = [torch.from_numpy(leaf).requires_grad_() for leaf in leaves]
        for variant, function in [("eager", function), ("compiled", torch.compile(function))]:
            def both():
                value = function(*leaves)
                return value, torch.autograd.grad(value, leaves)
            check = both()[1][0].double().square().sum().item()
            bench.measure(name, variant, both, check)

    measure("elementwise", [x], lambda x: (torch.tanh(2 * x + 1) * torch.sigmoid(x) - x).sum())
    normalized = torch.nn.functional.layer_norm
    measure("normsoftmax", rows, lambda x, weight, bias: torch.softmax(
        normalized(x, (1024,), weight, bias), -1).square().sum())


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def last_angle(start, length, damping):
    angle, speed = start, torch.zeros((), dtype=torch.float64)
    for _ in range(1000):
        pull = -(9.81 / length) * torch.sin(angle) - damping * speed
        angle, speed = angle + 0.01 * speed, speed + 0.01 * pull
    return angle


def derivatives():
    def measure(name, variant, function, *inputs):
        check = function(*inputs).square().sum().item()
        bench.measure(name, variant, lambda: function(*inputs), check, total=0.3)

    x, point, direction = map(torch.from_numpy, data.points())
    slope = torch.func.grad(rosenbrock)

    def product(x, v):
        return torch.func.jvp(slope, (x,), (v,))[1]

    def recorded_product(x, v):
        return torch.autograd.functional.hvp(rosenbrock, x, v)[1]

    def pendulum():
        leaves = [torch.tensor(value, dtype=torch.float64, requires_grad=True)
                  for value in data.PENDULUM.values()]
        return torch.stack(torch.autograd.grad(last_angle(*leaves), leaves))

    hessian = torch.func.hessian(rosenbrock)
    measure("hessian", "eager", hessian, x)
    measure("hessian", "compiled", torch.compile(hessian), x)
    measure("hvp", "eager", recorded_product, point, direction)
    measure("hvp", "compiled", torch.compile(product), point, direction)
    measure("pendulum", "eager", pendulum)


def graph():
    def chain(count):
        x = torch.tensor([0.001], requires_grad=True)
        y = torch.tensor([1.0], requires_grad=True)
        for _ in range(count):
            y = y + x
        torch.autograd.grad(y, [x])

    bench.measure("chain of 1,000 scalar additions, per operation", "eager", lambda: chain(1000),
                  calls=1000)
    bench.measure("chain of 1,000,000 nodes", "eager", lambda: chain(1_000_000), total=1)


def kernels():
    torch_kernels.benchmark(bench)


globals()[PART]()
