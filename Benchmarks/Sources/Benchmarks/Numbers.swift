import Autograd

/// A source of numbers that is the same in `peers/data.py`, so that all sides start from the same
/// weights and data: element i of array n is a hash of both.
struct Numbers {
  private var arrays: UInt32 = 0

  /// A 24-bit fraction for each element of the next array: the finalizer of MurmurHash3
  /// (Appleby, 2011).
  private mutating func fractions(_ count: Int) -> [UInt32] {
    arrays += 1
    let start = arrays &* 0x9E37_79B9
    return (0..<UInt32(count)).map { index in
      var h = start &+ index
      h = (h ^ (h >> 16)) &* 0x85EB_CA6B
      h = (h ^ (h >> 13)) &* 0xC2B2_AE35
      return (h ^ (h >> 16)) >> 8
    }
  }

  /// The next array, uniform in [−bound, bound).
  mutating func uniform(_ shape: Shape, bound: Double = 1, dtype: DType = .float32) -> Variable {
    let units = fractions(shape.elementCount)
    if dtype == .float64 {
      return Variable(Tensor(units.map { (Double($0) * 0x1p-23 - 1) * bound }, shape: shape))
    }
    return Variable(Tensor(units.map { (Float($0) * 0x1p-23 - 1) * Float(bound) }, shape: shape))
  }

  /// The next array, of integers in 0..<limit.
  mutating func integers(_ shape: Shape, below limit: Int) -> Variable {
    Variable(Tensor(fractions(shape.elementCount).map { Int64($0) % Int64(limit) }, shape: shape))
  }

  /// A leaf of the next numbers, by default within 1 / √inputs.
  mutating func parameter(_ shape: Shape, bound: Double? = nil) -> Variable {
    let inputs = Double(shape.elementCount / shape[0])
    let values = uniform(shape, bound: bound ?? 1 / inputs.squareRoot())
    return Variable(values.value, requiresGradient: true)
  }
}
