"""PyTorch's dense layers and embeddings."""

import torch
from torch import nn

from reference import fill, layer, sample, write

vectors = {"input": sample([2, 3], 1)}
layer("Linear", fill(nn.Linear(3, 4)), vectors)
layer("Linear rank 3", fill(nn.Linear(3, 2, bias=False)), {"input": sample([2, 2, 3], 2)})

for shape in [[], [2], [2, 3], [0]]:
    inputs = {"input1": sample(shape + [3], 3), "input2": sample(shape + [2], 4)}
    layer(f"Bilinear {shape}", fill(nn.Bilinear(3, 2, 4)), inputs)
inputs = {"input1": sample([2, 3], 3), "input2": sample([2, 2], 4)}
layer("Bilinear without bias", fill(nn.Bilinear(3, 2, 4, bias=False)), inputs)


class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        pairs = zip(sizes, sizes[1:])
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in pairs])

    def forward(self, input):
        for layer in self.layers[:-1]:
            input = torch.tanh(layer(input))
        return self.layers[-1](input)


layer("MLP", fill(MLP([3, 4, 5, 2])), vectors)

indices = {"input": torch.tensor([[0, 2, 2], [4, 1, 0]])}
layer("Embedding", fill(nn.Embedding(5, 3)), indices)
layer("Embedding padding", fill(nn.Embedding(5, 3, padding_idx=2)), indices)
layer("Embedding scalar", fill(nn.Embedding(5, 3)), {"input": torch.tensor(3)})
layer("Embedding empty", fill(nn.Embedding(5, 3)), {"input": torch.zeros(2, 0, dtype=torch.long)})

bags = {"input": torch.tensor([[0, 2, 1], [4, 0, 0], [0, 0, 0], [3, 3, 1]])}
for mode in ["sum", "mean", "max"]:
    layer(f"EmbeddingBag {mode}", fill(nn.EmbeddingBag(5, 2, mode=mode)), bags)
    layer(f"EmbeddingBag {mode} padding",
          fill(nn.EmbeddingBag(5, 2, mode=mode, padding_idx=0)), bags)

write(__file__)
