"""Trajectories of PyTorch's optimizers, and of short programs for those that PyTorch has not.

Everybody minimizes the mean of (W2 tanh(W1 x + b1) + b2 - y)^2 over five samples; "after" holds all
parameters after 1, 10, 50 and 200 steps.
"""

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from reference import record, sample, write

x, y = sample([5, 2], 1, -2, 2), sample([5, 2], 2)
start = [sample([3, 2], 3), sample([3], 4), sample([2, 3], 5), sample([2], 6)]
record("problem", {"x": x, "y": y} | {f"{i}": p for i, p in enumerate(start)})


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.p = torch.nn.ParameterList([torch.nn.Parameter(p.clone()) for p in start])

    def forward(self):
        w1, b1, w2, b2 = self.p
        return ((torch.tanh(x @ w1.T + b1) @ w2.T + b2 - y) ** 2).mean()


def flat(parameters):
    return torch.cat([p.detach().flatten() for p in parameters])


def torch_run(name, make, snapshots=(1, 10, 50, 200), before=None, closure=False, average=None):
    model = Model()
    optimizers = make(list(model.parameters()))
    optimizers = optimizers if isinstance(optimizers, list) else [optimizers]
    averaged = average(model) if average else None
    rows, averages = [], []
    for step in range(1, snapshots[-1] + 1):
        def loss():
            model.zero_grad()
            value = model()
            value.backward()
            return value
        if closure:
            optimizers[0].step(loss)
        else:
            loss()
            if before:
                before(list(model.parameters()))
            for optimizer in optimizers:
                optimizer.step()
        if averaged:
            averaged.update_parameters(model)
        if step in snapshots:
            rows.append(flat(model.parameters()))
            averages.append(flat(averaged.module.parameters()) if averaged else None)
    arrays = {"after": torch.stack(rows)}
    if averaged:
        arrays["average"] = torch.stack(averages)
    record(name, arrays)


def numpy_run(name, rule, snapshots=(1, 10, 50, 200)):
    """rule(values, gradients, step, states) returns the new values; gradients(values) computes."""
    model = Model()

    def gradients(values):
        with torch.no_grad():
            for p, v in zip(model.parameters(), values):
                p.copy_(torch.from_numpy(v))
        return [g.numpy() for g in torch.autograd.grad(model(), list(model.parameters()))]

    values, state, rows = [p.numpy().copy() for p in start], {}, []
    for step in range(1, snapshots[-1] + 1):
        values = rule(values, gradients, step, state)
        if step in snapshots:
            rows.append(np.concatenate([v.ravel() for v in values]))
    record(name, {"after": torch.from_numpy(np.stack(rows))})


o = torch.optim
torch_run("sgd", lambda p: o.SGD(p, lr=0.1))
torch_run("sgd momentum", lambda p: o.SGD(p, lr=0.05, momentum=0.9, dampening=0.2, weight_decay=0.01))
torch_run("sgd nesterov", lambda p: o.SGD(p, lr=0.05, momentum=0.8, nesterov=True))
torch_run("adam", lambda p: o.Adam(p, lr=0.02))
torch_run("amsgrad", lambda p: o.Adam(
    p, lr=0.02, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.02, amsgrad=True))
torch_run("adamw", lambda p: o.AdamW(p, lr=0.02, weight_decay=0.1))
torch_run("adamw masked", lambda p: o.AdamW(
    [{"params": [p[0], p[2]]}, {"params": [p[1], p[3]], "weight_decay": 0}], lr=0.02,
    weight_decay=0.1))
torch_run("rmsprop", lambda p: o.RMSprop(p, lr=0.001))
torch_run("rmsprop centered", lambda p: o.RMSprop(
    p, lr=0.001, alpha=0.9, weight_decay=0.01, momentum=0.5, centered=True))
torch_run("rmsprop momentum", lambda p: o.RMSprop(p, lr=0.005, momentum=0.8))
torch_run("adagrad", lambda p: o.Adagrad(p, lr=0.1))
torch_run("adagrad decay", lambda p: o.Adagrad(
    p, lr=0.1, lr_decay=0.01, weight_decay=0.01, initial_accumulator_value=0.1, eps=1e-6))
torch_run("adadelta", lambda p: o.Adadelta(p))
torch_run("adadelta decay", lambda p: o.Adadelta(p, lr=0.7, rho=0.95, eps=1e-4, weight_decay=0.01))
torch_run("adamax", lambda p: o.Adamax(p, lr=0.02))
torch_run("adamax decay", lambda p: o.Adamax(
    p, lr=0.02, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01))
torch_run("nadam", lambda p: o.NAdam(p, lr=0.02))
torch_run("nadam decoupled", lambda p: o.NAdam(
    p, lr=0.02, betas=(0.8, 0.99), weight_decay=0.1, momentum_decay=0.01,
    decoupled_weight_decay=True))
torch_run("radam", lambda p: o.RAdam(p, lr=0.02))
torch_run("radam decoupled", lambda p: o.RAdam(
    p, lr=0.005, betas=(0.8, 0.9), weight_decay=0.1, decoupled_weight_decay=True))
