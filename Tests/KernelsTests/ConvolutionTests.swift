import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct ConvolutionKernelTests {
    /// Axes as depth, height, width.
    private struct Sizes {
      var batch = 1
      var groups = 1
      var inputs = 1
      var outputs = 1
      var size = [1, 1, 1]
      var kernel = [1, 1, 1]
      var stride = [1, 1, 1]
      var dilation = [1, 1, 1]
      var before = [0, 0, 0]
      var after = [0, 0, 0]

      var places: [Int] {
        (0..<3).map {
          let span = dilation[$0] * (kernel[$0] - 1) + 1
          return (size[$0] + before[$0] + after[$0] - span) / stride[$0] + 1
        }
      }
      var xCount: Int { batch * groups * inputs * size.reduce(1, *) }
      var wCount: Int { groups * outputs * inputs * kernel.reduce(1, *) }
      var yCount: Int { batch * groups * outputs * places.reduce(1, *) }

      var geometry: KConvolution {
        func three(_ list: [Int]) -> (Int64, Int64, Int64) {
          (Int64(list[0]), Int64(list[1]), Int64(list[2]))
        }
        return KConvolution(
          batch: Int64(batch), groups: Int64(groups), inputs: Int64(inputs),
          outputs: Int64(outputs), size: three(size), places: three(places),
          kernel: three(kernel), stride: three(stride), dilation: three(dilation),
          padding: three(before))
      }

      /// Calls `body` with the places in x, w and y of each term of each sum.
      func forEachTerm(_ body: (Int, Int, Int) -> Void) {
        let places = places
        for y in 0..<yCount {
          let (k, j, i) = (
            y % places[2], y / places[2] % places[1], y / (places[1] * places[2]) % places[0]
          )
          let channel = y / places.reduce(1, *)
          let (n, o) = (channel / (groups * outputs), channel % (groups * outputs))
          for w in 0..<inputs * kernel.reduce(1, *) {
            let taps = [
              w / (kernel[1] * kernel[2]) % kernel[0], w / kernel[2] % kernel[1], w % kernel[2],
            ]
            let c = o / outputs * inputs + w / kernel.reduce(1, *)
            let place = zip([i, j, k], 0..<3).map { place, axis in
              place * stride[axis] - before[axis] + taps[axis] * dilation[axis]
            }
            guard zip(place, size).allSatisfy({ 0..<$1 ~= $0 }) else { continue }
            let x = n * groups * inputs + c
            body(
              ((x * size[0] + place[0]) * size[1] + place[1]) * size[2] + place[2],
              o * inputs * kernel.reduce(1, *) + w, y)
          }
        }
      }
    }

    private static let cases = [
      Sizes(),
      Sizes(batch: 3, inputs: 2, outputs: 5, size: [1, 7, 9], kernel: [1, 3, 2]),
      // Wide enough for rows of places of their own, with zeros around; several panels of channels.
      Sizes(
        batch: 1, inputs: 2, outputs: 37, size: [1, 6, 26], kernel: [1, 3, 3],
        before: [0, 1, 1], after: [0, 1, 1]),
      // Longer sums than a chunk; channels a power of two apart.
      Sizes(
        batch: 2, inputs: 70, outputs: 9, size: [1, 16, 16], kernel: [1, 3, 3], stride: [1, 4, 4],
        before: [0, 2, 1], after: [0, 0, 1]),
      // Gaps between windows and within; padding on one side, and less than none.
      Sizes(
        batch: 2, groups: 2, inputs: 3, outputs: 9, size: [1, 13, 14], kernel: [1, 3, 4],
        stride: [1, 2, 3], dilation: [1, 2, 1], before: [0, 3, 0], after: [0, -1, 2]),
      Sizes(
        batch: 1, inputs: 2, outputs: 3, size: [1, 5, 9], kernel: [1, 1, 2], stride: [1, 3, 4]),
      // Depthwise, with lines of one to five vectors.
      Sizes(
        batch: 2, groups: 5, size: [1, 6, 37], kernel: [1, 3, 3], before: [0, 1, 1],
        after: [0, 1, 1]),
      Sizes(batch: 3, groups: 3, size: [1, 5, 8], kernel: [1, 2, 3], stride: [1, 2, 2]),
      // Many examples in a block; one long line.
      Sizes(batch: 40, inputs: 3, outputs: 17, size: [1, 3, 3], kernel: [1, 2, 2]),
      Sizes(
        batch: 1, inputs: 2, outputs: 11, size: [1, 1, 600], kernel: [1, 1, 3],
        dilation: [1, 1, 2], before: [0, 0, 4]),
      Sizes(
        batch: 2, inputs: 2, outputs: 10, size: [4, 5, 13], kernel: [2, 3, 2], stride: [1, 2, 1],
        dilation: [2, 1, 1], before: [1, 0, 1], after: [1, 1, 0]),
      Sizes(
        batch: 1, inputs: 2, outputs: 2, size: [3, 4, 15], kernel: [3, 3, 3], before: [1, 1, 1],
        after: [1, 1, 1]),
    ]

    private func strides(_ channels: Int, _ sizes: [Int], step: Int = 1) -> [Int64] {
      [channels * sizes.reduce(1, *), sizes.reduce(1, *), sizes[1] * sizes[2], sizes[2], 1].map {
        Int64($0 * step)
      }
    }

    private func check<Number: Real & KernelNumber>(
      _ sizes: Sizes, _ type: Number.Type, tolerance: Double
    ) {
      var draw = Draw(sizes.xCount + sizes.yCount)
      func values(_ count: Int) -> [Number] {
        (0..<count).map { _ in Number(Double(draw(2001) - 1000) / 1000) }
      }
      let (x, w, g) = (values(sizes.xCount), values(sizes.wCount), values(sizes.yCount))
      let bias = values(sizes.groups * sizes.outputs)
      let area = sizes.places.reduce(1, *)
      var expected = [
        (0..<sizes.yCount).map { Double(bias[$0 / area % bias.count]) },
        [Double](repeating: 0, count: x.count), [Double](repeating: 0, count: w.count),
      ]
      sizes.forEachTerm { i, k, j in
        expected[0][j] += Double(x[i]) * Double(w[k])
        expected[1][i] += Double(g[j]) * Double(w[k])
        expected[2][k] += Double(g[j]) * Double(x[i])
      }
      // The same elements with gaps between them.
      let spaced = x.flatMap { [$0, Number.nan] }
      var geometry = sizes.geometry
      let xStrides = strides(sizes.groups * sizes.inputs, sizes.size)
      let wide = strides(sizes.groups * sizes.inputs, sizes.size, step: 2)
      let gStrides = strides(sizes.groups * sizes.outputs, sizes.places)
      let type = Number.kernelType
      var first: [[Number]] = []
      var set = k_instruction_set()
      forEachKernelSetting { setting in
        for (x, xStrides) in [(x, xStrides), (spaced, wide)] {
          var results = expected.map { [Number](repeating: .nan, count: $0.count) }
          k_convolution(type, &geometry, &results[0], x, xStrides, w, bias, nil)
          k_convolution_input_gradient(type, &geometry, &results[1], g, gStrides, w, nil)
          k_convolution_weight_gradient(type, &geometry, &results[2], x, xStrides, g)
          if first.isEmpty || set != k_instruction_set() {
            first = results
            set = k_instruction_set()
            for (result, expected) in zip(results, expected) {
              let worst = zip(result, expected).map { ($0 - Number($1)).magnitude }.max() ?? 0
              #expect(Double(worst) < tolerance, "\(sizes), \(setting)")
            }
          }
          for (result, first) in zip(results, first) {
            #expect(haveSameBits(result, first), "\(sizes), \(setting)")
          }
        }
      }
    }

    @Test(arguments: cases.indices) func agreesWithPlainLoops(index: Int) {
      check(Self.cases[index], Float.self, tolerance: 2e-4)
      check(Self.cases[index], Double.self, tolerance: 1e-12)
    }

    @Test func withoutExamplesOrPlacesGradientsAreZero() {
      var sizes = Sizes(batch: 0, inputs: 2, outputs: 3, size: [1, 4, 4], kernel: [1, 2, 2])
      var geometry = sizes.geometry
      let strides = [Int64](repeating: 0, count: 5)
      var slopes = [Float](repeating: 7, count: sizes.wCount)
      k_convolution_weight_gradient(.float32, &geometry, &slopes, [Float](), strides, [Float]())
      #expect(slopes == [Float](repeating: 0, count: sizes.wCount))
      sizes.batch = 1
      geometry = sizes.geometry
      geometry.places.2 = 0
      var image = [Float](repeating: 7, count: sizes.xCount)
      k_convolution_input_gradient(
        .float32, &geometry, &image, [Float](), strides, [Float](repeating: 1, count: 24), nil)
      #expect(image == [Float](repeating: 0, count: sizes.xCount))
    }
  }
}
