import Autograd

extension Initializer {
  /// The identity matrix times the gain; not square, it is filled up with zeros.
  ///
  /// Other than two axes stop with an error.
  public static func identity(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype, _ in
      requireRank(shape, 2...2, "identity")
      var values = [Double](repeating: 0, count: shape.elementCount)
      for i in 0..<Swift.min(shape[0], shape[1]) { values[i * shape[1] + i] = gain }
      return Tensor(values, shape: shape).converted(to: dtype)
    }
  }

  /// A convolution that passes channels on unchanged: 1 in the middle of the kernel from each input
  /// channel to the output channel of its number, in each group (Zagoruyko and Komodakis,
  /// arXiv:1706.00388).
  ///
  /// Shapes are [outputs, inputs / groups, kernel sizes …] with one to three sizes; others, and
  /// outputs that the groups do not divide, stop with an error.
  public static func dirac(groups: Int = 1) -> Initializer {
    Initializer { shape, dtype, _ in
      requireRank(shape, 3...5, "dirac")
      guard groups > 0, shape[0] % groups == 0 else {
        fatalError("dirac: \(groups) groups do not divide \(shape[0]) outputs")
      }
      let field = shape.dropFirst(2).reduce(1, *)
      let middle = shape.dropFirst(2).reduce(0) { $0 * $1 + $1 / 2 }
      let outputs = shape[0] / groups
      var values = [Double](repeating: 0, count: shape.elementCount)
      for group in 0..<(field == 0 ? 0 : groups) {
        for channel in 0..<Swift.min(outputs, shape[1]) {
          let row = group * outputs + channel
          values[(row * shape[1] + channel) * field + middle] = 1
        }
      }
      return Tensor(values, shape: shape).converted(to: dtype)
    }
  }

  /// The normal distribution with a share of zeros in each column (Martens, Deep learning via
  /// Hessian-free optimization, ICML 2010).
  ///
  /// Other than two axes stop with an error.
  ///
  /// - Parameters:
  ///   - share: In 0...1, else stops with an error; the number of zeros is rounded up.
  ///   - standardDeviation: Of the others.
  public static func sparse(zeros share: Double, standardDeviation: Double = 0.01) -> Initializer {
    guard (0...1).contains(share) else { fatalError("sparse: the share \(share) is not in 0...1") }
    return Initializer { shape, dtype, generator in
      requireRank(shape, 2...2, "sparse")
      var values = Tensor.normal(
        shape, standardDeviation: standardDeviation, dtype: .float64, using: &generator
      ).doubles()
      let count = Int((share * Double(shape[0])).rounded(.up))
      for column in 0..<shape[1] {
        let order = Tensor.permutation(shape[0], using: &generator).array(of: Int.self)
        for row in order.prefix(count) { values[row * shape[1] + column] = 0 }
      }
      return Tensor(values, shape: shape).converted(to: dtype)
    }
  }

  /// A random matrix with orthonormal rows, or columns where they are fewer, times the gain.
  ///
  /// All axes after the first are taken as one. All orthogonal matrices are equally likely (Saxe,
  /// McClelland and Ganguli, arXiv:1312.6120). Fewer than two axes stop with an error.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype, generator in
      requireRank(shape, 2...Shape.maximumRank, "orthogonal")
      if shape.elementCount == 0 { return Tensor.zeros(shape, dtype: dtype) }
      let (rows, columns) = (shape[0], shape.elementCount / shape[0])
      let (few, many) = (Swift.min(rows, columns), Swift.max(rows, columns))
      let random = Tensor.normal([few, many], dtype: .float64, using: &generator)
      return withoutRecording {
        let basis = orthonormalRows(Variable(random))
        let matrix = Variable(gain) * (rows <= columns ? basis : basis.transposed())
        return matrix.reshaped(to: shape).value.converted(to: dtype)
      }
    }
  }

  private static func requireRank(_ shape: Shape, _ ranks: ClosedRange<Int>, _ name: String) {
    guard ranks.contains(shape.rank) else {
      fatalError("\(name): not defined for the shape \(shape); the rank must lie in \(ranks)")
    }
  }
}

/// Orthonormal rows that span what the given ones do, by the method of Gram and Schmidt.
///
/// Each row is a positive multiple of its part that is orthogonal to those before, as in the
/// decomposition with a positive diagonal, so rows of normal numbers give all bases with equal
/// probability (Mezzadri, arXiv:math-ph/0609050). Projecting twice is enough for orthogonality to
/// rounding. Blocks make most of the work products of matrices.
private func orthonormalRows(_ rows: Variable, blockSize: Int = 32) -> Variable {
  var done: Variable?
  func withoutDone(_ x: Variable, _ basis: Variable?) -> Variable {
    guard let basis else { return x }
    return (0..<2).reduce(x) { x, _ in
      x - matmul(matmul(x, basis, transposingSecond: true), basis)
    }
  }
  for block in rows.split(size: blockSize) {
    let rest = withoutDone(block, done)
    var own: Variable?
    for row in rest.split(size: 1) {
      // Against those of the block, and once more against all: the first may have left much less.
      let reduced = withoutDone(withoutDone(row, own), done)
      let unit = reduced / norm(reduced)
      own = own.map { concatenate([$0, unit]) } ?? unit
    }
    done = done.map { concatenate([$0, own!]) } ?? own
  }
  return done!
}
