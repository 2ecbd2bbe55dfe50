import Autograd

/// A number of an optimizer's rule as a constant of each type, made once rather than at each step.
struct Coefficient {
  let variable: Variable
  private let single, double: Variable

  /// A coefficient that may require a gradient.
  init(_ variable: Variable) {
    self.variable = variable
    single = variable.cast(to: .float32)
    double = variable.cast(to: .float64)
  }

  init(_ value: Double) { self.init(Variable(value)) }

  /// The coefficient as a variable of a parameter's type.
  subscript(dtype: DType) -> Variable { dtype == .float64 ? double : single }
}
