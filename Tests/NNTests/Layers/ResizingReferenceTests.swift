import Autograd
import NN
import Testing

/// Layers that resize, pad and rearrange images against PyTorch's values and gradients in float64.
@Suite struct ResizingReferenceTests {
  @Test func `Resized images are PyTorch's in value and gradient`() throws {
    try expectReferences(
      "resizing",
      of: { $0.contains("linear") || $0.hasPrefix("nearest") || $0.hasPrefix("bicubic") },
      [
        "nearest size": Upsample(size: [7, 5]), "nearest scale": Upsample(scale: 2),
        "nearest fraction": Upsample(scale: 1.7), "nearest smaller": Upsample(size: 2),
        "nearest empty": Upsample(scale: 2),
        "linear": Upsample(size: 8, by: .linear()),
        "linear smaller": Upsample(size: 3, by: .linear()),
        "linear aligned": Upsample(size: 8, by: .linear(alignsCorners: true)),
        "linear fraction": Upsample(scale: 1.7, by: .linear()),
        "linear to one": Upsample(size: 1, by: .linear(alignsCorners: true)),
        "bilinear": Upsample(size: [7, 2], by: .linear()),
        "bilinear scale": Upsample(scale: 2, by: .linear()),
        "bilinear aligned": Upsample(scale: 2.5, by: .linear(alignsCorners: true)),
        "trilinear": Upsample(size: [3, 2, 4], by: .linear()),
        "bicubic": Upsample(size: [7, 5], by: .cubic()),
        "bicubic smaller": Upsample(scale: 0.7, by: .cubic()),
        "bicubic aligned": Upsample(size: [6, 7], by: .cubic(alignsCorners: true)),
      ])
  }

  @Test func `Padded images are PyTorch's in value and gradient`() throws {
    // PyTorch lists the widths of the last axis first.
    try expectReferences(
      "resizing", of: { $0.hasPrefix("pad") },
      [
        "pad zeros": Pad(before: [2, 1], after: [3, 0]),
        "pad reflect 1d": Pad(before: 4, after: 2, mode: .reflect),
        "pad reflect": Pad(before: [0, 2], after: [3, 1], mode: .reflect),
        "pad reflect 3d": Pad(before: [1, 2, 1], after: [1, 1, 0], mode: .reflect),
        "pad replicate": Pad(before: [0, 2], after: [5, 4], mode: .replicate),
        "pad replicate 3d": Pad(before: [1, 2, 1], after: [3, 1, 0], mode: .replicate),
        "pad circular": Pad(before: [0, 3], after: [4, 1], mode: .circular),
        "pad circular 1d": Pad(before: 2, after: 5, mode: .circular),
      ])
  }

  @Test func `Rearranged images are PyTorch's in value and gradient`() throws {
    try expectReferences(
      "resizing", of: { $0.contains("shuffle") || $0.contains("fold") },
      [
        "pixel shuffle": PixelShuffle(factor: 2), "pixel unshuffle": PixelUnshuffle(factor: 2),
        "channel shuffle": ChannelShuffle(groups: 4),
        "unfold": Unfold2d(size: [2, 3], stride: [1, 2], padding: [1, 2], dilation: [2, 1]),
        "unfold empty": Unfold2d(size: 2),
        "fold": Fold2d(
          outputSize: [4, 3], size: 2, stride: [1, 2], padding: [1, 0], dilation: [2, 1]),
      ])
  }
}
