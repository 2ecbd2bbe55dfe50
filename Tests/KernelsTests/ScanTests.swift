import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct ScanTests {
    private func check<Number: KernelNumber>(_ type: Number.Type) {
      for (outer, n, inner) in [
        (1, 1, 1), (1, 17, 1), (3, 513, 1), (1, 70_000, 1), (40, 1000, 1), (1, 9, 8), (2, 31, 33),
        (1, 40, 257), (3, 100, 513), (2, 5, 2), (0, 3, 2), (2, 0, 3), (2, 3, 0),
      ] {
        var draw = Draw(outer + n + inner)
        let x: [Number] = randomNumbers(outer * n * inner, &draw)
        for reverse in [false, true] {
          var expected = x
          for o in 0..<outer {
            for i in 0..<inner {
              var sum: Number?
              for j in reverse ? Array((0..<n).reversed()) : Array(0..<n) {
                let place = (o * n + j) * inner + i
                sum = sum?.plus(x[place]) ?? x[place]
                expected[place] = sum!
              }
            }
          }
          forEachKernelSetting(threads: [1, 3]) { setting in
            for inPlace in [false, true] {
              var out = inPlace ? x : x.map { _ in Number(small: 1) }
              out.withUnsafeMutableBufferPointer { out in
                x.withUnsafeBufferPointer { x in
                  let source = inPlace ? UnsafePointer(out.baseAddress!) : x.baseAddress!
                  k_cumulative_sum(
                    Number.kernelType, out.baseAddress!, source, Int64(outer), Int64(n),
                    Int64(inner),
                    reverse)
                }
              }
              #expect(
                haveSameBits(out, expected), "\(Number.self) \(outer) x \(n) x \(inner), \(setting)"
              )
            }
          }
        }
      }
    }

    @Test func runningSums() {
      for type in kernelNumbers { check(type) }
    }
  }

  @Suite struct ArgReduceTests {
    /// The first position of the largest or smallest, or of NaN.
    private func reference<Number: KernelNumber>(_ x: [Number], largest: Bool) -> Int64 {
      var best = 0
      for (i, value) in x.enumerated() where !x[best].isNaN {
        if value.isNaN || (largest ? value > x[best] : value < x[best]) { best = i }
      }
      return Int64(best)
    }

    private func check<Number: KernelNumber>(_ type: Number.Type, nan: Number?) {
      for (outer, n, inner) in [
        (1, 1, 1), (40, 3, 1), (300, 10, 1), (3, 255, 1), (2, 256, 1), (2, 1025, 1), (70, 2000, 1),
        (1, 70_000, 1), (1, 7, 5), (2, 100, 64), (1, 300, 65), (3, 33, 200), (0, 2, 2), (2, 2, 0),
      ] {
        for hasNaN in nan == nil ? [false] : [false, true] {
          var draw = Draw(outer + n + inner)
          var x: [Number] = randomNumbers(outer * n * inner, &draw)
          if hasNaN {
            for i in x.indices where draw(2 * n) == 0 { x[i] = nan! }
          }
          for largest in [false, true] {
            var expected: [Int64] = []
            for o in 0..<outer {
              for i in 0..<inner {
                let column = (0..<n).map { x[(o * n + $0) * inner + i] }
                expected.append(reference(column, largest: largest))
              }
            }
            forEachKernelSetting(threads: [1, 3]) { setting in
              var out = [Int64](repeating: -1, count: outer * inner)
              k_arg_reduce(
                largest, Number.kernelType, &out, x, Int64(outer), Int64(n), Int64(inner))
              #expect(out == expected, "\(Number.self) \(outer) x \(n) x \(inner), \(setting)")
            }
          }
        }
      }
    }

    @Test func firstExtremum() {
      check(Float.self, nan: .nan)
      check(Double.self, nan: -.nan)
      check(Int32.self, nan: nil)
      check(Int64.self, nan: nil)
      check(UInt8.self, nan: nil)
    }
  }
}
