"""PyTorch's losses; where it has none, their formulas.

Each loss has a case for each reduction: "<name> mean", "<name> sum", "<name> none".
"""

import torch
import torch.nn.functional as F

from reference import case, sample, write


def reduced(losses, reduction):
    return {"mean": losses.mean, "sum": losses.sum, "none": lambda: losses}[reduction]()


def loss(name, inputs, function, extra=None):
    """Cases of a function with a keyword argument `reduction`."""
    for reduction in ["mean", "sum", "none"]:
        case(f"{name} {reduction}", inputs, lambda **x: function(**x, reduction=reduction), extra)


def formula(name, inputs, function, extra=None):
    """Cases of a function that returns the losses of its elements."""
    loss(name, inputs, lambda reduction, **x: reduced(function(**x), reduction), extra)


x = sample([4, 3], 1)
t = sample([4, 3], 2)
positive = sample([4, 3], 3, 0.2, 3.0)
signs = torch.where(sample([4, 3], 5) > 0, 1.0, -1.0)
labels = torch.where(sample([4, 3], 5) > 0, 1.0, 0.0)
probability = sample([4, 3], 6, 0.05, 0.95)
shares = F.softmax(sample([4, 3], 7, -2, 2), dim=1)
indices = torch.tensor([2, 0, 1, 2])
weights = torch.tensor([0.5, 2.0, 1.25])
pair = {"prediction": x, "target": t}

# Regression.
loss("mse", pair, lambda prediction, target, reduction: F.mse_loss(prediction, target, reduction=reduction))
loss("mae", pair, lambda prediction, target, reduction: F.l1_loss(prediction, target, reduction=reduction))
loss("huber", pair, lambda prediction, target, reduction: F.huber_loss(prediction, target, reduction=reduction, delta=0.75))
loss("smoothL1", pair, lambda prediction, target, reduction: F.smooth_l1_loss(prediction, target, reduction=reduction, beta=0.75))
formula("logCosh", {"prediction": 3 * x, "target": t}, lambda prediction, target: torch.log(torch.cosh(prediction - target)))
formula("pinball", pair, lambda prediction, target: torch.maximum(0.3 * (target - prediction), -0.7 * (target - prediction)))
formula("msle", {"prediction": positive, "target": positive.flip(0)}, lambda prediction, target: (torch.log1p(prediction) - torch.log1p(target)) ** 2)
formula("mape", pair, lambda prediction, target: 100 * ((prediction - target) / target).abs())

# Likelihoods.
counts = torch.tensor([[0.0, 1.0, 2.0], [3.0, 0.5, 7.0], [1.5, 0.0, 4.0], [2.0, 1.0, 5.0]])
for full in [False, True]:
    if full:
        # PyTorch's gradient by a count of 0 would be NaN.
        counts = counts.clamp(min=0.25)
    loss(f"poisson {str(full).lower()}", {"logRate": x, "counts": counts}, lambda logRate, counts, reduction: F.poisson_nll_loss(logRate, counts, full=full, reduction=reduction))
    loss(f"poisson rate {str(full).lower()}", {"rate": positive, "counts": counts}, lambda rate, counts, reduction: F.poisson_nll_loss(rate, counts, log_input=False, full=full, reduction=reduction))
    loss(f"gaussian {str(full).lower()}", {"mean": x, "target": t, "variance": positive}, lambda mean, target, variance, reduction: F.gaussian_nll_loss(mean, target, variance, full=full, reduction=reduction))
small = torch.tensor([0.0, 1e-9, 0.5])
loss("gaussian limited", {"mean": x[0], "target": t[0], "variance": small}, lambda mean, target, variance, reduction: F.gaussian_nll_loss(mean, target, variance, eps=1e-3, reduction=reduction))

