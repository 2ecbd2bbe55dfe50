import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct RandomTests {
    private func words(_ count: Int, _ seed: UInt64, _ stream: UInt64, _ offset: UInt64)
      -> [UInt32]
    {
      var out = [UInt32](repeating: 7, count: count)
      k_random_words(&out, Int64(count), seed, stream, offset)
      return out
    }

    private func uniform<T: Real>(_ count: Int, _ seed: UInt64, offset: UInt64 = 0) -> [T] {
      var out = [T](repeating: 7, count: count)
      k_random_uniform(T.kernelType, &out, Int64(count), seed, 3, offset)
      return out
    }

    private func normal<T: Real>(_ count: Int, _ seed: UInt64, offset: UInt64 = 0) -> [T] {
      var out = [T](repeating: 7, count: count)
      k_random_normal(T.kernelType, &out, Int64(count), seed, 3, offset)
      return out
    }

    /// The known answers of Random123's philox4x32-10 (kat_vectors): key = seed, counter = (block,
    /// stream).
    @Test func knownAnswers() {
      forEachInstructionSet { _ in
        #expect(words(4, 0, 0, 0) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        let ones = UInt64.max
        #expect(words(4, ones, ones, ones) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        let digits = words(4, 0x299f_31d0_a409_3822, 0x0370_7344_1319_8a2e, 0x85a3_08d3_243f_6a88)
        #expect(digits == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
      }
    }

    @Test func uniformsAreTheWords() {
      let raw = words(64, 5, 3, 0)
      let narrow: [Float] = uniform(64, 5)
      #expect(narrow == raw.map { Float($0 >> 8) * 0x1p-24 })
      let wide: [Double] = uniform(32, 5)
      let expected: [Double] = (0..<32).map { i in
        let low = UInt64(raw[2 * i])
        let high = UInt64(raw[2 * i + 1])
        let upper = (high << 32 | low) >> 11
        return Double(upper) * 0x1p-53
      }
      #expect(wide == expected)
    }

    @Test func normalsAreBoxMullersTransform() {
      let u: [Double] = uniform(200, 6)
      let z: [Double] = normal(200, 6)
      for i in stride(from: 0, to: 200, by: 2) {
        // r^2 = -2 log(1 - u), and the angle is 2 pi v.
        let square = z[i] * z[i] + z[i + 1] * z[i + 1]
        let exact: Double = -2 * unary(.log1p, [-u[i]])[0]
        #expect((square - exact).magnitude <= 1e-14 * exact)
        let angle: Double = binary(.atan2, [z[i + 1]], [z[i]])[0] / (2 * Double.pi)
        let turns = angle < 0 ? angle + 1 : angle
        #expect((turns - u[i + 1]).magnitude < 1e-14)
      }
    }

    /// Any part can be made alone, from the block where it begins, with any number of threads.
    @Test func partsAndThreadsGiveTheSameBits() {
      forEachInstructionSet { _ in
        let count = 40_003
        let raw = withThreads(1) { words(count, 8, 3, 0) }
        let z: [Float] = withThreads(1) { normal(count, 8) }
        let wide: [Double] = withThreads(1) { normal(count, 8) }
        #expect(withThreads(3) { words(count, 8, 3, 0) } == raw)
        #expect(withThreads(3) { normal(count, 8) } == z)
        #expect(withThreads(3) { normal(count, 8) } == wide)
        for block in [1, 5, 100, 9_999] {
          for length in [0, 1, 2, 5, 31, 64, 70] where 4 * block + length <= count {
            let offset = UInt64(block)
            let fours = 4 * block..<4 * block + length
            let pairs = 2 * block..<2 * block + length
            #expect(words(length, 8, 3, offset) == Array(raw[fours]))
            #expect(normal(length, 8, offset: offset) == Array(z[fours]))
            #expect(normal(length, 8, offset: offset) == Array(wide[pairs]))
          }
        }
      }
    }

    @Test func differentStreamsDiffer() {
      #expect(words(4, 1, 1, 0) != words(4, 1, 2, 0))
      #expect(words(4, 1, 1, 0) != words(4, 2, 1, 0))
      #expect(words(8, 1, 1, 0)[4...] == words(4, 1, 1, 1)[...])
    }

    /// Kolmogorov and Smirnov's distance; the seed is fixed, 1.95 is the 0.1 % point.
    @Test func uniformDistribution() {
      let n = 50_000
      let samples: [[Double]] = [
        (uniform(n, 9) as [Float]).map { Double($0) }, uniform(n, 9),
      ]
      for sample in samples {
        #expect(sample.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(distance(sample) { $0 } * Double(n).squareRoot() < 1.95)
      }
    }

    @Test func normalDistribution() {
      let n = 50_000
      let samples: [[Double]] = [(normal(n, 10) as [Float]).map { Double($0) }, normal(n, 10)]
      for sample in samples {
        let phi = { (z: Double) in (1 + unary(.erf, [z * 0.5.squareRoot()])[0]) / 2 }
        #expect(distance(sample, phi) * Double(n).squareRoot() < 1.95)
        // Moments of the standard normal, within five standard errors.
        let expected: [(power: Int, mean: Double, variance: Double)] = [
          (1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96),
        ]
        for (power, mean, variance) in expected {
          let powers = sample.map { z in (1..<power).reduce(z) { product, _ in product * z } }
          let error = powers.reduce(0, +) / Double(n) - mean
          #expect(error.magnitude < 5 * (variance / Double(n)).squareRoot(), "moment \(power)")
        }
        var products = 0.0
        for i in 1..<n { products += sample[i - 1] * sample[i] }
        #expect((products / Double(n)).magnitude < 5 / Double(n).squareRoot())
      }
    }

    private func distance(_ sample: [Double], _ cumulative: (Double) -> Double) -> Double {
      let n = Double(sample.count)
      return sample.sorted().enumerated().reduce(0) { worst, item in
        let p = cumulative(item.element)
        return max(worst, p - Double(item.offset) / n, Double(item.offset + 1) / n - p)
      }
    }

    /// 256 cells of each byte of the words: 255 degrees of freedom, five standard deviations.
    @Test func bytesAreUniform() {
      let sample = words(65_536, 11, 0, 0)
      for shift in [0, 8, 16, 24] as [UInt32] {
        var cells = [Double](repeating: 0, count: 256)
        for word in sample { cells[Int(word >> shift & 255)] += 1 }
        let chiSquare: Double = cells.reduce(0) { sum, n in sum + (n - 256) * (n - 256) / 256 }
        #expect((chiSquare - 255).magnitude < 5 * (2 * 255.0).squareRoot())
      }
    }
  }
}
