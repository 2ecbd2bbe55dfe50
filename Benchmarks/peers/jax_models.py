"""The workloads of Sources/Benchmarks/Training in JAX: each returns parameters, a loss and an optimizer.

Layouts are those that suit XLA: weights [inputs, outputs], images with channels last. Optimizers are
the formulas of their papers, as functions of a parameter, its gradient, its state and the step.
"""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import data


def linear(x, weights):
    return x @ weights[0] + weights[1]


def transposed(parameters):
    return [(weight.T, bias) for weight, bias in parameters]


def cross_entropy(logits, y):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()


def network(x, parameters, activation=jax.nn.relu):
    for weights in parameters[:-1]:
        x = activation(linear(x, weights))
    return linear(x, parameters[-1])


# Optimizers: the number of arrays of state, and the update.

def sgd(rate, momentum=0.0):
    def update(p, g, state, step):
        if momentum == 0:
            return p - rate * g, state
        velocity = momentum * state[0] + g
        return p - rate * velocity, (velocity,)
    return (1 if momentum else 0), update


def adam(rate=0.001, betas=(0.9, 0.999), epsilon=1e-8, decay=0.0):
    def update(p, g, state, step):
        mean = betas[0] * state[0] + (1 - betas[0]) * g
        square = betas[1] * state[1] + (1 - betas[1]) * g * g
        divisor = jnp.sqrt(square / (1 - betas[1] ** step)) + epsilon
        p = p * (1 - rate * decay)
        return p - rate * (mean / (1 - betas[0] ** step)) / divisor, (mean, square)
    return 2, update


def xor():
    x, y, parameters = data.xor()
    def loss(p):
        return jnp.mean((jax.nn.sigmoid(network(x, p, jnp.tanh)) - y) ** 2)
    return transposed(parameters), loss, sgd(0.5)


def line():
    x, y, parameters = data.line()
    return transposed(parameters), lambda p: jnp.mean((linear(x, p[0]) - y) ** 2), sgd(0.1)


def binary():
    x, y, parameters = data.binary()
    def loss(p):
        z = network(x, p)
        return jnp.mean(jax.nn.softplus(z) - y * z)
    return transposed(parameters), loss, adam()


def classifier(problem, optimizer):
    x, y, parameters = problem
    x, y = jnp.asarray(x), jnp.asarray(y)
    return transposed(parameters), lambda p: cross_entropy(network(x, p), y), optimizer


def narrow():
    return classifier(data.narrow(), adam())


def digits():
    return classifier(data.digits(), adam())


def mlp():
    return classifier(data.mlp(), sgd(0.01, momentum=0.9))


def channels_last(parameters):
    """Filters [height, width, inputs, outputs]; rows of the first map in the order of such images."""
    filters = [(weight.transpose(2, 3, 1, 0), bias) for weight, bias in parameters[:2]]
    weight, bias = parameters[2]
    weight = weight.reshape(128, 64, 12, 12).transpose(2, 3, 1, 0).reshape(9216, 128)
    return filters + [(weight, bias), (parameters[3][0].T, parameters[3][1])]


def cnn():
    x, y, parameters = data.cnn()
    x, y = jnp.asarray(x.transpose(0, 2, 3, 1)), jnp.asarray(y)
    layout, window = ("NHWC", "HWIO", "NHWC"), (1, 2, 2, 1)

    def loss(p):
        h = x
        for weight, bias in p[:2]:
            h = jax.nn.relu(
                lax.conv_general_dilated(h, weight, (1, 1), "VALID", dimension_numbers=layout) + bias)
        h = lax.reduce_window(h, -jnp.inf, lax.max, window, window, "VALID")
        return cross_entropy(network(h.reshape(64, -1), p[2:]), y)
    return channels_last(parameters), loss, adam()


def lstm():
    x, y, (cell, output) = data.lstm()
    x, y = jnp.asarray(x.transpose(1, 0, 2)), jnp.asarray(y)

    def loss(p):
        (wx, wh, bx, bh), output = p
        def step(state, z):
            h, c = state
            i, f, g, o = jnp.split(z + h @ wh, 4, axis=-1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None
        zeros = jnp.zeros((32, 256), jnp.float32)
        (h, _), _ = lax.scan(step, (zeros, zeros), x @ wx + (bx + bh))
        return cross_entropy(linear(h, output), y)
    cell = [cell[0].T, cell[1].T, cell[2], cell[3]]
    return (cell, (output[0].T, output[1])), loss, adam()


def gpt():
    x, y, parameters = data.gpt()
    x, y = jnp.asarray(x), jnp.asarray(y.reshape(-1))
    heads, context, features = (data.GPT[key] for key in ["heads", "context", "features"])
    size = features // heads
    mask = jnp.tril(jnp.ones((context, context), bool))

    def norm(x, weights):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) * lax.rsqrt(variance + 1e-5) * weights[0] + weights[1]

    def block(x, p):
        parts = jnp.split(linear(norm(x, p["norm1"]), p["input"]), 3, -1)
        q, k, v = (part.reshape(-1, context, heads, size) for part in parts)
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / np.float32(np.sqrt(size))
        weights = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), -1)
        mixed = jnp.einsum("bhqk,bkhd->bqhd", weights, v).reshape(-1, context, features)
        x = x + linear(mixed, p["output"])
        hidden = jax.nn.gelu(linear(norm(x, p["norm2"]), p["up"]), approximate=False)
        return x + linear(hidden, p["down"])

    def loss(p):
        h = p["embedding"][x] + p["positions"]
        for weights in p["blocks"]:
            h = block(h, weights)
        logits = norm(h, p["norm"]) @ p["embedding"].T
        return cross_entropy(logits.reshape(-1, logits.shape[-1]), y)

    for weights in parameters["blocks"]:
        for name in ["input", "output", "up", "down"]:
            weights[name] = weights[name][0].T, weights[name][1]
    return parameters, loss, adam(betas=(0.9, 0.99), decay=0.1)