# Divergences: the sum over the classes is one loss.
log_shares = F.log_softmax(sample([4, 3], 8, -2, 2), dim=1)
divergence = {"prediction": log_shares, "target": shares}
formula("kl", divergence, lambda prediction, target: F.kl_div(prediction, target, reduction="none").sum(1))
case("kl batchmean", divergence, lambda prediction, target: F.kl_div(prediction, target, reduction="batchmean"))
formula("kl log", {"prediction": log_shares, "target": shares.log()}, lambda prediction, target: F.kl_div(prediction, target, reduction="none", log_target=True).sum(1))

# Two classes.
loss("bce", {"probability": probability, "target": shares}, lambda probability, target, reduction: F.binary_cross_entropy(probability, target, weight=weights, reduction=reduction), {"weights": weights})
loss("bceLogits", {"logit": 4 * x, "target": shares}, lambda logit, target, reduction: F.binary_cross_entropy_with_logits(logit, target, weight=weights, pos_weight=weights.flip(0), reduction=reduction), {"weights": weights, "positiveWeight": weights.flip(0)})
signed = {"score": 2 * x, "target": signs}
formula("hinge", signed, lambda score, target: F.relu(1 - target * score))
formula("squaredHinge", signed, lambda score, target: F.relu(1 - target * score) ** 2)
loss("softMargin", signed, lambda score, target, reduction: F.soft_margin_loss(score, target.detach(), reduction=reduction))
loss("marginRanking", {"first": x, "second": t, "target": signs}, lambda first, second, target, reduction: F.margin_ranking_loss(first, second, target, margin=0.25, reduction=reduction))
loss("hingeEmbedding", {"distance": positive, "target": signs}, lambda distance, target, reduction: F.hinge_embedding_loss(distance, target, margin=1.5, reduction=reduction))


def binary_focal(logit, target, gamma, alpha):
    p = torch.sigmoid(logit)
    right = p * target + (1 - p) * (1 - target)
    losses = F.binary_cross_entropy_with_logits(logit, target, reduction="none") * (1 - right) ** gamma
    return losses if alpha is None else losses * (alpha * target + (1 - alpha) * (1 - target))


formula("binaryFocal", {"logit": 2 * x, "target": labels}, lambda logit, target: binary_focal(logit, target, 2, 0.25))
formula("binaryFocal soft", {"logit": 2 * x, "target": shares}, lambda logit, target: binary_focal(logit, target, 1.5, None))

# Several classes.
logits = 3 * x


def focal(logits, target, gamma, weights):
    log_p = F.log_softmax(logits, dim=1)
    return -((1 - log_p.exp()) ** gamma * log_p * target * weights).sum(1)


one_hot = F.one_hot(indices, 3).double()
picked = {"classIndices": indices, "weights": weights}
for reduction in ["sum", "none"]:
    case(f"focal indices {reduction}", {"logits": logits}, lambda logits: reduced(focal(logits, one_hot, 2, weights), reduction), picked)
case("focal indices mean", {"logits": logits}, lambda logits: focal(logits, one_hot, 2, weights).sum() / weights[indices].sum(), picked)
formula("focal probabilities", {"logits": logits, "target": shares}, lambda logits, target: focal(logits, target, 1.5, weights), {"weights": weights})
for power in [1, 2]:
    loss(f"multiMargin {power}", {"scores": logits}, lambda scores, reduction: F.multi_margin_loss(scores, indices, p=power, margin=0.8, weight=weights, reduction=reduction), picked)
lists = torch.tensor([[0, 2, -1], [1, -1, 0], [-1, 1, 2], [0, 1, 2]])
several = torch.tensor([[1.0, 0, 1], [0, 1, 0], [0, 0, 0], [1, 1, 1]])
loss("multiLabelMargin", {"scores": logits}, lambda scores, reduction: F.multilabel_margin_loss(scores, lists, reduction=reduction), {"target": several})
loss("multiLabelSoftMargin", {"logits": logits, "target": several}, lambda logits, target, reduction: F.multilabel_soft_margin_loss(logits, target, weight=weights, reduction=reduction), {"weights": weights})
case("multiMargin single", {"scores": logits[0]}, lambda scores: F.multi_margin_loss(scores, torch.tensor(1)))

