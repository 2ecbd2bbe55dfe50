import Autograd
import Oracles

/// One operation of the library, in its own words and, by name, in the words of the naive
/// references (``naiveOperation(_:_:_:)``), with the inputs on which the two are compared.
struct OperationCase: Sendable {
  /// The operation; both forms get the integers of a sample: axes, sizes, a choice.
  typealias Form = @Sendable (_ inputs: [Variable], _ integers: [Int]) -> Variable

  let name: String
  let form: Form
  var samples: [OperationSample]

  /// Whether element i of the result depends on the elements i of the inputs only.
  var isElementwise = false
  /// Whether gradients flow; if not, only values are compared.
  var isDifferentiable = true
  /// The largest error of values in float64, relative to each element if the operation is
  /// elementwise, else to the largest element.
  var valueTolerance: WideFloat = 1e-12
  /// The largest error of first derivatives in float64, relative to the forward magnitude.
  var tolerance: WideFloat = 1e-12
  /// What errors of derivatives are measured by at least, in multiples of the largest cotangent.
  ///
  /// It is the size of the terms of derivatives that may vanish by cancellation; else 0.
  var cancellation: WideFloat = 0
  /// Points at which the derivative is infinite with a sign that means nothing.
  var singularPoints: [Double] = []
}

extension OperationCase {
  /// An operation through which no gradient flows.
  static func constant(_ operation: OperationCase) -> OperationCase {
    var result = operation
    result.isDifferentiable = false
    return result
  }

  /// The operation without the samples whose label contains a word.
  func without(_ word: String) -> OperationCase {
    var result = self
    result.samples.removeAll { $0.label.contains(word) }
    return result
  }

  /// The operation, whose derivatives may vanish by cancellation of terms of size 1.
  var cancelling: OperationCase {
    var result = self
    result.cancellation = 1
    return result
  }
}

/// One input of a sample: its numbers, and how they lie in memory.
struct SampleInput: Sendable {
  var values: WideArray
  var layout = SampleLayout.dense
  /// Masks and indices are constants.
  var isDifferentiable = true
}

/// How an input lies in memory; all but the first are views of a larger array.
enum SampleLayout: String, Sendable, CaseIterable {
  case dense, transposed, sliced, reversed
  /// Repeats the first element of its first axis with a stride of 0.
  case expanded
}

/// Inputs of one operation.
struct OperationSample: Sendable {
  let name: String
  var label: String
  var inputs: [SampleInput]
  var integers: [Int] = []
  /// The only input is passed this often.
  var copies = 1
  /// Contains infinities, NaNs or numbers outside of the domain: first derivatives are compared
  /// where dual numbers have finite ones, and higher derivatives not at all.
  var isSpecial = false
  /// Too many elements for anything but values and one directional derivative.
  var isLarge = false

  var values: [WideArray] { inputs.map(\.values) }

  /// The number of elements by which the operation is differentiated.
  var differentiableCount: Int {
    inputs.filter(\.isDifferentiable).reduce(0) { $0 + $1.values.count }
  }
}

extension OperationSample: NaiveFunction {
  func callAsFunction<S: RealScalar>(_ inputs: [NaiveArray<S>]) -> NaiveArray<S> {
    let all = copies > 1 ? Array(repeating: inputs[0], count: copies) : inputs
    return naiveOperation(name, all, integers)
  }

  /// Random directions, 0 for the inputs that are constants.
  func directions(_ random: inout SplitMix64) -> [WideArray] {
    inputs.map {
      $0.isDifferentiable
        ? random.array($0.values.shape, .any) : WideArray(repeating: 0, shape: $0.values.shape)
    }
  }
}

/// A generator whose numbers depend on what is tested, and on nothing else.
func seeded(_ words: String...) -> SplitMix64 {
  // FNV-1a, which is the same in every run; Swift's own hashes are not.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in words.joined(separator: "/").utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  return SplitMix64(seed: hash)
}
