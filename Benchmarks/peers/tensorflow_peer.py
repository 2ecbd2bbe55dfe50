"""The workloads whose time is that of their kernels in TensorFlow on the CPU: a traced function, and XLA.

    python tensorflow_peer.py THREADS PART
    python tensorflow_peer.py THREADS memory WORKLOAD
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

import data
from common import PART, THREADS, Bench

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(THREADS)
bench = Bench("TensorFlow")


def linear(x, weights):
    return tf.matmul(x, weights[0]) + weights[1]


def transposed(parameters):
    return [(weight.T, bias) for weight, bias in parameters]


def cross_entropy(logits, y):
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))


def momentum(rate, factor):
    def update(p, g, slots, step):
        tf.raw_ops.ResourceApplyMomentum(
            var=p.handle, accum=slots[0].handle, lr=rate, grad=g, momentum=factor)
    return 1, update


def adam(rate=0.001, betas=(0.9, 0.999), decay=0.0):
    """TensorFlow's fused Adam, whose epsilon is scaled so that it is that of the paper."""
    def update(p, g, slots, step):
        power1, power2 = betas[0] ** step, betas[1] ** step
        if decay:
            p.assign(p * (1 - rate * decay))
        tf.raw_ops.ResourceApplyAdam(
            var=p.handle, m=slots[0].handle, v=slots[1].handle, beta1_power=power1,
            beta2_power=power2, lr=rate, beta1=betas[0], beta2=betas[1],
            epsilon=1e-8 * tf.sqrt(1 - power2), grad=g)
    return 2, update


def mlp():
    x, y, parameters = data.mlp()
    x, y = tf.constant(x), tf.constant(y)
    def loss(p):
        h = tf.nn.relu(linear(x, p[0]))
        return cross_entropy(linear(tf.nn.relu(linear(h, p[1])), p[2]), y)
    return transposed(parameters), loss, momentum(0.01, 0.9)


def cnn():
    x, y, parameters = data.cnn()
    x, y = tf.constant(np.ascontiguousarray(x.transpose(0, 2, 3, 1))), tf.constant(y)
    filters = [(weight.transpose(2, 3, 1, 0), bias) for weight, bias in parameters[:2]]
    weight = parameters[2][0].reshape(128, 64, 12, 12).transpose(2, 3, 1, 0).reshape(9216, 128)

    def loss(p):
        h = x
        for weight, bias in p[:2]:
            h = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(h, weight, 1, "VALID"), bias))
        h = tf.reshape(tf.nn.max_pool2d(h, 2, 2, "VALID"), (64, -1))
        return cross_entropy(linear(tf.nn.relu(linear(h, p[2])), p[3]), y)
    return filters + [(weight, parameters[2][1])] + transposed(parameters[3:]), loss, adam()


def gpt():
    x, y, parameters = data.gpt()
    x, y = tf.constant(x), tf.constant(y.reshape(-1))
    heads, context, features = (data.GPT[key] for key in ["heads", "context", "features"])
    size = features // heads
    mask = tf.constant(np.triu(np.full((context, context), -1e9, np.float32), 1))

    def norm(x, weights):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, weights[1], weights[0], 1e-5)

    def block(x, p):
        parts = tf.split(linear(norm(x, p["norm1"]), p["input"]), 3, -1)
        q, k, v = (tf.transpose(tf.reshape(part, (-1, context, heads, size)), (0, 2, 1, 3))
                   for part in parts)
        scores = tf.matmul(q, k, transpose_b=True) / np.float32(np.sqrt(size)) + mask
        mixed = tf.transpose(tf.matmul(tf.nn.softmax(scores), v), (0, 2, 1, 3))
        x = x + linear(tf.reshape(mixed, (-1, features)), p["output"])
        hidden = tf.nn.gelu(linear(norm(x, p["norm2"]), p["up"]), approximate=False)
        return x + linear(hidden, p["down"])

    def loss(p):
        h = tf.reshape(tf.gather(p["embedding"], x) + p["positions"], (-1, features))
        for weights in p["blocks"]:
            h = block(h, weights)
        return cross_entropy(tf.matmul(norm(h, p["norm"]), p["embedding"], transpose_b=True), y)

    for weights in parameters["blocks"]:
        for name in ["input", "output", "up", "down"]:
            weights[name] = weights[name][0].T, weights[name][1]
    return parameters, loss, adam(betas=(0.9, 0.99), decay=0.1)


def steps(problem, is_xla):
    parameters, loss, (slots, update) = problem
    parameters = tf.nest.map_structure(tf.Variable, parameters)
    leaves = tf.nest.flatten(parameters)
    state = [[tf.Variable(tf.zeros_like(leaf)) for _ in range(slots)] for leaf in leaves]
    count = tf.Variable(0.0)

    @tf.function(jit_compile=is_xla or None)
    def step():
        with tf.GradientTape() as tape:
            value = loss(parameters)
        count.assign_add(1)
        slopes = tape.gradient(value, leaves)
        for p, g, s in zip(leaves, slopes, state):
            update(p, tf.convert_to_tensor(g), s, count)
        return value

    def run(n):
        for _ in range(n):
            value = step()
        return value.numpy()
    return run


def large():
    for problem in [mlp, cnn, gpt]:
        for variant in ["function", "XLA"]:
            run = steps(problem(), variant == "XLA")
            bench.training(problem.__name__, variant, run, total=1)


def memory():
    bench.memory(sys.argv[3], "function", steps(globals()[sys.argv[3]](), False))


def functions():
    x, rows = data.functions()

    def measure(name, leaves, function):
        leaves = [tf.constant(leaf) for leaf in leaves]

        @tf.function(jit_compile=True)
        def both():
            with tf.GradientTape() as tape:
                tape.watch(leaves)
                value = function(*leaves)
            return value, tape.gradient(value, leaves)
        check = float(tf.reduce_sum(both()[1][0] ** 2))
        bench.measure(name, "XLA", lambda: both()[0].numpy(), check)

    def normsoftmax(x, weight, bias):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        normalized = tf.nn.batch_normalization(x, mean, variance, bias, weight, 1e-5)
        return tf.reduce_sum(tf.nn.softmax(normalized) ** 2)

    measure("elementwise", [x], lambda x: tf.reduce_sum(tf.tanh(2 * x + 1) * tf.sigmoid(x) - x))
    measure("normsoftmax", rows, normsoftmax)


globals()[PART]()
