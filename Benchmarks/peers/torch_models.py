"""The workloads of Sources/Benchmarks/Training in PyTorch: each returns a loss function and an optimizer."""
import torch
import torch.nn.functional as F
from torch import nn

import data


def tensor(array):
    return torch.from_numpy(array)


def linear(weights):
    layer = nn.Linear(weights[0].shape[1], weights[0].shape[0])
    load(layer, weights)
    return layer


def load(layer, weights):
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), weights, strict=True):
            parameter.copy_(tensor(value))


def dense(parameters, activation):
    layers = [layer for weights in parameters for layer in (linear(weights), activation())]
    return nn.Sequential(*layers[:-1])


def adam(model):
    return torch.optim.Adam(model.parameters(), lr=0.001, fused=True)


def xor():
    x, y, parameters = data.xor()
    x, y = tensor(x), tensor(y)
    model = dense(parameters, nn.Tanh).append(nn.Sigmoid())
    return lambda: F.mse_loss(model(x), y), torch.optim.SGD(model.parameters(), lr=0.5, fused=True)


def line():
    x, y, parameters = data.line()
    x, y, model = tensor(x), tensor(y), linear(parameters[0])
    return lambda: F.mse_loss(model(x), y), torch.optim.SGD(model.parameters(), lr=0.1, fused=True)


def binary():
    x, y, parameters = data.binary()
    x, y, model = tensor(x), tensor(y), dense(parameters, nn.ReLU)
    return lambda: F.binary_cross_entropy_with_logits(model(x), y), adam(model)


def classifier(problem, optimizer):
    x, y, parameters = problem
    x, y, model = tensor(x), tensor(y), dense(parameters, nn.ReLU)
    return lambda: F.cross_entropy(model(x), y), optimizer(model)


def narrow():
    return classifier(data.narrow(), adam)


def digits():
    return classifier(data.digits(), adam)


def mlp():
    return classifier(data.mlp(), lambda model: torch.optim.SGD(
        model.parameters(), lr=0.01, momentum=0.9, fused=True))


def cnn(channels_last=False):
    x, y, parameters = data.cnn()
    x, y = tensor(x), tensor(y)
    convolutions = [nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)]
    for layer, weights in zip(convolutions, parameters):
        load(layer, weights)
    model = nn.Sequential(
        convolutions[0], nn.ReLU(), convolutions[1], nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        linear(parameters[2]), nn.ReLU(), linear(parameters[3]))
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    return lambda: F.cross_entropy(model(x), y), adam(model)


def lstm():
    x, y, (cell, output) = data.lstm()
    x, y = tensor(x), tensor(y)
    network, output = nn.LSTM(128, 256, batch_first=True), linear(output)
    load(network, cell)
    both = nn.ModuleList([network, output])
    return lambda: F.cross_entropy(output(network(x)[1][0][0]), y), adam(both)


class Block(nn.Module):
    def __init__(self, parameters):
        super().__init__()
        self.norm1, self.norm2 = (nn.LayerNorm(data.GPT["features"]) for _ in range(2))
        for name in ["input", "output", "up", "down"]:
            setattr(self, name, linear(parameters[name]))

    def forward(self, x):
        batch, context, features = x.shape
        heads = data.GPT["heads"]
        parts = (part.view(batch, context, heads, features // heads).transpose(1, 2)
                 for part in self.input(self.norm1(x)).split(features, dim=2))
        mixed = F.scaled_dot_product_attention(*parts, is_causal=True)
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, context, features))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class GPT(nn.Module):
    def __init__(self, parameters):
        super().__init__()
        self.embedding = nn.Parameter(tensor(parameters["embedding"]))
        self.positions = nn.Parameter(tensor(parameters["positions"]))
        self.blocks = nn.ModuleList(Block(block) for block in parameters["blocks"])
        self.norm = nn.LayerNorm(data.GPT["features"])

    def forward(self, x):
        x = F.embedding(x, self.embedding) + self.positions
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.embedding)


def gpt():
    x, y, parameters = data.gpt()
    x, y, model = tensor(x), tensor(y).flatten(), GPT(parameters)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=0.001, betas=(0.9, 0.99), weight_decay=0.1, fused=True)
    return lambda: F.cross_entropy(model(x).flatten(0, 1), y), optimizer
