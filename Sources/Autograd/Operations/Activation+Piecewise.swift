// Activation functions that are put together from pieces. Derivatives at the joints are PyTorch's:
// those of the flat side, unless a comment says otherwise.

/// x limited to the range from `low` to `high`; unlike that of ``clamp(_:low:high:)``, the
/// derivative is 0 at both ends.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - low: The lower limit.
///   - high: The upper limit; stops with an error if it is not above `low`.
public func hardtanh(_ x: Variable, low: Double = -1, high: Double = 1) -> Variable {
  x.requireFloatingPoint("hardtanh")
  guard low < high else { fatalError("hardtanh: low \(low) is not below high \(high)") }
  let aboveLow = select(x .<= Variable(low), Variable(low), x)
  return select(x .>= Variable(high), Variable(high), aboveLow)
}

/// min(max(x, 0), 6), a rectifier with a limit (Krizhevsky, "Convolutional deep belief networks on
/// CIFAR-10", 2010); the derivative at 0 and 6 is 0.
public func relu6(_ x: Variable) -> Variable { hardtanh(x, low: 0, high: 6) }

/// min(max(x + 3, 0), 6) / 6, straight lines in the place of a sigmoid; the derivative at −3 and 3
/// is 0.
public func hardsigmoid(_ x: Variable) -> Variable { relu6(x + 3) / 6 }

/// x min(max(x + 3, 0), 6) / 6, straight lines in the place of the sigmoid in ``silu(_:)``
/// (arXiv:1905.02244); the derivative is 0 at −3 and 1 at 3.
public func hardswish(_ x: Variable) -> Variable { x * hardsigmoid(x) }

/// x where |x| > `lambda`, else 0; the derivative at ±lambda is 0.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - lambda: Not negative, else it is an error.
public func hardshrink(_ x: Variable, lambda: Double = 0.5) -> Variable {
  select(isSmall(x, lambda, "hardshrink"), 0, x)
}

/// x moved towards 0 by `lambda`, and 0 where |x| ≤ lambda; the derivative at ±lambda is 0.
///
/// It is the proximal operator of λ|x| (Donoho, "De-noising by soft-thresholding", 1995).
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - lambda: Not negative, else it is an error.
public func softshrink(_ x: Variable, lambda: Double = 0.5) -> Variable {
  select(isSmall(x, lambda, "softshrink"), 0, x - Variable(lambda) * sign(x))
}

private func isSmall(_ x: Variable, _ lambda: Double, _ operation: String) -> Variable {
  x.requireFloatingPoint(operation)
  guard lambda >= 0 else { fatalError("\(operation): lambda \(lambda) is negative") }
  return abs(x) .<= Variable(lambda)
}

/// x where it is above `limit`, else `value`; the derivative at the limit is 0.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - limit: What x has to exceed.
///   - value: The result where x does not.
public func threshold(_ x: Variable, limit: Double, value: Double) -> Variable {
  x.requireFloatingPoint("threshold")
  return select(x .<= Variable(limit), Variable(value), x)
}

/// x for x > 0, else `slope` · x with a slope that is learned for each channel (arXiv:1502.01852).
///
/// - Parameters:
///   - x: Shape [N, C, …], or any shape for a single slope.
///   - slope: Shape [C] or [1], else it is an error.
public func prelu(_ x: Variable, slope: Variable) -> Variable {
  x.requireFloatingPoint("prelu")
  guard slope.shape == [1] || x.rank >= 2 && slope.shape == [x.shape[1]] else {
    fatalError(
      "prelu: the slope \(describe(slope)) is neither one number nor one for each channel of "
        + "\(describe(x))\(location(of: slope, x))")
  }
  let aligned =
    slope.count == 1
    ? slope.reshaped(to: .scalar)
    : slope.reshaped(to: Shape([slope.count] + x.shape.dropFirst(2).map { _ in 1 }))
  return select(x .> 0, x, aligned * x)
}

/// x for x > 0, else a random slope times x, drawn for each element (arXiv:1505.00853).
///
/// - Parameters:
///   - x: float32 or float64, else stops with an error.
///   - low: The least slope.
///   - high: The limit above; not below `low`, else it is an error.
///   - generator: The source of randomness.
public func rrelu(
  _ x: Variable, low: Double = 1.0 / 8, high: Double = 1.0 / 3,
  using generator: inout RandomGenerator
) -> Variable {
  x.requireFloatingPoint("rrelu")
  let slopes = Tensor.uniform(x.shape, low: low, high: high, dtype: x.dtype, using: &generator)
  return rrelu(x, slopes: Variable(slopes))
}

/// ``rrelu(_:low:high:using:)`` with given slopes.
package func rrelu(_ x: Variable, slopes: Variable) -> Variable { select(x .> 0, x, slopes * x) }
