import Autograd

/// Derivatives of second order, and through a long chain of operations on single numbers.
func derivatives() -> [Function] {
  var numbers = Numbers()
  func leaf(_ count: Int) -> Variable {
    Variable(numbers.uniform([count], dtype: .float64).value, requiresGradient: true)
  }
  let x = leaf(100)
  let point = leaf(10_000)
  let direction = numbers.uniform([10_000], dtype: .float64)
  let start = [1.0, 1.0, 0.1].map {
    Variable(Tensor(.real($0), dtype: .float64), requiresGradient: true)
  }
  return [
    Function(name: "hessian", body: { [hessian(x)] }),
    Function(name: "hvp", body: { [slope(of: point, along: direction)] }),
    Function(name: "pendulum") {
      let angle = lastAngle(start[0], length: start[1], damping: start[2], steps: 1000)
      return [stack(gradients(of: angle, withRespectTo: start).map { $0! })]
    },
  ]
}

/// Rosenbrock's function of the last axis, added up over the others.
private func rosenbrock(_ x: Variable) -> Variable {
  let (left, right) = (x[..., ..<(-1)], x[..., 1...])
  return (100 * square(right - square(left)) + square(1 - left)).sum()
}

/// The product of the Hessian and a vector: the gradient of ⟨∇f, v⟩.
private func slope(of x: Variable, along direction: Variable) -> Variable {
  let slope = gradient(of: rosenbrock(x), withRespectTo: x, createGraph: true)
  return gradient(of: (slope * direction).sum(), withRespectTo: x)
}

/// All rows of the Hessian at once: the point once for each row, along the unit vectors.
private func hessian(_ x: Variable) -> Variable {
  slope(
    of: x.expanded(to: [x.count, x.count]),
    along: Variable(Tensor.identity(x.count, dtype: .float64)))
}

/// θ″ = −(g / length) sin θ − damping · θ′ by Euler steps of 0.01 seconds.
private func lastAngle(
  _ start: Variable, length: Variable, damping: Variable, steps: Int
) -> Variable {
  var (angle, speed) = (start, Variable(Tensor(.real(0), dtype: .float64)))
  for _ in 0..<steps {
    let pull = -(9.81 / length) * sin(angle) - damping * speed
    (angle, speed) = (angle + 0.01 * speed, speed + 0.01 * pull)
  }
  return angle
}
