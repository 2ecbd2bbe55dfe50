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


for part in [matmul, elementwise]:
    if not parts or part.__name__ in parts:
        part()
