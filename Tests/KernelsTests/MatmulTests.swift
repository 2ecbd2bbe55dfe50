import Kernels
import Testing

/// The first error of one product of each of many sizes around the register blocks of all
/// instruction sets; `repeating` calls its argument with each setting to try.
private func firstSmallError<Scalar: MatmulScalar>(
  _: Scalar.Type, repeating: (() -> Void) -> Void = { $0() }
) -> String? {
  let layouts = MatrixLayout.allCases
  var turn = 0
  var error: String?
  for m in [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 29] {
    for n in [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16, 17, 31, 32, 33, 65] {
      for k in [1, 2, 3, 8, 17, 33] {
        // Steps that share no factor with the number of layouts: all pairs have their turn.
        turn += 5
        let a = StridedMatrix<Scalar>(layouts[turn % layouts.count], m, k)
        let b = StridedMatrix<Scalar>(layouts[turn / layouts.count % layouts.count], k, n, seed: 1)
        let start: Scalar? = turn % 3 == 0 ? Scalar(testValue: 77) : nil
        let padding = turn % 4
        let reference = ReferenceProduct(a, b, adding: start, limit: 16)
        repeating {
          let result = kernelProduct(a, b, adding: start, padding: padding)
          error = error ?? reference.firstError(in: result, padding: padding)
        }
      }
    }
  }
  return error
}

/// Products that are cut into chunks of k, panels and blocks, of every path.
private let largeSizes = [
  (150, 600, 530), (65, 513, 300), (300, 40, 1100), (5, 1100, 530), (2, 1500, 700), (1, 1030, 1030),
  (700, 3, 600), (1030, 1, 1030), (1, 1, 3000), (129, 530, 64), (16, 10, 2000), (500, 1030, 33),
  (40, 700, 530),
]

/// As firstSmallError, for large sizes.
private func firstLargeError<Scalar: MatmulScalar>(
  _: Scalar.Type, repeating: (() -> Void) -> Void = { $0() }
) -> String? {
  var error: String?
  for (m, n, k) in largeSizes {
    for (aLayout, bLayout) in [
      (MatrixLayout.rows, MatrixLayout.rows), (.columns, .rows), (.rows, .columns),
      (.paddedColumns, .paddedColumns), (.gaps, .gaps), (.backwards, .backwardColumns),
    ] {
      let a = StridedMatrix<Scalar>(aLayout, m, k)
      let b = StridedMatrix<Scalar>(bLayout, k, n, seed: 1)
      let reference = ReferenceProduct(a, b, limit: 9)
      repeating {
        error = error ?? reference.firstError(in: kernelProduct(a, b, padding: 2), padding: 2)
      }
    }
  }
  return error
}

@Suite struct MatmulTests {
  @Test func smallProducts() {
    #expect(firstSmallError(Float.self) == nil)
    #expect(firstSmallError(Double.self) == nil)
  }

  @Test func largeProducts() {
    #expect(firstLargeError(Float.self) == nil)
    #expect(firstLargeError(Double.self) == nil)
  }

  @Test func integersWrap() {
    #expect(firstSmallError(Int32.self) == nil)
    #expect(firstSmallError(Int64.self) == nil)
    #expect(firstSmallError(UInt8.self) == nil)
  }

  @Test func emptySizes() {
    let none = StridedMatrix<Float>(.rows, 3, 0)
    let noRows = StridedMatrix<Float>(.rows, 0, 5)
    #expect(kernelProduct(none, noRows) == [Float](repeating: 0, count: 15))
    #expect(kernelProduct(none, noRows, adding: 2) == [Float](repeating: 2, count: 15))
    let padded = kernelProduct(none, noRows, padding: 1)
    #expect(padded[5] == .canary && padded[11] == .canary && padded[17] == .canary)
    let someRows = StridedMatrix<Float>(.rows, 5, 4)
    #expect(kernelProduct(noRows, someRows).isEmpty)
    let noColumns = StridedMatrix<Float>(.rows, 5, 0)
    let untouched = kernelProduct(StridedMatrix<Float>(.rows, 3, 5), noColumns, padding: 2)
    #expect(untouched == [Float](repeating: .canary, count: 6))
  }

