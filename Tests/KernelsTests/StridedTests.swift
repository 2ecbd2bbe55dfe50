import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct StridedTests {
    /// Layouts that operations meet: bias, column, scalar, transpose, channels, short rows, large.
    static let namedShapes: [[Int]] = [
      [4, 8], [1000, 4], [33, 512], [300, 310], [16, 3, 5, 5], [2, 200, 129], [70_000], [40, 8193],
    ]

    private func checkAll(_ shape: [Int], _ draw: inout Draw) {
      check(Float.self, shape, &draw)
      check(draw(2) == 0 ? Double.self : Int64.self, shape, &draw)
      check(draw(2) == 0 ? UInt8.self : Int32.self, shape, &draw)
    }

    private func check(_ type: any KernelNumber.Type, _ shape: [Int], _ draw: inout Draw) {
      check(type, shape, &draw, draw(1 << 30))
    }

    private func check<Number: KernelNumber>(
      _ type: Number.Type, _ shape: [Int], _ draw: inout Draw, _ seed: Int
    ) {
      let sizes = shape.map { Int64($0) }
      let rank = Int32(shape.count)
      let a = StridedArray(shape: shape, mayRepeat: true, &draw) { Number(small: $0(128) - 64) }
      let b = StridedArray(shape: shape, mayRepeat: true, &draw) { Number(small: $0(128) - 64) }
      let c = StridedArray(shape: shape, mayRepeat: true, &draw) { UInt8($0(2)) }
      let (x, y, z) = (a.elements, b.elements, c.elements)
      let square = x.map { $0.times($0) }
      let sum = zip(x, y).map { $0.plus($1) }
      let less = zip(x, y).map { UInt8($0 < $1 ? 1 : 0) }
      let choice = zip(z, zip(x, y)).map { $0 == 1 ? $1.0 : $1.1 }
      var out = x
      var bytes = z
      let message = "\(Number.self) \(shape) \(a.strides) \(b.strides) \(c.strides)"
      a.withPointer { p in
        b.withPointer { q in
          c.withPointer { r in
            k_unary_strided(.square, Number.kernelType, &out, p, a.strides, sizes, rank)
            #expect(haveSameBits(out, square), "square \(message)")
            k_binary_strided(.add, Number.kernelType, &out, p, a.strides, q, b.strides, sizes, rank)
            #expect(haveSameBits(out, sum), "add \(message)")
            k_compare_strided(
              .less, Number.kernelType, &bytes, p, a.strides, q, b.strides, sizes, rank)
            #expect(bytes == less, "less \(message)")
            k_select_strided(
              MemoryLayout<Number>.size, &out, r, c.strides, p, a.strides, q, b.strides, sizes,
              rank)
            #expect(haveSameBits(out, choice), "select \(message)")
          }
        }
      }
    }

    @Test func randomLayouts() {
      forEachKernelSetting { setting in
        var draw = Draw(setting.count)
        for _ in 0..<8 { checkAll(randomShape(&draw, atMost: 9000), &draw) }
      }
    }

    @Test func namedLayouts() {
      forEachKernelSetting(threads: [1, 3]) { _ in
        for (seed, shape) in Self.namedShapes.enumerated() {
          var draw = Draw(seed)
          check(Float.self, shape, &draw)
          check(Double.self, shape, &draw)
        }
      }
    }

    @Test func outputMayBeContiguousInput() {
      forEachKernelSetting { setting in
        for shape in Self.namedShapes {
          let count = shape.reduce(1, *)
          var strides = shape.map { _ in Int64(1) }
          for axis in strides.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * Int64(shape[axis + 1])
          }
          var last = shape.map { _ in Int64(0) }
          last[last.count - 1] = 1
          var draw = Draw(count)
          let row: [Float] = randomNumbers(shape.last!, &draw)
          var x: [Float] = randomNumbers(count, &draw)
          let expected = x.indices.map { x[$0] + row[$0 % row.count] }
          x.withUnsafeMutableBufferPointer { x in
            let sizes = shape.map { Int64($0) }
            k_binary_strided(
              .add, .float32, x.baseAddress!, x.baseAddress!, strides, row, last, sizes,
              Int32(shape.count))
          }
          #expect(x == expected, "\(shape), \(setting)")
        }
      }
    }

    @Test func bitsDoNotDependOnThreads() {
      let shape: [Int64] = [300, 310]
      var draw = Draw(5)
      let a: [Float] = randomNumbers(300 * 310, &draw)
      var first: [Float] = []
      forEachKernelSetting { setting in
        var out = a
        k_unary_strided(.exp, .float32, &out, a, [1, 300], shape, 2)
        if setting.hasSuffix(" 1 threads") { first = out }
        #expect(haveSameBits(out, first), "\(setting)")
      }
    }
  }
}
