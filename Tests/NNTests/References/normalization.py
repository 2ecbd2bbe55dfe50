"""PyTorch's normalising layers in training and evaluation, and weight and spectral normalisation."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from reference import fill, layer, sample, write

torch.manual_seed(0)


def prepared(module, training=True):
    """Gives parameters and running statistics numbers without a pattern."""
    fill(module)
    with torch.no_grad():
        for name, buffer in module.named_buffers():
            if name == "running_mean":
                buffer.copy_(sample(buffer.shape, 11))
            elif name == "running_var":
                buffer.copy_(sample(buffer.shape, 12, 0.5, 2.0))
            elif name == "num_batches_tracked":
                buffer.fill_(3)
    return module.train(training)


def once(module, input):
    return module(input)


def twice(module, input):
    return module(module(input))


shapes = {1: [4, 3], 2: [2, 3, 2], 3: [2, 3, 2, 2], 4: [2, 3, 1, 2, 2]}
kinds = {1: nn.BatchNorm1d, 2: nn.BatchNorm1d, 3: nn.BatchNorm2d, 4: nn.BatchNorm3d}
for key, shape in shapes.items():
    x = {"input": sample(shape, key, -2.0, 2.0)}
    layer(f"BatchNorm {key}", prepared(kinds[key](3)), x)
    layer(f"BatchNorm {key} evaluating", prepared(kinds[key](3), False), x)
x = {"input": sample([2, 3, 4], 5, -2.0, 2.0)}
layer("BatchNorm cumulative", prepared(nn.BatchNorm1d(3, momentum=None)), x, twice)
layer("BatchNorm momentum", prepared(nn.BatchNorm1d(3, eps=0.1, momentum=0.7)), x, twice)
layer("BatchNorm plain", prepared(nn.BatchNorm1d(3, affine=False)), x)
layer("BatchNorm untracked", prepared(nn.BatchNorm1d(3, track_running_stats=False)), x)
layer("BatchNorm untracked evaluating",
      prepared(nn.BatchNorm1d(3, track_running_stats=False), False), x)
layer("BatchNorm empty", prepared(nn.BatchNorm1d(3)), {"input": torch.zeros(0, 3)})
layer("BatchNorm constant", prepared(nn.BatchNorm1d(3)), {"input": torch.full((2, 3, 4), 0.3)})

layer("InstanceNorm", prepared(nn.InstanceNorm1d(3)), x)
layer("InstanceNorm affine", prepared(nn.InstanceNorm1d(3, affine=True)), x)
tracking = dict(affine=True, track_running_stats=True, momentum=0.3, eps=0.01)
layer("InstanceNorm tracking", prepared(nn.InstanceNorm1d(3, **tracking)), x, twice)
layer("InstanceNorm tracking evaluating", prepared(nn.InstanceNorm1d(3, **tracking), False), x)
image = {"input": sample([2, 3, 2, 2], 6, -2.0, 2.0)}
layer("InstanceNorm image", prepared(nn.InstanceNorm2d(3, track_running_stats=True)), image)

layer("LayerNorm", fill(nn.LayerNorm(4)), x)
layer("LayerNorm axes", fill(nn.LayerNorm([3, 4], eps=0.1)), x)
layer("LayerNorm without bias", fill(nn.LayerNorm(4, bias=False)), x)
layer("LayerNorm plain", nn.LayerNorm(4, elementwise_affine=False), x)
layer("RMSNorm", fill(nn.RMSNorm(4)), x, once)
layer("RMSNorm axes", fill(nn.RMSNorm([3, 4], eps=0.1)), x, once)
small = {"input": 1e-7 * x["input"]}
layer("RMSNorm small", nn.RMSNorm(4, elementwise_affine=False), small, once)
channels = {"input": sample([2, 4, 3], 7, -2.0, 2.0)}
layer("GroupNorm", fill(nn.GroupNorm(2, 4)), channels)
layer("GroupNorm one", fill(nn.GroupNorm(1, 4, eps=0.1)), channels)
layer("GroupNorm vectors", fill(nn.GroupNorm(2, 4)), {"input": sample([3, 4], 8)})
layer("GroupNorm plain", nn.GroupNorm(4, 4, affine=False), channels)
for size in [1, 2, 3, 6]:
    layer(f"LocalResponseNorm {size}", nn.LocalResponseNorm(size, 0.5, 0.6, 1.5), channels)

vectors = {"input": sample([2, 4], 9)}
layer("WeightNorm", fill(weight_norm(nn.Linear(4, 3))), vectors)
layer("WeightNorm axis 1", fill(weight_norm(nn.Linear(4, 3, bias=False), dim=1)), vectors)
layer("SpectralNorm", fill(spectral_norm(nn.Linear(4, 3))), vectors)
layer("SpectralNorm iterations",
      fill(spectral_norm(nn.Linear(4, 3), n_power_iterations=3)), vectors,
      lambda module, input: module(input) + module(2 * input))
layer("SpectralNorm axis 1", fill(spectral_norm(nn.Linear(4, 3), dim=1)), vectors)
layer("SpectralNorm evaluating", fill(spectral_norm(nn.Linear(4, 3))).eval(), vectors)

write(__file__)
