import Autograd

/// A number of an optimizer's rule as a constant of each type, made once rather than at each step.
struct Coefficient {
  private let single, double: Variable

  init(_ value: Double) {
    single = Variable(value).cast(to: .float32)
    double = Variable(value).cast(to: .float64)
  }

  /// The coefficient as a variable of a parameter's type.
  subscript(dtype: DType) -> Variable { dtype == .float64 ? double : single }
}