  @Test func nonFiniteValuesPropagate() {
    for (m, n, k) in [
      (4, 8, 2), (1, 40, 30), (40, 1, 30), (1, 1, 70), (20, 33, 40), (140, 520, 80),
    ] {
      let layouts = [MatrixLayout.rows, .columns]
      for aLayout in layouts {
        for bLayout in layouts {
          var a = StridedMatrix<Float>(aLayout, m, k)
          var b = StridedMatrix<Float>(bLayout, k, n, seed: 1)
          for p in 0..<k {
            a[m - 1, p] = 0
            b[p, 0] = 1
          }
          b[k - 1, n - 1] = .infinity
          a[0, k / 2] = .nan
          let c = kernelProduct(a, b)
          #expect((0..<n).allSatisfy { c[$0].isNaN })
          #expect(c[m * n - 1].isNaN, "0 times infinity")
          if m > 1, n > 1 { #expect(c[(m - 1) * n] == 0) }
          if m > 2, n > 1 { #expect((1..<m).allSatisfy { c[$0 * n].isFinite }) }
        }
      }
    }
  }

  @Test(arguments: [(3, 4, 5), (2, 70, 90), (33, 32, 40)])
  func batchesWithRepeatedOperands(m: Int, n: Int, k: Int) {
    let count = 7
    let a = StridedMatrix<Float>(.rows, count * m, k)
    let b = StridedMatrix<Float>(.rows, 3 * k, n, seed: 1)
    let aOffsets = (0..<count).map { Int64($0 * m * k) }
    let bOffsets = (0..<count).map { Int64($0 % 3 * k * n) }
    let c = batchedProduct(a, b, aOffsets, bOffsets, m, n, k)
    for index in 0..<count {
      for i in 0..<m {
        for j in 0..<n {
          let exact = (0..<k).reduce(0.0) {
            $0 + Double(a[index * m + i, $1]) * Double(b[index % 3 * k + $1, j])
          }
          #expect(abs(Double(c[(index * m + i) * n + j]) - exact) < 1e-4)
        }
      }
    }
  }
}

private func batchedProduct(
  _ a: StridedMatrix<Float>, _ b: StridedMatrix<Float>, _ aOffsets: [Int64], _ bOffsets: [Int64],
  _ m: Int, _ n: Int, _ k: Int
) -> [Float] {
  var c = [Float](repeating: .canary, count: aOffsets.count * m * n)
  k_matmul_batched(
    .float32, Int64(aOffsets.count), Int64(m), Int64(n), Int64(k), a.storage, aOffsets, Int64(k), 1,
    b.storage, bOffsets, Int64(n), 1, &c)
  return c
}

extension GlobalStateTests {
  @Suite struct Matmul {
    @Test func everyInstructionSet() {
      let repeating: (() -> Void) -> Void = { body in
        forEachInstructionSet { _ in body() }
      }
      #expect(firstSmallError(Float.self, repeating: repeating) == nil)
      #expect(firstSmallError(Double.self, repeating: repeating) == nil)
      #expect(firstLargeError(Float.self, repeating: repeating) == nil)
      #expect(firstLargeError(Double.self, repeating: repeating) == nil)
    }

    /// The bits of an element depend on k alone: not on threads, strides, or the other rows.
    @Test(arguments: largeSizes)
    func sameBitsOnAnyThreadsAndStrides(m: Int, n: Int, k: Int) {
      let pairs = [
        (MatrixLayout.rows, MatrixLayout.rows), (.columns, .columns), (.gaps, .gaps),
        (.rows, .columns),
      ].map { (StridedMatrix<Float>($0, m, k), StridedMatrix<Float>($1, k, n, seed: 1)) }
      forEachInstructionSet { set in
        let reference = kernelProduct(pairs[0].0, pairs[0].1)
        forEachThreadCount { threads in
          for (a, b) in pairs {
            #expect(kernelProduct(a, b) == reference, "\(set), \(threads) threads")
          }
        }
      }
    }

    @Test func sameBitsForFewerRows() {
      let (n, k) = (600, 530)
      let b = StridedMatrix<Float>(.rows, k, n, seed: 1)
      let whole = kernelProduct(StridedMatrix<Float>(.rows, 300, k), b)
      for m in [1, 2, 3, 4, 5, 140] {
        let part = kernelProduct(StridedMatrix<Float>(.rows, m, k), b)
        #expect(part.elementsEqual(whole.prefix(m * n)))
      }
    }

    @Test(arguments: [(40, 20, 20, 20), (3, 100, 80, 90), (2000, 4, 5, 3)])
    func batchesHaveTheSameBits(count: Int, m: Int, n: Int, k: Int) {
      let a = StridedMatrix<Float>(.rows, count * m, k)
      let b = StridedMatrix<Float>(.rows, k, n, seed: 1)
      let aOffsets = (0..<count).map { Int64($0 * m * k) }
      let bOffsets = [Int64](repeating: 0, count: count)
      let whole = kernelProduct(a, b)
      forEachThreadCount { threads in
        let c = batchedProduct(a, b, aOffsets, bOffsets, m, n, k)
        #expect(c == whole, "\(threads) threads")
      }
    }
  }
}
