"""PyTorch's attention, Transformers and positions."""

import torch
import torch.nn.functional as F

from reference import case, fill, layer, sample, write

nn = torch.nn
minus = float("-inf")


def joined(*tensors):
    return torch.cat([x.flatten() for x in tensors])


# Masks as they are here: true where a query may attend. PyTorch's layers take the opposite.
pairs = torch.tensor([[1, 0, 1, 1], [0, 1, 0, 0], [1, 1, 0, 1]], dtype=torch.bool)
keys = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]], dtype=torch.bool)
words = torch.tensor([[1, 1, 0], [1, 1, 1]], dtype=torch.bool)
perHead = torch.tensor([i % 3 != 1 for i in range(2 * 2 * 3 * 4)]).reshape(2, 2, 3, 4)
bias = sample([3, 4], 7)
biasWithInfinity = torch.where(pairs, bias, minus)
causal = torch.ones(3, 3, dtype=torch.bool).tril()

x, memory = sample([2, 3, 4], 1), sample([2, 4, 4], 2)
mha = fill(nn.MultiheadAttention(4, 2, batch_first=True))


def attend(module, query, key, value=None, **options):
    value = key if value is None else value
    return module(query, key, value, need_weights=False, **options)[0]


layer("self", mha, {"x": x}, lambda m, x: attend(m, x, x))
layer("self no bias", fill(nn.MultiheadAttention(4, 1, bias=False, batch_first=True)), {"x": x},
      lambda m, x: attend(m, x, x))
layer("self causal keys", mha, {"x": x, "words": words},
      lambda m, x, words: attend(m, x, x, attn_mask=~causal, key_padding_mask=~words))
layer("cross", mha, {"x": x, "memory": memory}, lambda m, x, memory: attend(m, x, memory))
layer("cross pairs", mha, {"x": x, "memory": memory, "pairs": pairs, "keys": keys},
      lambda m, x, memory, pairs, keys: attend(
          m, x, memory, attn_mask=~pairs, key_padding_mask=~keys))
layer("cross heads", mha, {"x": x, "memory": memory, "pairs": perHead},
      lambda m, x, memory, pairs: attend(m, x, memory, attn_mask=~pairs.reshape(4, 3, 4)))
layer("cross bias", mha, {"x": x, "memory": memory, "pairs": bias, "keys": keys},
      lambda m, x, memory, pairs, keys: attend(
          m, x, memory, attn_mask=pairs,
          key_padding_mask=torch.where(keys, 0.0, minus)))
layer("cross infinite bias", mha, {"x": x, "memory": memory},
      lambda m, x, memory: attend(m, x, memory, attn_mask=biasWithInfinity),
      {"pairs": biasWithInfinity})
layer("three sizes", fill(nn.MultiheadAttention(4, 2, kdim=3, vdim=2, batch_first=True)),
      {"x": x, "keys": sample([2, 4, 3], 3), "values": sample([2, 4, 2], 4)},
      lambda m, x, keys, values: attend(m, x, keys, values))
layer("weights", mha, {"x": x, "memory": memory, "pairs": pairs},
      lambda m, x, memory, pairs: joined(*m(
          x, memory, memory, attn_mask=~pairs, average_attn_weights=False)))
layer("averaged weights", mha, {"x": x, "memory": memory},
      lambda m, x, memory: joined(*m(x, memory, memory)))


def grouped(x, q, k, v):
    q, k, v = F.linear(x, q), F.linear(x, k), F.linear(x, v)
    q, k, v = (t.unflatten(2, (-1, 2)).transpose(1, 2) for t in (q, k, v))
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    return y.transpose(1, 2).flatten(2)


case("grouped", {"x": sample([2, 3, 8], 1), "q": sample([8, 8], 2),
                 "k": sample([4, 8], 3), "v": sample([4, 8], 4)}, grouped)


def rotated(x, offset):
    """Features i and i + E/2 as a complex number, turned by multiplication."""
    half = x.shape[-1] // 2
    angles = torch.outer(torch.arange(offset, offset + x.shape[-2], dtype=torch.float64),
                         10000.0 ** (-torch.arange(half) / half))
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones(1), angles)
    return torch.cat([turned.real, turned.imag], -1)


case("rotary", {"x": sample([2, 3, 6], 1)}, lambda x: rotated(x, 0))
case("rotary offset", {"x": sample([1, 2, 4], 1)}, lambda x: rotated(x, 5))


def sinusoidal(x):
    positions = torch.arange(x.shape[-2]).unsqueeze(1)
    rates = torch.exp(torch.arange(0, x.shape[-1], 2) * (-torch.tensor(10000.0).log() / x.shape[-1]))
    waves = torch.zeros(x.shape[-2:])
    waves[:, 0::2] = torch.sin(positions * rates)
    waves[:, 1::2] = torch.cos(positions * rates)
    return x + waves


case("sinusoidal", {"x": sample([2, 5, 6], 1)}, sinusoidal)

options = {"dim_feedforward": 5, "dropout": 0.0, "batch_first": True}
relu = fill(nn.TransformerEncoderLayer(4, 2, **options))
gelu = fill(nn.TransformerEncoderLayer(
    4, 2, activation="gelu", norm_first=True, layer_norm_eps=1e-3, **options))
layer("encoder layer", relu, {"x": x}, lambda m, x: m(x))
layer("encoder layer masked", relu, {"x": x, "words": words},
      lambda m, x, words: m(x, src_mask=~causal, src_key_padding_mask=~words))
layer("encoder layer norm first", gelu, {"x": x, "words": words},
      lambda m, x, words: m(x, src_key_padding_mask=~words))
layer("encoder layer no bias", fill(nn.TransformerEncoderLayer(4, 2, bias=False, **options)),
      {"x": x}, lambda m, x: m(x))
layer("encoder", fill(nn.TransformerEncoder(
    nn.TransformerEncoderLayer(4, 1, **options), 2, nn.LayerNorm(4), enable_nested_tensor=False)),
    {"x": x}, lambda m, x: m(x, mask=~causal))

relu = fill(nn.TransformerDecoderLayer(4, 2, **options))
gelu = fill(nn.TransformerDecoderLayer(4, 2, activation="gelu", norm_first=True, **options))
both = {"x": x, "memory": memory}
layer("decoder layer", relu, both, lambda m, x, memory: m(x, memory))
masked = lambda m, x, memory, keys: m(x, memory, tgt_mask=~causal, memory_key_padding_mask=~keys)
layer("decoder layer masked", relu, both | {"keys": keys}, masked)
layer("decoder layer norm first", gelu, both | {"keys": keys}, masked)
layer("decoder", fill(nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 1, **options), 2)), both,
      lambda m, x, memory: m(x, memory))

layer("transformer", fill(nn.Transformer(4, 2, 1, 1, **options)),
      {"source": memory, "target": x, "keys": keys},
      lambda m, source, target, keys: m(
          source, target, tgt_mask=~causal, src_key_padding_mask=~keys,
          memory_key_padding_mask=~keys))

write(__file__)