torch_run("radam coupled", lambda p: o.RAdam(p, lr=0.02, weight_decay=0.1))
torch_run("adafactor", lambda p: o.Adafactor(p, lr=0.005))
torch_run("adafactor decay", lambda p: o.Adafactor(
    p, lr=0.2, beta2_decay=-0.6, eps=(1e-3, 1e-2), d=1.5, weight_decay=0.05))
torch_run("rprop", lambda p: o.Rprop(p))
torch_run("rprop limits", lambda p: o.Rprop(p, lr=0.02, etas=(0.4, 1.5), step_sizes=(1e-4, 0.1)))
torch_run("asgd", lambda p: o.ASGD(p, lr=0.1))

model = Model()
asgd = o.ASGD(model.parameters(), lr=0.1, lambd=0.01, alpha=0.6, t0=20, weight_decay=0.01)
for _ in range(200):
    asgd.zero_grad()
    model().backward()
    asgd.step()
record("asgd average", {
    "after": flat(model.parameters()).unsqueeze(0),
    "average": flat([asgd.state[p]["ax"] for p in model.parameters()]).unsqueeze(0)})

# PyTorch orthogonalizes in bfloat16; here in float64, as ours does.
torch.Tensor.bfloat16 = lambda self: self.clone()
torch_run("muon", lambda p: [o.Muon([p[0], p[2]], lr=0.002), o.AdamW([p[1], p[3]], lr=0.01)])
torch_run("muon adamw", lambda p: [
    o.Muon([p[0], p[2]], lr=0.02, momentum=0.8, nesterov=False, ns_steps=3, weight_decay=0.01,
           adjust_lr_fn="match_rms_adamw"),
    o.SGD([p[1], p[3]], lr=0.1)])

few = (1, 2, 4, 8)
torch_run("lbfgs wolfe", lambda p: o.LBFGS(p, max_iter=4, line_search_fn="strong_wolfe"), few,
          closure=True)
torch_run("lbfgs short", lambda p: o.LBFGS(
    p, lr=0.5, max_iter=5, max_eval=7, history_size=3, line_search_fn="strong_wolfe"), few,
    closure=True)
torch_run("lbfgs fixed", lambda p: o.LBFGS(p, lr=0.2, max_iter=5), few, closure=True)
torch_run("lbfgs single", lambda p: o.LBFGS(p, lr=0.2, max_iter=1, history_size=5), (1, 5, 20, 40),
          closure=True)

clip = torch.nn.utils
torch_run("clip norm", lambda p: o.SGD(p, lr=0.1), before=lambda p: clip.clip_grad_norm_(p, 0.1))
torch_run("clip value", lambda p: o.SGD(p, lr=0.1), before=lambda p: clip.clip_grad_value_(p, 0.05))
torch_run("ema", lambda p: o.SGD(p, lr=0.1), average=lambda m: AveragedModel(
    m, multi_avg_fn=get_ema_multi_avg_fn(0.9)))
torch_run("swa", lambda p: o.SGD(p, lr=0.1), average=AveragedModel)


def lion(values, gradients, step, state, lr=0.002, b1=0.9, b2=0.99, decay=0.1):
    m = state.setdefault("m", [np.zeros_like(v) for v in values])
    result = []
    for i, g in enumerate(gradients(values)):
        update = np.sign(b1 * m[i] + (1 - b1) * g)
        result.append(values[i] - lr * (update + decay * values[i]))
        m[i] = b2 * m[i] + (1 - b2) * g
    return result


def lamb(values, gradients, step, state, lr=0.002, b1=0.9, b2=0.999, eps=1e-6, decay=0.01):
    m = state.setdefault("m", [np.zeros_like(v) for v in values])
    s = state.setdefault("s", [np.zeros_like(v) for v in values])
    result = []
    for i, g in enumerate(gradients(values)):
        m[i] = b1 * m[i] + (1 - b1) * g
        s[i] = b2 * s[i] + (1 - b2) * g * g
        r = m[i] / (1 - b1**step) / (np.sqrt(s[i] / (1 - b2**step)) + eps) + decay * values[i]
        w, u = np.linalg.norm(values[i]), np.linalg.norm(r)
        result.append(values[i] - lr * (w / u if w > 0 and u > 0 else 1) * r)
    return result


def lookahead(values, gradients, step, state, lr=0.1, k=4, alpha=0.6):
    slow = state.setdefault("slow", [v.copy() for v in values])
    fast = [v - lr * g for v, g in zip(values, gradients(values))]
    if step % k == 0:
        fast = state["slow"] = [s + alpha * (f - s) for s, f in zip(slow, fast)]
    return fast


def sam(values, gradients, step, state, lr=0.05, rho=0.02):
    g = gradients(values)
    length = np.sqrt(sum((p * p).sum() for p in g))
    uphill = gradients([v + rho * p / length for v, p in zip(values, g)])
    return [v - lr * p for v, p in zip(values, uphill)]


numpy_run("lion", lion)
numpy_run("lamb", lamb)
numpy_run("lookahead", lookahead)
numpy_run("sam", sam)

write(__file__)
