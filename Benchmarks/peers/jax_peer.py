"""The workloads in JAX on the CPU: a compiled step a call, and a compiled loop of steps.

JAX takes its number of threads from the processors it may use, so one thread needs
`taskset -c 0 python jax_peer.py 1 PART`.
"""
import sys

import jax
import jax.numpy as jnp
from jax import lax

import data
import jax_models
from common import PART, Bench

jax.config.update("jax_platforms", "cpu")
bench = Bench("JAX")


def steps(problem, loop_steps=None):
    parameters, loss, (slots, update) = problem
    parameters = jax.tree.map(jnp.array, parameters)
    leaves, tree = jax.tree.flatten(parameters)
    state = [tuple(jnp.zeros_like(leaf) for _ in range(slots)) for leaf in leaves]

    def step(carry):
        leaves, state, count = carry
        value, slopes = jax.value_and_grad(loss)(jax.tree.unflatten(tree, leaves))
        slopes = jax.tree.leaves(slopes)
        pairs = [update(p, g, s, count) for p, g, s in zip(leaves, slopes, state)]
        return ([p for p, _ in pairs], [s for _, s in pairs], count + 1), value

    def loop(carry):
        body = lambda _, both: step(both[0])
        return lax.fori_loop(0, loop_steps, body, (carry, jnp.float32(0)))

    compiled = jax.jit(loop if loop_steps else step, donate_argnums=0)
    box = [(leaves, state, jnp.float32(1))]

    def run(count=1):
        for _ in range(1 if loop_steps else count):
            box[0], value = compiled(box[0])
        jax.block_until_ready(box[0])
        return value
    return run


def training(names, total, loop_steps=None):
    for name in names:
        problem = getattr(jax_models, name)
        bench.training(name, "compiled", steps(problem()), total)
        if loop_steps:
            loss, run = float(steps(problem(), 21)()), steps(problem(), loop_steps[name])
            bench.measure(name, "loop", run, loss, calls=loop_steps[name], total=total)


def small():
    training(["xor", "line", "binary", "narrow", "digits"], 0.3, {
        "xor": 10_000, "line": 10_000, "binary": 10_000, "narrow": 1000, "digits": 1000})


def large():
    training(["mlp", "cnn", "lstm", "gpt"], 1)


def memory():
    bench.memory(sys.argv[3], "compiled", steps(getattr(jax_models, sys.argv[3])()))


def functions():
    x, rows = data.functions()

    def measure(name, leaves, function):
        leaves = [jnp.asarray(leaf) for leaf in leaves]
        both = jax.jit(jax.value_and_grad(function, tuple(range(len(leaves)))))
        check = float((both(*leaves)[1][0].astype(jnp.float32) ** 2).sum())
        bench.measure(name, "compiled", lambda: jax.block_until_ready(both(*leaves)), check)

    def normsoftmax(x, weight, bias):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        normalized = (x - mean) * lax.rsqrt(variance + 1e-5) * weight + bias
        return (jax.nn.softmax(normalized, -1) ** 2).sum()

    measure("elementwise", [x], lambda x: (jnp.tanh(2 * x + 1) * jax.nn.sigmoid(x) - x).sum())
    measure("normsoftmax", rows, normsoftmax)


def derivatives():
    jax.config.update("jax_enable_x64", True)

    def measure(name, function, *inputs):
        compiled = jax.jit(function)
        check = float((jnp.asarray(compiled(*inputs)) ** 2).sum())
        bench.measure(name, "compiled", lambda: jax.block_until_ready(compiled(*inputs)), check,
                      total=0.3)

    def rosenbrock(x):
        return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()

    def last_angle(start, length, damping):
        def step(state, _):
            angle, speed = state
            pull = -(9.81 / length) * jnp.sin(angle) - damping * speed
            return (angle + 0.01 * speed, speed + 0.01 * pull), None
        return lax.scan(step, (start, jnp.zeros(())), length=1000)[0][0]

    x, point, direction = map(jnp.asarray, data.points())
    measure("hessian", jax.hessian(rosenbrock), x)
    measure("hvp", lambda x, v: jax.jvp(jax.grad(rosenbrock), (x,), (v,))[1], point, direction)
    measure("pendulum", jax.grad(last_angle, (0, 1, 2)),
            *map(jnp.asarray, data.PENDULUM.values()))


globals()[PART]()
