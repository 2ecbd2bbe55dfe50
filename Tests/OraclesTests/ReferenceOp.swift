// The operations and inputs of goldens.py, by name.
import Oracles
import Testing

/// A reference operation with its inputs: PyTorch's values of it are in Goldens.swift.
struct ReferenceOp: NaiveFunction, CustomTestStringConvertible {
  let name: String
  let inputs: [WideArray]

  init(_ name: String) {
    self.name = name
    let specification = referenceInputs[name]!
    inputs = specification.enumerated().map { seed, input in input.array(seed) }
  }

  var testDescription: String { name }

  static let all = goldens.keys.sorted().map { ReferenceOp($0) }

  func callAsFunction<S: RealScalar>(_ inputs: [NaiveArray<S>]) -> NaiveArray<S> {
    reductionOp(name, inputs) ?? layerOp(name, inputs) ?? productOp(name, inputs)
      ?? layoutOp(name, inputs) ?? scalarOp(name, inputs) ?? lossOp(name, inputs)!
  }
}

/// How goldens.py fills an input.
enum InputPattern {
  /// Distinct multiples of 1/32 in ±1.6.
  case plain([Int])
  /// −1, 0 and 1.
  case ties([Int])
  /// In (0, 0.8).
  case unit([Int])

  func array(_ seed: Int) -> WideArray {
    switch self {
    case .plain(let shape):
      filled(shape) { WideFloat((37 * $0 + 17 * seed + 5) % 101 - 50) / 32 }
    case .ties(let shape):
      filled(shape) { WideFloat((7 * $0 + seed) % 3 - 1) }
    case .unit(let shape):
      filled(shape) { WideFloat((37 * $0 + 17 * seed + 5) % 101 + 1) / 128 }
    }
  }

  private func filled(_ shape: [Int], _ element: (Int) -> WideFloat) -> WideArray {
    WideArray((0..<shape.reduce(1, *)).map(element), shape: shape)
  }
}

private let matrix = InputPattern.plain([2, 3])
private let cube = InputPattern.plain([2, 3, 4])
private let images = InputPattern.plain([1, 2, 5, 6])
private let sequences: [InputPattern] = [
  .plain([2, 3, 4]), .plain([2, 3, 4]), .plain([2, 3, 2]),
]

let referenceInputs: [String: [InputPattern]] = [
  "sumAxis": [cube], "meanAxis": [cube], "prodAxis": [.plain([3, 4])],
  "prodWithZero": [.ties([2, 2])], "amaxTies": [.ties([2, 5])], "aminTies": [.ties([2, 5])],
  "variance": [cube], "deviation": [cube], "norm2": [matrix], "norm3": [matrix],
  "norm1": [matrix], "normInfinity": [.ties([2, 5])], "logSumExp": [cube], "cumsum": [matrix],
  "cumprod": [matrix], "sortDescending": [matrix], "topK": [cube],
  "softmax": [matrix], "logSoftmax": [matrix],
  "layerNorm": [cube, .plain([3, 4]), .plain([3, 4])], "rmsNorm": [matrix, .plain([3])],
  "batchNorm": [.plain([3, 2, 4]), .plain([2]), .plain([2])],
  "attention": sequences, "attentionCausal": sequences,
  "attentionMasked": [.plain([2, 4]), .plain([3, 4]), .plain([3, 2])],
  "conv1d": [.plain([2, 4, 9]), .plain([4, 2, 3]), .plain([4])],
  "conv2d": [images, .plain([3, 2, 3, 2]), .plain([3])],
  "convTranspose2d": [.plain([1, 4, 2, 3]), .plain([4, 1, 3, 2]), .plain([2])],
  "maxPool2d": [images], "maxPool2dTies": [.ties([1, 1, 4, 4])], "avgPool2d": [images],
  "avgPool2dInside": [images], "adaptiveAvgPool2d": [.plain([1, 2, 5, 7])],
  "einsumBatch": [cube, .plain([2, 4, 2])], "einsumDiagonal": [.plain([3, 3]), .plain([3])],
  "einsumImplicit": [matrix, .plain([3, 4])],
  "matmulBroadcast": [.plain([2, 1, 2, 3]), .plain([2, 3, 2])],
  "matmulVector": [.plain([3]), .plain([2, 3, 2])], "tensordot": [cube, .plain([4, 2, 3])],
  "addmm": [.plain([3]), matrix, .plain([3, 3])],
  "gather": [matrix], "scatter": [matrix, matrix], "scatterAdd": [matrix, matrix],
  "indexAdd": [matrix, .plain([2, 4])], "embedding": [.plain([3, 2])], "pad": [matrix],
  "slice": [.plain([3, 5])], "roll": [matrix], "trilTriu": [.plain([3, 4])], "diagonal": [cube],
  "trace": [.plain([3, 4])], "tileRepeat": [matrix], "movedAxis": [cube],
  "stackConcatenate": [matrix, matrix], "whereFill": [matrix, .plain([3])],
  "clamp": [.ties([2, 3]), matrix], "gelu": [matrix], "geluTanh": [matrix],
  "siluSoftplus": [matrix], "logSigmoid": [matrix], "eluLeaky": [matrix],
  "reluAbsTies": [.ties([2, 3])], "binaries": [matrix, .unit([2, 3])],
  "remainder": [matrix, .unit([2, 3])], "mse": [matrix, matrix], "l1": [matrix, matrix],
  "huber": [matrix, matrix], "bce": [.unit([2, 3]), .unit([2, 3])],
  "bceWithLogits": [matrix, .unit([2, 3])], "crossEntropy": [.plain([3, 4])],
  "nllImages": [.plain([2, 3, 3])],
]