# Embeddings.
a, p, n = sample([4, 3], 11), sample([4, 3], 12), sample([4, 3], 13)
side = torch.tensor([1.0, -1.0, 1.0, -1.0])
formula("cosine", {"first": a, "second": p}, lambda first, second: F.cosine_similarity(first, second, dim=-1))
formula("cosine axis", {"first": a, "second": p}, lambda first, second: F.cosine_similarity(first, second, dim=0))
loss("cosineEmbedding", {"first": a, "second": p, "target": side}, lambda first, second, target, reduction: F.cosine_embedding_loss(first, second, target, margin=-0.9, reduction=reduction))
formula("contrastive", {"distance": positive, "target": labels}, lambda distance, target: target * distance**2 + (1 - target) * F.relu(1.5 - distance) ** 2)
triplet = {"anchor": a, "positive": p, "negative": n}
loss("triplet", triplet, lambda anchor, positive, negative, reduction: F.triplet_margin_loss(anchor, positive, negative, reduction=reduction))
loss("triplet swap", triplet, lambda anchor, positive, negative, reduction: F.triplet_margin_loss(anchor, positive, negative, margin=0.8, p=3, swap=True, reduction=reduction))
case("distance", {"first": a, "second": p}, lambda first, second: F.pairwise_distance(first, second, p=1))

# Overlap.
areas = {"probability": sample([3, 2, 2], 14, 0.05, 0.95), "target": sample([3, 2, 2], 15, 0.0, 1.0).round()}


def tversky(p, t, alpha, beta, s):
    axes = [1, 2]
    common, excess, missed = (t * p).sum(axes), ((1 - t) * p).sum(axes), (t * (1 - p)).sum(axes)
    return 1 - (common + s) / (common + alpha * excess + beta * missed + s)


formula("dice", areas, lambda probability, target: 1 - (2 * (probability * target).sum([1, 2]) + 0.5) / (probability.sum([1, 2]) + target.sum([1, 2]) + 0.5))
formula("tversky", areas, lambda probability, target: tversky(probability, target, 0.3, 0.7, 1))

# Sequences. Lengths 3, 2, 1 and 0; the second target repeats a label.
steps = sample([6, 4, 5], 16, -2, 2)
targets = torch.tensor([[1, 3, 2], [4, 4, 0], [3, 0, 0], [0, 0, 0]])
lengths = {"input": torch.tensor([6, 5, 4, 6]), "target": torch.tensor([3, 2, 1, 0])}


def ctc(steps, targets, lengths, reduction="none", **options):
    return F.ctc_loss(F.log_softmax(steps, 2), targets, lengths["input"], lengths["target"], reduction=reduction, **options)


stored = {"targets": targets, "inputLengths": lengths["input"], "targetLengths": lengths["target"]}
loss("ctc", {"steps": steps}, lambda steps, reduction: ctc(steps, targets, lengths, reduction), stored)
other = torch.tensor([[1, 3, 2], [0, 0, 3], [3, 1, 1], [1, 2, 1]])
whole = {"input": torch.tensor([6] * 4), "target": torch.tensor([3] * 4)}
case("ctc blank", {"steps": steps}, lambda steps: ctc(steps, other, whole, "mean", blank=4), {"targets": other})
# Two equal labels need three steps, three labels three.
short = {"input": torch.tensor([2, 2, 3, 2]), "target": torch.tensor([3, 2, 3, 1])}
repeated = torch.tensor([[1, 3, 2], [4, 4, 0], [3, 1, 2], [1, 0, 0]])
stored = {"targets": repeated, "inputLengths": short["input"], "targetLengths": short["target"]}
loss("ctc short", {"steps": steps}, lambda steps, reduction: ctc(steps, repeated, short, reduction, zero_infinity=True), stored)
infinite = ctc(steps, repeated, short)
assert infinite.isinf().tolist() == [True, True, False, False]

write(__file__)
