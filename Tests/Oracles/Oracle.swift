// Derivatives of reference operations, by dual numbers over the widest hardware float. One forward
// run per direction: meant for inputs of up to some hundred elements.

/// A reference operation, written once for every kind of scalar.
package protocol NaiveFunction {
  func callAsFunction<S: RealScalar>(_ inputs: [NaiveArray<S>]) -> NaiveArray<S>
}

/// The derivative drivers.
package enum Oracle {
  package typealias WideDual = Dual<WideFloat>
  package typealias WideDual2 = Dual<Dual<WideFloat>>

  /// The value f(x).
  package static func value(_ f: some NaiveFunction, at x: [WideArray]) -> WideArray { f(x) }

  /// The value f(x) and the directional derivative J·u.
  package static func jvp(
    _ f: some NaiveFunction, at x: [WideArray], direction u: [WideArray]
  ) -> (value: WideArray, tangent: WideArray) {
    let y = f(zip(x, u).map { $0.combined(with: $1) { WideDual($0, $1) } })
    return (y.map(\.value), y.map(\.tangent))
  }

  /// Jᵀ·v for each input, by seeding each element; without a cotangent, v is all ones, which gives
  /// the gradient of a scalar f.
  package static func gradient(
    _ f: some NaiveFunction, at x: [WideArray], cotangent v: WideArray? = nil
  ) -> [WideArray] {
    mapUnits(x) { unit in contract(v, jvp(f, at: x, direction: unit).tangent) }
  }

  /// The Jacobian for each input: shape of the output + shape of the input.
  package static func jacobian(_ f: some NaiveFunction, at x: [WideArray]) -> [WideArray] {
    let output = f(x)
    return x.indices.map { input in
      let columns = allIndices(of: x[input].shape).map { index in
        jvp(f, at: x, direction: unit(like: x, input, index)).tangent
      }
      if columns.isEmpty { return WideArray([], shape: output.shape + x[input].shape) }
      let flat = WideArray.stack(columns, axis: -1)
      return flat.reshaped(to: output.shape + x[input].shape)
    }
  }

  /// The second directional derivative ∂²f(x)[u, w]; without w, along u twice.
  package static func secondDirectional(
    _ f: some NaiveFunction, at x: [WideArray], direction u: [WideArray],
    _ w: [WideArray]? = nil
  ) -> WideArray {
    let w = w ?? u
    let seeded = x.indices.map { i in
      let inner = x[i].combined(with: u[i]) { WideDual($0, $1) }
      return inner.combined(with: w[i]) { WideDual2($0, WideDual($1, 0)) }
    }
    return f(seeded).map(\.tangent.tangent)
  }

  /// The derivative of Jᵀ·v along u: for a scalar f, its Hessian times u.
  package static func hessianVectorProduct(
    _ f: some NaiveFunction, at x: [WideArray], direction u: [WideArray],
    cotangent v: WideArray? = nil
  ) -> [WideArray] {
    mapUnits(x) { unit in contract(v, secondDirectional(f, at: x, direction: u, unit)) }
  }

  /// J·u by fourth-order central differences, for cross-checks:
  /// (f(x − 2hu) − 8f(x − hu) + 8f(x + hu) − f(x + 2hu)) / 12h.
  ///
  /// The truncation error is of order h⁴ and rounding of order ε/h: the step ε^(1/5) balances them.
  package static func centralDifference(
    _ f: some NaiveFunction, at x: [WideArray], direction u: [WideArray], step h: WideFloat? = nil
  ) -> WideArray {
    let h = h ?? WideFloat.pow(WideFloat.ulpOfOne, 0.2)
    func moved(_ steps: WideFloat) -> WideArray {
      f(zip(x, u).map { $0 + $1 * (steps * h) })
    }
    let near = moved(1) - moved(-1)
    let far = moved(2) - moved(-2)
    return (near * 8 - far) / (12 * h)
  }

  // MARK: - Seeds

  /// Zeros shaped like `x`, with a one at one element of one input.
  private static func unit(like x: [WideArray], _ input: Int, _ index: [Int]) -> [WideArray] {
    var result = x.map { WideArray(repeating: 0, shape: $0.shape) }
    result[input][index] = 1
    return result
  }

  /// `body` for each element of each input, arranged like the inputs.
  private static func mapUnits(
    _ x: [WideArray], _ body: ([WideArray]) -> WideFloat
  ) -> [WideArray] {
    x.indices.map { input in
      WideArray(shape: x[input].shape) { body(unit(like: x, input, $0)) }
    }
  }

  private static func contract(_ v: WideArray?, _ tangent: WideArray) -> WideFloat {
    guard let v else { return total(tangent.elements) }
    precondition(v.shape == tangent.shape, "cotangent \(v.shape) of output \(tangent.shape)")
    return total((v * tangent).elements)
  }
}
