import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct WindowsTests {
    private func check<Number: KernelNumber>(_ type: Number.Type) {
      for (outer, inner) in [(1, 1), (3, 1), (2, 5), (70, 56), (1, 2000)] {
        for (windows, size, stride, dilation) in [
          (1, 1, 1, 1), (9, 3, 1, 1), (5, 2, 2, 1), (7, 3, 2, 1), (6, 3, 1, 2), (4, 5, 3, 2),
          (20, 7, 1, 1), (3, 2, 5, 1), (0, 3, 1, 1), (1500, 4, 1, 1), (1100, 3, 2, 1),
        ] where outer * inner * windows * size <= 20_000 {
          let length = max(windows - 1, 0) * stride + (size - 1) * dilation + 2
          var draw = Draw(outer + inner + windows)
          // Unequal magnitudes: another order of additions would show.
          let x = (0..<(outer * windows * inner * size)).map { _ in
            Number(small: (draw(128) - 64) << draw(20))
          }
          let start: [Number] = randomNumbers(outer * length * inner, &draw)
          var expected = start
          for o in 0..<outer {
            for w in 0..<windows {
              for i in 0..<inner {
                for k in 0..<size {
                  let to = (o * length + w * stride + k * dilation) * inner + i
                  let from = ((o * windows + w) * inner + i) * size + k
                  expected[to] = expected[to].plus(x[from])
                }
              }
            }
          }
          forEachKernelSetting(threads: [1, 3]) { setting in
            var out = start
            k_add_windows(
              Number.kernelType, &out, x, Int64(outer), Int64(length), Int64(inner), Int64(windows),
              Int64(size), Int64(stride), Int64(dilation))
            #expect(
              haveSameBits(out, expected),
              """
              \(Number.self) outer \(outer), inner \(inner), windows \(windows) of \(size), \
              stride \(stride), dilation \(dilation), \(setting)
              """)
          }
        }
      }
    }

    @Test func additionsInOrderOfWindows() {
      for type in kernelNumbers { check(type) }
    }
  }
}
