import Kernels
import Testing

private let unaryOperations = (0...KUnary.geluDerivative.rawValue).map { KUnary(rawValue: $0)! }
private let binaryOperations = (0...KBinary.xLogY.rawValue).map { KBinary(rawValue: $0)! }

extension GlobalStateTests {
  /// An element's bits depend neither on its place, nor on the count, nor on the thread.
  @Suite struct ElementwisePositionTests {
    @Test func float32() { check(Float.self) }

    @Test func float64() { check(Double.self) }

    private func check<T: Real>(_ type: T.Type) {
      var random = SplitMix(state: 21)
      let x = (0..<150).map { _ in T.random(in: -8...8, using: &random) }
      let y = (0..<150).map { _ in T.random(in: -8...8, using: &random) }
      forEachInstructionSet { set in
        for op in unaryOperations {
          let whole = unary(op, x)
          #expect(
            parts(of: whole) { out, start, count in
              x.withUnsafeBufferPointer {
                k_unary(op, T.kernelType, out, $0.baseAddress! + start, Int64(count))
              }
            }, "unary \(op.rawValue) on set \(set.rawValue)")
        }
        for op in binaryOperations {
          let whole = binary(op, x, y)
          #expect(
            parts(of: whole) { out, start, count in
              for i in 0..<count { out[i] = x[start + i] }
              y.withUnsafeBufferPointer {
                // In place.
                k_binary(op, T.kernelType, out, out, 1, $0.baseAddress! + start, 1, Int64(count))
              }
            }, "binary \(op.rawValue) on set \(set.rawValue)")
        }
      }
    }

    /// Every part gives the same bits and writes nothing before or after itself.
    private func parts<T: Real>(
      of whole: [T], compute: (UnsafeMutablePointer<T>, Int, Int) -> Void
    ) -> Bool {
      for start in [0, 1, 5, 17] {
        for count in [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100] {
          var out = [T](repeating: 99, count: count + 2)
          out.withUnsafeMutableBufferPointer { compute($0.baseAddress! + 1, start, count) }
          let inside = Array(out[1..<count + 1])
          guard identical(inside, Array(whole[start..<start + count])) else { return false }
          guard out[0] == 99, out[count + 1] == 99 else { return false }
        }
      }
      return true
    }

    @Test func threadsDoNotChangeBits() {
      var random = SplitMix(state: 22)
      let x = (0..<150_001).map { _ in Float.random(in: -8...8, using: &random) }
      let y = (0..<150_001).map { _ in Float.random(in: -8...8, using: &random) }
      let condition = x.map { $0 > 1 ? UInt8(1) : 0 }
      func results() -> [[UInt64]] {
        var selected = x
        k_select(4, &selected, condition, 1, x, 1, y, 1, Int64(x.count))
        var integers = [Int64](repeating: 0, count: x.count)
        k_convert(.int64, &integers, .float32, x, Int64(x.count))
        var ramp = x
        k_ramp(.float32, &ramp, 1, 0.1, Int64(x.count))
        return [
          unary(.exp, x).map(\.bits), binary(.add, x, y).map(\.bits),
          binary(.logAddExp, x, y).map(\.bits), compare(.less, x, y).map { UInt64($0) },
          selected.map(\.bits), integers.map { UInt64(bitPattern: $0) }, ramp.map(\.bits),
        ]
      }
      let alone = withThreads(1) { results() }
      #expect(withThreads(3) { results() } == alone)
    }
  }
}
