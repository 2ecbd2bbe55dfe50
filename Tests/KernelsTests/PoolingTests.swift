import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct PoolingKernelTests {
    /// The windows along one axis.
    private struct Axis {
      var length: Int
      var starts: [Int]
      var counts: [Int]
      var step = 1

      /// Windows of a size at a distance, cut off at the edges.
      init(_ length: Int, size: Int, stride: Int, padding: Int = 0, step: Int = 1) {
        self.length = length
        self.step = step
        starts = []
        counts = []
        for start in Swift.stride(
          from: -padding, through: length + padding - step * (size - 1) - 1, by: stride)
        {
          let inside = (0..<size).map { start + $0 * step }.filter { 0..<length ~= $0 }
          starts.append(inside.first ?? 0)
          counts.append(inside.count)
        }
      }

      /// Windows of uneven sizes.
      init(_ length: Int, windows: Int) {
        self.length = length
        starts = (0..<windows).map { $0 * length / windows }
        counts = (0..<windows).map { (($0 + 1) * length + windows - 1) / windows }
        counts = zip(starts, counts).map { $1 - $0 }
      }

      func elements(_ window: Int) -> [Int] {
        (0..<counts[window]).map { starts[window] + $0 * step }
      }
    }

    private static let cases: [[Axis]] = [
      [Axis(1, size: 1, stride: 1), Axis(1, size: 1, stride: 1), Axis(1, size: 1, stride: 1)],
      // Pairs: whole vectors, a last one that reaches back, an odd column that is left over.
      [Axis(1, size: 1, stride: 1), Axis(6, size: 2, stride: 2), Axis(47, size: 2, stride: 2)],
      [Axis(1, size: 1, stride: 1), Axis(6, size: 3, stride: 1), Axis(32, size: 2, stride: 2)],
      [Axis(1, size: 1, stride: 1), Axis(4, size: 2, stride: 2), Axis(7, size: 2, stride: 2)],
      [Axis(1, size: 1, stride: 1), Axis(4, size: 2, stride: 2), Axis(24, size: 2, stride: 2)],
      [
        Axis(1, size: 1, stride: 1), Axis(9, size: 3, stride: 2, padding: 1),
        Axis(40, size: 3, stride: 2, padding: 1),
      ],
      [
        Axis(3, size: 2, stride: 1), Axis(5, size: 3, stride: 1, padding: 1),
        Axis(600, size: 5, stride: 1, padding: 2),
      ],
      [
        Axis(1, size: 1, stride: 1), Axis(2, size: 2, stride: 1, padding: 1, step: 3),
        Axis(21, size: 2, stride: 3, padding: 1, step: 2),
      ],
      [Axis(2, windows: 2), Axis(7, windows: 3), Axis(11, windows: 4)],
      [Axis(1, windows: 1), Axis(5, windows: 8), Axis(23, windows: 23)],
    ]

    private func check<Number: Real & KernelNumber>(_ axes: [Axis], _ type: Number.Type) {
      let outer = 3
      let plane = axes.map(\.length).reduce(1, *)
      let places = axes.map(\.starts.count).reduce(1, *)
      var draw = Draw(plane + places)
      // Few values, so that there are ties; NaN and infinities.
      let x = (0..<(outer * plane)).map { _ in
        draw.pick([0, 1, 2, 3, 4, 5, -.infinity, .infinity, .nan] as [Number])
      }
      let v = (0..<(outer * plane)).map { _ in Number(Double(draw(2001) - 1000) / 1000) }
      let g = (0..<(outer * places)).map { _ in Number(Double(draw(2001) - 1000) / 1000) }
      var expected = [
        [Number](repeating: -9, count: g.count), [Number](repeating: -9, count: g.count),
        [Number](repeating: 0, count: x.count), [Number](repeating: 0, count: g.count),
        [Number](repeating: 0, count: x.count),
      ]
      for window in 0..<(outer * places) {
        let (j, k) = (axes[1].starts.count, axes[2].starts.count)
        let index = [window / (j * k) % axes[0].starts.count, window / k % j, window % k]
        let lists = zip(axes, index).map { $0.elements($1) }
        let divisor = Number(zip(axes, index).map { $0.counts[$1] + 1 }.reduce(1, *))
        var found: Int?
        var sum: Number = 0
        for a in lists[0] {
          for b in lists[1] {
            for c in lists[2] {
              let place =
                ((window / places * axes[0].length + a) * axes[1].length + b) * axes[2].length + c
              if let best = found, x[best].isNaN || x[place] <= x[best] {} else { found = place }
              sum += v[place]
              expected[4][place] += g[window] / divisor
            }
          }
        }
        if let found {
          expected[0][window] = x[found]
          expected[1][window] = v[found]
          expected[2][found] += g[window]
        }
        expected[3][window] = sum / divisor
      }
      withPool(axes, outer: outer) { pool in
        var pool = pool
        let type = Number.kernelType
        forEachKernelSetting { setting in
          var results = expected.map { [Number](repeating: 77, count: $0.count) }
          k_pool_maximum(type, &pool, &results[0], x, x, -9)
          x.withUnsafeBytes { same in
            var whole = results[0]
            k_pool_maximum(type, &pool, &whole, same.baseAddress!, same.baseAddress!, -9)
            results[0] = whole
          }
          k_pool_maximum(type, &pool, &results[1], x, v, -9)
          k_pool_maximum_gradient(type, &pool, &results[2], x, g, nil)
          k_pool_mean(type, &pool, &results[3], v)
          k_pool_mean_gradient(type, &pool, &results[4], g)
          for (number, (result, expected)) in zip(results, expected).enumerated() {
            #expect(identical(result, expected), "\(axes), result \(number), \(setting)")
          }
        }
      }
    }

    /// The divisor of a window along an axis is one more than its elements.
    private func withPool(_ axes: [Axis], outer: Int, _ body: (KPool) -> Void) {
      let lists = axes.flatMap { [$0.starts, $0.counts, $0.counts.map { $0 + 1 }] }
      let numbers = lists.flatMap { $0.map { Int64($0) } }
      numbers.withUnsafeBufferPointer { buffer in
        var next = buffer.baseAddress!
        let tables = axes.map { axis in
          let count = axis.starts.count
          defer { next += 3 * count }
          return (next, next + count, next + 2 * count)
        }
        func three(_ list: [Int]) -> (Int64, Int64, Int64) {
          (Int64(list[0]), Int64(list[1]), Int64(list[2]))
        }
        var pool = KPool()
        pool.outer = Int64(outer)
        pool.size = three(axes.map(\.length))
        pool.places = three(axes.map(\.starts.count))
        pool.step = three(axes.map(\.step))
        pool.starts = (tables[0].0, tables[1].0, tables[2].0)
        pool.counts = (tables[0].1, tables[1].1, tables[2].1)
        pool.divisors = (tables[0].2, tables[1].2, tables[2].2)
        body(pool)
      }
    }

    @Test(arguments: cases.indices) func agreesWithPlainLoops(index: Int) {
      check(Self.cases[index], Float.self)
      check(Self.cases[index], Double.self)
    }
  }
}
