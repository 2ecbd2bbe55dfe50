"""PyTorch's recurrent cells and layers."""

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reference import fill, layer, sample, write


def joined(*tensors):
    return torch.cat([x.flatten() for x in tensors])


def flat(result):
    """All numbers that a layer returns: outputs, then final states."""
    outputs, states = result
    return joined(outputs, *(states if isinstance(states, tuple) else [states]))


def packed(lengths, steps, batch_first=True):
    def call(module, x, *states, **named):
        states = tuple(named.values())
        pack = pack_padded_sequence(x, lengths, batch_first=batch_first, enforce_sorted=False)
        state = states if len(states) > 1 else states[0] if states else None
        outputs, ends = module(pack, state)
        outputs, _ = pad_packed_sequence(outputs, batch_first=batch_first, total_length=steps)
        return flat((outputs, ends))

    return call


def from_state(module, x, h, c=None):
    return flat(module(x, h if c is None else (h, c)))


step = lambda module, x, h: module(x, h)
x, h, c = sample([2, 3], 1), sample([2, 4], 2), sample([2, 4], 3)
for kind in ["tanh", "relu"]:
    cell = fill(torch.nn.RNNCell(3, 4, nonlinearity=kind))
    layer(f"RNNCell {kind}", cell, {"x": x, "h": h}, step)
layer("RNNCell no bias", fill(torch.nn.RNNCell(3, 4, bias=False)), {"x": x, "h": h}, step)
layer("GRUCell", fill(torch.nn.GRUCell(3, 4)), {"x": x, "h": h}, step)
layer("GRUCell no bias", fill(torch.nn.GRUCell(3, 4, bias=False)), {"x": x, "h": h}, step)
layer("LSTMCell", fill(torch.nn.LSTMCell(3, 4)), {"x": x, "h": h, "c": c},
      lambda module, x, h, c: joined(*module(x, (h, c))))
layer("LSTMCell zero state", fill(torch.nn.LSTMCell(3, 4)), {"x": x},
      lambda module, x: joined(*module(x)))

x = sample([3, 4, 2], 1)
kinds = {"RNN": torch.nn.RNN, "GRU": torch.nn.GRU, "LSTM": torch.nn.LSTM}
for name, kind in kinds.items():
    plain = lambda module, x: flat(module(x))
    states = ["h", "c"] if name == "LSTM" else ["h"]
    layer(f"{name} plain", fill(kind(2, 3, batch_first=True)), {"x": x}, plain)
    layer(f"{name} steps first", fill(kind(2, 3)), {"x": x}, plain)
    layer(f"{name} one step", fill(kind(2, 3, batch_first=True)), {"x": x[:1, :1]}, plain)
    layer(f"{name} lengths", fill(kind(2, 3, batch_first=True)), {"x": x}, packed([2, 4, 1], 4))
    both = fill(kind(2, 3, 2, bias=False, bidirectional=True, batch_first=True))
    starts = {"x": x} | {s: sample([4, 3, 3], 4 + i) for i, s in enumerate(states)}
    layer(f"{name} deep", both, starts, from_state)
    layer(f"{name} deep lengths", both, starts, packed([2, 4, 1], 4))
relu = fill(torch.nn.RNN(2, 3, nonlinearity="relu", bidirectional=True, batch_first=True))
layer("RNN relu", relu, {"x": x}, lambda module, x: flat(module(x)))
projected = fill(torch.nn.LSTM(2, 3, 2, proj_size=2, bidirectional=True))
starts = {"x": sample([4, 3, 2], 1), "h": sample([4, 3, 2], 5), "c": sample([4, 3, 3], 6)}
layer("LSTM projection", projected, starts, from_state)
layer("LSTM projection lengths", projected, starts, packed([4, 1, 3], 4, batch_first=False))

write(__file__)
