import Autograd

/// The learning rate of an optimizer: a number in a leaf of its own, or a variable of the caller's.
struct LearningRate {
  private(set) var variable: Variable
  private var isOwn: Bool

  /// Numbers are kept in double precision: rules cast to the type of the parameter.
  init(_ rate: Variable) {
    isOwn = rate.literal != nil
    variable = isOwn ? rate.cast(to: .float64) : rate
  }

  /// Takes a number in place, so that whatever reads the leaf sees the change, and a variable
  /// instead of the old one.
  mutating func replace(by rate: Variable) {
    if isOwn, rate.literal != nil {
      variable.assign(rate)
    } else {
      self = LearningRate(rate)
    }
  }

  /// The rate as an operand of a recorded rule, of a parameter's type.
  ///
  /// A copy, never the own leaf itself: that may change before the graph is differentiated.
  func value(as dtype: DType) -> Variable {
    isOwn && dtype == variable.dtype ? variable.copied() : variable.cast(to: dtype)
  }
}
