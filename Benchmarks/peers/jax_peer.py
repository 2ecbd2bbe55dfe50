"""The kernels of Sources/Benchmarks in JAX, compiled, on the CPU.

JAX takes its number of threads from the processors it may use, so each count is a process of its own:
`taskset -c 0 python jax_peer.py 1` and `python jax_peer.py 2`.
"""
import sys

import jax
import jax.numpy as jnp

from common import fastest, report

jax.config.update("jax_enable_x64", True)
threads = int(sys.argv[1])
parts = sys.argv[2:]
key = jax.random.PRNGKey(1)


def matmul():
    def measure(name, a, b, product):
        compiled = jax.jit(product)
        flops = 2 * 1024**3 if "1024" in name else 2 * 128 * 784 * 128
        seconds = fastest(lambda: compiled(a, b).block_until_ready())
        report("matmul " + name, flops / seconds * 1e-9, "GFLOP/s", threads)

    a = jax.random.normal(key, (1024, 1024), jnp.float32)
    tall = jax.random.normal(key, (128, 784), jnp.float32)
    wide = jax.random.normal(key, (784, 128), jnp.float32)
    measure("float32 1024", a, a, lambda a, b: a @ b)
    measure("float32 1024 AᵀB", a, a, lambda a, b: a.T @ b)
    measure("float32 1024 ABᵀ", a, a, lambda a, b: a @ b.T)
    measure("float32 (128×784)(784×128)", tall, wide, lambda a, b: a @ b)
    measure("float64 1024", a.astype(jnp.float64), a.astype(jnp.float64), lambda a, b: a @ b)


def elementwise():
    x = jax.random.normal(key, (10_000_000,), jnp.float32)

    def measure(name, function):
        compiled = jax.jit(function)
        seconds = fastest(lambda: compiled(x).block_until_ready())
        report(name, seconds * 1e3, "ms", threads)

    measure("exp 10⁷ floats", jnp.exp)
    measure("tanh 10⁷ floats", jnp.tanh)
    measure("sigmoid 10⁷ floats", jax.nn.sigmoid)
    measure("add 10⁷ floats", lambda x: x + x)


def training():
    """A compiled step a call, and 1,000 steps in a compiled loop."""
    def measure(name, sizes, batch, classes, adam):
        keys = jax.random.split(key, 2 * len(sizes) + 2)
        params = [
            (jax.random.uniform(keys[2 * i], (m, n), jnp.float32, -1, 1) / m**0.5,
             jax.random.uniform(keys[2 * i + 1], (n,), jnp.float32, -1, 1) / m**0.5)
            for i, (m, n) in enumerate(zip(sizes, sizes[1:]))]
        x = jax.random.normal(keys[-1], (batch, sizes[0]), jnp.float32)
        y = jax.random.uniform(keys[-2], (batch, 1), jnp.float32)
        labels = jax.random.randint(keys[-2], (batch,), 0, sizes[-1])

        def loss(params):
            h = x
            for i, (w, b) in enumerate(params):
                h = h @ w + b
                if i + 1 < len(params):
                    h = jax.nn.relu(h) if adam else jnp.tanh(h)
            if classes:
                return -jnp.take_along_axis(jax.nn.log_softmax(h), labels[:, None], 1).mean()
            return jnp.mean((jax.nn.sigmoid(h) - y) ** 2)

        zeros = jax.tree.map(jnp.zeros_like, params)
        state = (params, zeros, zeros, jnp.float32(0))

        def step(state):
            params, mean, square, count = state
            slopes = jax.grad(loss)(params)
            if not adam:
                return jax.tree.map(lambda p, g: p - jnp.float32(0.5) * g, params, slopes), mean, square, count
            count = count + 1
            f = jnp.float32
            mean = jax.tree.map(lambda m, g: f(0.9) * m + f(0.1) * g, mean, slopes)
            square = jax.tree.map(lambda v, g: f(0.999) * v + f(0.001) * g * g, square, slopes)
            c1, c2 = 1 - f(0.9) ** count, 1 - f(0.999) ** count
            params = jax.tree.map(
                lambda p, m, v: p - f(0.001) * (m / c1) / (jnp.sqrt(v / c2) + f(1e-8)),
                params, mean, square)
            return params, mean, square, count

        compiled = jax.jit(step)
        loop = jax.jit(lambda state: jax.lax.fori_loop(0, 1000, lambda i, s: step(s), state))
        seconds = fastest(lambda: jax.block_until_ready(compiled(state)))
        report(name + ", compiled", seconds * 1e6, "us", threads)
        seconds = fastest(lambda: jax.block_until_ready(loop(state))) / 1000
        report(name + ", loop of 1,000", seconds * 1e6, "us", threads)

    measure("2-8-1, batch 4, SGD", [2, 8, 1], 4, False, False)
    measure("8-10-8-1, batch 32, Adam", [8, 10, 8, 1], 32, False, True)
    measure("784-128-10, batch 128, Adam", [784, 128, 10], 128, True, True)


for part in [matmul, elementwise, training]:
    if not parts or part.__name__ in parts:
        part()
