"""Learning rates of PyTorch's schedulers, step by step."""

import warnings

import torch
from torch.optim import lr_scheduler as s

from reference import record, write

warnings.simplefilter("ignore")


def run(name, make, rate=0.4, steps=60):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate, momentum=0.9)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    record(name, {"rates": torch.tensor(rates)})


run("step", lambda o: s.StepLR(o, 7, gamma=0.3))
run("multiStep", lambda o: s.MultiStepLR(o, [5, 20, 20, 41], gamma=0.5))
run("exponential", lambda o: s.ExponentialLR(o, 0.93))
run("linear", lambda o: s.LinearLR(o, 0.25, 1.0, 12))
run("polynomial", lambda o: s.PolynomialLR(o, 40, 2.5))
run("cosine", lambda o: s.CosineAnnealingLR(o, 60, 0.05))
run("cosineRestarts", lambda o: s.CosineAnnealingWarmRestarts(o, 6, 2, 0.01))
run("cosineRestarts equal", lambda o: s.CosineAnnealingWarmRestarts(o, 9, 1))
run("oneCycle", lambda o: s.OneCycleLR(o, 0.4, total_steps=61))
run("oneCycle linear", lambda o: s.OneCycleLR(
    o, 0.4, total_steps=61, pct_start=0.25, anneal_strategy="linear", div_factor=10,
    final_div_factor=100))
run("oneCycle three", lambda o: s.OneCycleLR(o, 0.4, total_steps=61, three_phase=True))
run("cyclic", lambda o: s.CyclicLR(o, 0.1, 0.4, 5, 8))
run("cyclic halving", lambda o: s.CyclicLR(o, 0.1, 0.4, 4, mode="triangular2"))
run("cyclic exponential", lambda o: s.CyclicLR(o, 0.1, 0.4, 4, mode="exp_range", gamma=0.97))
run("joined", lambda o: s.SequentialLR(
    o, [s.LinearLR(o, 0.1, 1.0, 10), s.ExponentialLR(o, 0.9)], [10]))
run("chained", lambda o: s.ChainedScheduler(
    [s.LinearLR(o, 0.1, 1.0, 10), s.ExponentialLR(o, 0.95)]))
run("lambda", lambda o: s.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t)))

metrics = [3.0, 2.0, 2.1, 2.0, 2.0, 1.99, 1.9899, 1.9899, 1.9899, 1.98, 1.5, 1.6, 1.7, 1.8, 1.9,
           float("nan"), 1.8, 1.9, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def plateau(name, **arguments):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    scheduler = s.ReduceLROnPlateau(optimizer, **arguments)
    rates = []
    for metric in metrics:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    record(name, {"rates": torch.tensor(rates), "metrics": torch.tensor(metrics)})


plateau("plateau", factor=0.5, patience=2)
plateau("plateau cooldown", factor=0.5, patience=1, cooldown=3, min_lr=0.04)
plateau("plateau absolute", factor=0.2, patience=2, threshold=0.02, threshold_mode="abs")
plateau("plateau larger", mode="max", factor=0.5, patience=3, threshold=0.1)
plateau("plateau larger absolute", mode="max", factor=0.5, patience=3, threshold=0.1,
        threshold_mode="abs", eps=0.06)

write(__file__)
