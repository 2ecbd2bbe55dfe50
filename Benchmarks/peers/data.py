"""The numbers of Sources/Benchmarks/Numbers.swift, and the weights and data of each workload.

Element i of array n is a hash of both, so all sides start from the same weights without sharing files.
Weights are stored as in PyTorch: [outputs, inputs], [outputs, inputs, height, width].
"""
import numpy as np


class Numbers:
    def __init__(self):
        self.arrays = 0

    def fractions(self, shape):
        """24-bit fractions: the finalizer of MurmurHash3 (Appleby, 2011)."""
        self.arrays += 1
        count = int(np.prod(shape))
        h = np.arange(count, dtype=np.uint32) + np.uint32(self.arrays * 0x9E3779B9 % 2**32)
        h = (h ^ (h >> 16)) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> 13)) * np.uint32(0xC2B2AE35)
        return ((h ^ (h >> 16)) >> 8).reshape(shape)

    def uniform(self, shape, bound=1.0, dtype=np.float32):
        return (self.fractions(shape).astype(dtype) * dtype(2**-23) - dtype(1)) * dtype(bound)

    def integers(self, shape, below):
        return self.fractions(shape).astype(np.int64) % below

    def parameter(self, shape, bound=None):
        return self.uniform(shape, bound or 1 / np.sqrt(np.prod(shape[1:])))

    def linear(self, inputs, outputs):
        return self.parameter((outputs, inputs)), self.parameter((outputs,), 1 / np.sqrt(inputs))

    def dense(self, sizes):
        return [self.linear(*pair) for pair in zip(sizes, sizes[1:])]


# Training: x, y and parameters, in the order in which the library's side draws them.

def xor():
    parameters = Numbers().dense([2, 8, 1])
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    return x, np.array([[0], [1], [1], [0]], np.float32), parameters


def line():
    numbers = Numbers()
    parameters = numbers.dense([1, 1])
    x = numbers.uniform((100, 1))
    return x, 2 * x + 3 + np.float32(0.1) * numbers.uniform((100, 1)), parameters


def binary():
    numbers = Numbers()
    parameters = numbers.dense([8, 10, 8, 1])
    x = numbers.uniform((32, 8))
    return x, (x.sum(1, keepdims=True) > 0).astype(np.float32), parameters


def classes(sizes, batch):
    numbers = Numbers()
    parameters = numbers.dense(sizes)
    return numbers.uniform((batch, sizes[0])), numbers.integers((batch,), sizes[-1]), parameters


def narrow():
    return classes([784, 10, 10, 10], 32)


def digits():
    return classes([784, 128, 10], 128)


def mlp():
    return classes([1024, 4096, 4096, 10], 256)


def cnn():
    numbers = Numbers()
    parameters = [(numbers.parameter((32, 1, 3, 3)), numbers.parameter((32,), 1 / 3)),
                  (numbers.parameter((64, 32, 3, 3)), numbers.parameter((64,), 1 / np.sqrt(288))),
                  numbers.linear(9216, 128), numbers.linear(128, 10)]
    return numbers.uniform((64, 1, 28, 28)), numbers.integers((64,), 10), parameters


def lstm():
    """Parameters: input and hidden weights, input and hidden bias, gates i, f, g, o; and a last map."""
    numbers = Numbers()
    cell = [numbers.parameter(shape, 1 / 16) for shape in [(1024, 128), (1024, 256), (1024,), (1024,)]]
    output = numbers.linear(256, 10)
    return numbers.uniform((32, 64, 128)), numbers.integers((32,), 10), (cell, output)


GPT = dict(blocks=4, features=128, heads=4, context=64, characters=65)


def gpt():
    numbers = Numbers()
    d = GPT["features"]

    def norm():
        return np.ones(d, np.float32), np.zeros(d, np.float32)

    def linear(inputs, outputs):
        return numbers.parameter((outputs, inputs), 0.035), np.zeros(outputs, np.float32)

    parameters = dict(embedding=numbers.parameter((GPT["characters"], d), 0.035),
                      positions=numbers.parameter((GPT["context"], d), 0.035))
    parameters["blocks"] = [
        dict(norm1=norm(), norm2=norm(), input=linear(d, 3 * d), output=linear(d, d),
             up=linear(d, 4 * d), down=linear(4 * d, d))
        for _ in range(GPT["blocks"])]
    parameters["norm"] = norm()
    text = numbers.integers((16, GPT["context"] + 1), GPT["characters"])
    return np.ascontiguousarray(text[:, :-1]), np.ascontiguousarray(text[:, 1:]), parameters


# Functions.

def functions():
    numbers = Numbers()
    x = numbers.uniform((10_000_000,), 3)
    return x, (numbers.uniform((4096, 1024), 2), 1 + numbers.uniform((1024,), 0.1),
               numbers.uniform((1024,), 0.1))


def points():
    """Rosenbrock's: a point of 100 coordinates, one of 10,000, and a direction there."""
    numbers = Numbers()
    return [numbers.uniform((count,), dtype=np.float64) for count in (100, 10_000, 10_000)]


PENDULUM = dict(start=1.0, length=1.0, damping=0.1)
