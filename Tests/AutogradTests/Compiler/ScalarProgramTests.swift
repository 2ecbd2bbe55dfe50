import Testing

@testable import Autograd

/// Single numbers run in an interpreter of their own; small values one loop after the other.
@Suite struct ScalarProgramTests {
  /// A pendulum with friction, by Euler steps, and the derivatives of its last angle.
  private func swing(_ v: [Variable], steps: Int) -> [Variable] {
    let (length, friction) = (v[1], v[2])
    var (angle, speed) = (v[0], v[0] * 0)
    for _ in 0..<steps {
      let force = -(9.81 / length) * sin(angle) - friction * speed
      (angle, speed) = (angle + 0.01 * speed, speed + 0.01 * force)
    }
    return [angle] + gradients(of: angle.sum(), withRespectTo: v).map { $0! }
  }

  @Test(arguments: [DType.float32, .float64]) func `A simulation of single numbers is one program`(
    dtype: DType
  ) {
    func leaf(_ value: Double, _ shape: Shape) -> Variable {
      Variable(value).cast(to: dtype).reshaped(to: shape).detached()
    }
    for shape in [[], [1], [1, 1]] as [Shape] {
      expectSameBits([
        [leaf(1, shape), leaf(2, shape), leaf(0.1, shape)],
        [leaf(-0.0, shape), leaf(1, shape), leaf(0, shape)],
        [leaf(3e7, shape), leaf(0.5, shape), leaf(-0.2, shape)],
        [leaf(1, shape), leaf(.infinity, shape), leaf(0.5, shape)],
      ]) { v in
        for variable in v { variable.requiresGradient = true }
        return swing(v, steps: 30)
      }
    }
    // What is NaN stays so; only its sign may differ.
    let compiled = PlanCache(poisons: true) { swing($0, steps: 30) }
    for _ in 0..<2 {
      let odd = [leaf(.nan, []), leaf(2, []), leaf(.infinity, [])]
      for variable in odd { variable.requiresGradient = true }
      for (ours, theirs) in zip(compiled(odd), swing(odd, steps: 30)) {
        #expect(ours.item().isNaN && theirs.item().isNaN)
      }
    }
    let inputs = [leaf(1, []), leaf(2, []), leaf(0.1, [])]
    for variable in inputs { variable.requiresGradient = true }
    let function = compile { swing($0, steps: 100) }
    let plan = function.plan(for: inputs[0], inputs[1], inputs[2])
    #expect(plan.instructions.count == 1)
    #expect(plan.operationCount > 2000)
  }

  @Test func `Every operation on a single number`() {
    let values: [Double] = [0, -0.0, 0.7, -1.3, 1e-40, 2e30, .infinity, -.infinity, .nan]
    let pairs = values.flatMap { a in values.map { b in (a, b) } }
    expectSameBits(
      pairs.map { a, b in [Variable([a] as [Double]), Variable([Float(b)] as [Float])] }
    ) { v in
      let (x, y) = (v[0], v[1].cast(to: .float64))
      let sum = x + y
      let all = [
        sum, sum - y, x - sum, sum * x, y * sum, sum / y, x / sum, -sum, square(sum), sqrt(sum),
        -x, square(y), sqrt(y), exp(x), tanh(y), sin(x), cos(x), cos(y), sin(y), pow(x, y),
        maximum(x, y), atan2(x, y), select(x .< y, sum, x), v[1] * v[1] - v[1],
        (v[1] + 1) / (v[1] * 3), -v[1], square(v[1]), sqrt(v[1]), sin(v[1]), cos(v[1]),
        x.cast(to: .float32), x.cast(to: .int32), (x .> y).cast(to: .int64) + 3, x .== y,
        isNaN(sum),
      ]
      return all
    }
  }

  @Test func `Numbers that are parts of arrays, and go to leaves`() {
    let total = Variable([0] as [Float])
    let compiled = PlanCache(poisons: true) { v in
      let (first, last) = (v[0][0], v[0][2])
      let mixed = first * last - first / 3
      total.assign(total + mixed.reshaped(to: [1]))
      return [mixed, total * 2, v[0] * mixed]
    }
    var expected: Float = 0
    for call in [0, 1, 2, 3] as [Float] {
      let x = [call + 1, 5, 2 * call - 1]
      let mixed = x[0] * x[2] - x[0] / 3
      expected += mixed
      let results = compiled([Variable(x)])
      #expect(results[0].item() == Double(mixed))
      #expect(total.item() == Double(expected))
      #expect(results[1].item() == Double(expected * 2))
      #expect(results[2].array(of: Float.self) == x.map { $0 * mixed })
    }
  }

  @Test func `Small values in rows, with all ways of broadcasting`() {
    let shapes: [(Shape, Shape)] = [
      ([4, 8], [8]), ([4, 8], [4, 1]), ([2, 3, 5], [3, 1]), ([2, 3, 5], [5]),
      ([2, 1, 5], [1, 3, 1]),
      ([6], [1]), ([6], []), ([100, 2], [2]), ([2, 3, 5], [2, 1, 1]), ([1, 7], [7]), ([256], [256]),
    ]
    for (a, b) in shapes {
      expectSameBits((0..<2).map { [numbers(a, seed: $0), numbers(b, seed: $0 + 9)] }) { v in
        let y = v[0] * v[1] - v[1]
        return [
          y, exp(y) / v[0], select(v[0] .> v[1], y, v[1]), y .< v[1], y.reshaped(to: [y.count]) + 1,
          y.sum(axes: [0]), y.cast(to: .float64) * 2,
        ]
      }
    }
  }
}
