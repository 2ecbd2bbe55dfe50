import Kernels
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A sum by halves, whose own error is far below the kernels' tolerance.
private func pairwiseSum(_ x: ArraySlice<Double>) -> Double {
  if x.count < 3 { return x.reduce(0, +) }
  let half = x.count / 2
  return pairwiseSum(x.prefix(half)) + pairwiseSum(x.dropFirst(half))
}

/// The largest element, and the logarithm of the sum of exponentials of the differences from it.
private func logSumExp(_ x: [Double]) -> (largest: Double, rest: Double) {
  let largest = x.max()!
  return (largest, log(pairwiseSum(x.map { exp($0 - largest) }[...])))
}

extension GlobalStateTests {
  @Suite struct SoftmaxTests {
    private func row(_ n: Int, scale: Double, _ draw: inout Draw) -> [Double] {
      (0..<n).map { _ in Double(Float(scale * Double(draw(2001) - 1000) / 1000)) }
    }

    private func check<Real: KernelNumber & BinaryFloatingPoint>(
      _ type: Real.Type, tolerance: Double
    ) {
      for (rows, n) in [
        (1, 1), (1, 2), (33, 10), (4, 63), (4, 64), (5, 65), (2, 513), (3, 2047), (2, 2049),
        (300, 100), (1, 50_000), (0, 3),
      ] {
        for scale in [1.0, 30, 3000] {
          var draw = Draw(n)
          let x = (0..<rows).map { _ in row(n, scale: scale, &draw) }
          let flat = x.flatMap { $0.map { Real($0) } }
          let sums = x.map(logSumExp)
          forEachKernelSetting(threads: [1, 3]) { setting in
            let message = "\(Real.self) \(rows) x \(n), scale \(scale), \(setting)"
            var out = flat
            k_softmax(Real.kernelType, &out, flat, Int64(rows), Int64(n), false)
            let isSoftmax = (0..<rows).allSatisfy { r in
              (0..<n).allSatisfy { i in
                let power = x[r][i] - sums[r].largest - sums[r].rest
                let expected = exp(power)
                // The rounding of x - max is an error relative to its magnitude.
                let bound = tolerance * (4 + abs(power)) * expected + 1e-37
                return abs(Double(out[r * n + i]) - expected) <= bound
              }
            }
            #expect(isSoftmax, "softmax \(message)")
            k_softmax(Real.kernelType, &out, flat, Int64(rows), Int64(n), true)
            let isLogarithm = (0..<rows).allSatisfy { r in
              (0..<n).allSatisfy { i in
                let expected = x[r][i] - sums[r].largest - sums[r].rest
                return abs(Double(out[r * n + i]) - expected) <= tolerance * (4 + abs(expected))
              }
            }
            #expect(isLogarithm, "log softmax \(message)")
            var results = [Real](repeating: 0, count: rows)
            k_log_sum_exp(Real.kernelType, &results, flat, Int64(rows), Int64(n))
            let isSum = (0..<rows).allSatisfy {
              let expected = sums[$0].largest + sums[$0].rest
              return abs(Double(results[$0]) - expected) <= tolerance * (4 + abs(expected))
            }
            #expect(isSum, "log sum exp \(message)")
          }
        }
      }
    }

    @Test func float32() { check(Float.self, tolerance: 4e-7) }
    @Test func float64() { check(Double.self, tolerance: 1e-15) }

    @Test func infinities() {
      let inf = Float.infinity
      let rows: [(x: [Float], softmax: [Float], sum: Float)] = [
        ([0, -inf, 0], [0.5, 0, 0.5], 0.6931472),
        ([-inf, -inf, -inf], [.nan, .nan, .nan], -inf),
        ([1, inf, -inf], [.nan, .nan, .nan], inf),
        ([inf, inf, inf], [.nan, .nan, .nan], inf),
        ([1, .nan, inf], [.nan, .nan, .nan], .nan),
        ([-3e38, -inf, -inf], [1, 0, 0], -3e38),
        ([3e38, -3e38, 0], [1, 0, 0], 3e38),
      ]
      forEachKernelSetting(threads: [1]) { setting in
        for row in rows {
          var out = row.x
          k_softmax(.float32, &out, row.x, 1, 3, false)
          #expect(haveSameBits(out, row.softmax), "softmax \(row.x), \(setting)")
          var logarithms = row.x
          k_softmax(.float32, &logarithms, row.x, 1, 3, true)
          for (logarithm, value) in zip(logarithms, row.softmax) {
            // Where the value has underflowed, its logarithm has not.
            if value > 0 || value.isNaN { #expect(haveSameBits([logarithm], [log(value)])) }
          }
          var sum: Float = 0
          k_log_sum_exp(.float32, &sum, row.x, 1, 3)
          #expect(haveSameBits([sum], [row.sum]), "log sum exp \(row.x), \(setting)")
        }
      }
    }

    @Test func oneElement() {
      for x: Float in [0, -1e30, 88.5, 3e38] {
        var out: Float = 7
        k_softmax(.float32, &out, [x], 1, 1, false)
        #expect(out == 1)
        k_softmax(.float32, &out, [x], 1, 1, true)
        #expect(out == 0)
        k_log_sum_exp(.float32, &out, [x], 1, 1)
        #expect(out == x)
      }
    }

    @Test func sumOfNothing() {
      var out: [Double] = [7, 7]
      k_log_sum_exp(.float64, &out, [Double](), 2, 0)
      #expect(out == [-.infinity, -.infinity])
    }

    @Test func inPlaceAndBitsPerThread() {
      var draw = Draw(9)
      let x: [Float] = randomNumbers(500 * 300, &draw)
      for logarithm in [false, true] {
        var perSet: [String: [Float]] = [:]
        forEachKernelSetting { setting in
          var out = x
          out.withUnsafeMutableBufferPointer {
            k_softmax(.float32, $0.baseAddress!, $0.baseAddress!, 500, 300, logarithm)
          }
          let set = String(setting.prefix { $0 != "," })
          perSet[set] = perSet[set] ?? out
          #expect(haveSameBits(out, perSet[set]!), "\(setting)")
        }
      }
    }
  }
}
