import Autograd

/// What a loss makes of the losses of its elements.
public enum Reduction: Sendable, CaseIterable {
  /// Their mean; weighted losses are divided by the sum of their weights.
  case mean
  /// Their sum.
  case sum
  /// The losses themselves, in the shape of the targets.
  case none

  /// Applies the reduction.
  func callAsFunction(_ losses: Variable) -> Variable {
    switch self {
    case .mean: losses.mean()
    case .sum: losses.sum()
    case .none: losses
    }
  }
}

/// Losses never broadcast: a [4, 1] prediction and a [4] target would silently make 16 differences.
func requireEqual(
  _ prediction: Variable, _ target: Variable, operation: String, names: (String, String)
) {
  guard prediction.shape == target.shape else {
    fatalError(
      "\(operation): shapes differ: the \(names.0) is \(prediction.shape), the \(names.1) "
        + "\(target.shape); neither is broadcast\(location(of: prediction, target))")
  }
  guard prediction.dtype == target.dtype else {
    fatalError(
      "\(operation): types differ: the \(names.0) is \(prediction.dtype), the \(names.1) "
        + "\(target.dtype); cast one with cast(to:)\(location(of: prediction, target))")
  }
}
