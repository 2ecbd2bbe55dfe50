import Kernels
import Testing

/// The sum, product, maximum or minimum of one column, in the order that the kernels promise:
/// lanes, rounds of 16, blocks in a tree.
private func reference<Number: KernelNumber>(_ op: KReduce, _ x: [Number]) -> Number {
  func combine(_ a: Number, _ b: Number) -> Number {
    switch op {
    case .sum: return a.plus(b)
    case .product: return a.times(b)
    case .maximum: return a > b || a.isNaN ? a : b
    case .minimum: return a < b || a.isNaN ? a : b
    }
  }
  let lanes = 256 / MemoryLayout<Number>.size
  func tree(_ x: ArraySlice<Number>) -> [Number] {
    var half = 16 * lanes
    if x.count <= half {
      var result = Array(x.prefix(lanes))
      for (i, element) in x.dropFirst(lanes).enumerated() {
        result[i % lanes] = combine(result[i % lanes], element)
      }
      return result
    }
    while half * 2 < x.count { half *= 2 }
    var result = tree(x.prefix(half))
    for (i, element) in tree(x.dropFirst(half)).enumerated() {
      result[i] = combine(result[i], element)
    }
    return result
  }
  var result = tree(x[...])
  var half = lanes / 2
  while half > 0 {
    for i in 0..<max(result.count - half, 0) { result[i] = combine(result[i], result[i + half]) }
    result = Array(result.prefix(half))
    half /= 2
  }
  return result[0]
}

extension GlobalStateTests {
  @Suite struct ReduceTests {
    static let shapes: [(outer: Int, n: Int, inner: Int)] = [
      (1, 1, 1), (1, 2, 1), (1, 15, 1), (1, 31, 1), (1, 32, 1), (1, 33, 1), (1, 63, 1), (1, 64, 1),
      (1, 65, 1), (1, 511, 1), (1, 512, 1), (1, 513, 1), (1, 1023, 1), (1, 1024, 1), (1, 1025, 1),
      (1, 2048, 1), (1, 5000, 1), (1, 65_536, 1), (1, 65_537, 1), (1, 140_000, 1), (3, 140_000, 1),
      (16, 1, 1), (17, 3, 1), (65, 10, 1), (200, 17, 1), (129, 31, 1), (64, 63, 1), (31, 100, 1),
      (4000, 10, 1), (1, 4, 8), (1, 32, 10), (1, 1000, 10), (1, 40_000, 3), (3, 5, 7), (2, 70, 33),
      (1, 3, 5000), (2, 64, 129), (1, 1030, 65), (5, 200, 64), (1, 2, 40_000), (0, 4, 3), (2, 3, 0),
    ]

    private func check<Number: KernelNumber>(_ type: Number.Type, ops: [KReduce]) {
      for (outer, n, inner) in Self.shapes {
        var draw = Draw(outer &* 31 &+ n &* 7 &+ inner)
        let numbers: [Number] = randomNumbers(outer * n * inner, &draw)
        for op in ops {
          // Factors about 1: the product neither overflows nor vanishes.
          let factors = numbers.map { ($0 as? Float).map { 1 + $0 / 65_536 } as? Number ?? $0 }
          let x = op == .product ? factors : numbers
          var expected: [Number] = []
          for o in 0..<outer {
            for i in 0..<inner {
              expected.append(reference(op, (0..<n).map { x[(o * n + $0) * inner + i] }))
            }
          }
          forEachKernelSetting(threads: [1, 3]) { setting in
            var out = expected.map { _ in Number(small: 7) }
            k_reduce(op, Number.kernelType, &out, x, Int64(outer), Int64(n), Int64(inner))
            #expect(
              haveSameBits(out, expected),
              "\(op.rawValue) \(Number.self) \(outer) x \(n) x \(inner), \(setting)")
          }
        }
      }
    }

    @Test func float32() { check(Float.self, ops: [.sum, .product, .maximum, .minimum]) }
    @Test func float64() { check(Double.self, ops: [.sum, .maximum]) }
    @Test func int32() { check(Int32.self, ops: [.sum, .product, .minimum]) }
    @Test func int64() { check(Int64.self, ops: [.sum, .maximum]) }
    @Test func uint8() { check(UInt8.self, ops: [.sum, .product, .maximum, .minimum]) }

    @Test func bitsDoNotDependOnThreads() {
      for (outer, n, inner) in [(1, 300_000, 1), (2, 100_000, 3), (1, 3000, 70), (9000, 9, 1)] {
        var draw = Draw(n)
        let x = (0..<(outer * n * inner)).map { _ in 1 / Float(draw(9999) - 5000 | 1) }
        var first: [Float] = []
        forEachKernelSetting { setting in
          var out = [Float](repeating: 0, count: outer * inner)
          k_reduce(.sum, .float32, &out, x, Int64(outer), Int64(n), Int64(inner))
          if first.isEmpty { first = out }
          #expect(haveSameBits(out, first), "\(outer) x \(n) x \(inner), \(setting)")
        }
      }
    }

    @Test func sumsOfMillionsKeepTheirDigits() {
      let x = [Float](repeating: 0.1, count: 4_000_000)
      var sum: Float = 0
      k_reduce(.sum, .float32, &sum, x, 1, Int64(x.count), 1)
      // A running sum is off by 9 %; 16 + log2 n roundings of 2^-24 are 3e-6.
      #expect(abs(Double(sum) / (Double(Float(0.1)) * 4e6) - 1) < 1e-6)
    }

    @Test func extremaOfNaNAreNaN() {
      forEachKernelSetting(threads: [1, 2]) { setting in
        for n in [1, 2, 17, 64, 100, 3000] {
          for inner in [1, 5, 40] {
            for place in [0, n / 2, n - 1] {
              var x = [Double](repeating: -.infinity, count: n * inner)
              x[place * inner] = .nan
              for op in [KReduce.maximum, .minimum] {
                var out = [Double](repeating: 0, count: inner)
                k_reduce(op, .float64, &out, x, 1, Int64(n), Int64(inner))
                #expect(out[0].isNaN, "n \(n), place \(place), \(setting)")
                #expect(out.dropFirst().allSatisfy { $0 == -.infinity })
              }
            }
          }
        }
      }
    }

    @Test func reductionsOfNothing() {
      var sums = [Float](repeating: 7, count: 6)
      k_reduce(.sum, .float32, &sums, sums, 2, 0, 3)
      #expect(sums == [0, 0, 0, 0, 0, 0])
      var product: Int64 = 7
      k_reduce(.product, .int64, &product, sums, 1, 0, 1)
      #expect(product == 1)
      var flags: [UInt8] = [7, 7]
      k_reduce(.maximum, .bool, &flags[0], sums, 1, 0, 1)
      k_reduce(.minimum, .bool, &flags[1], sums, 1, 0, 1)
      #expect(flags == [0, 1])
    }
  }
}
