import Kernels

// Sums, means and extrema over axes.

/// The reduced axes of a reduction, counted from 0 in ascending order.
private final class ReductionBox: AttributeBox {
  let axes: [Int]
  init(_ axes: [Int]) { self.axes = axes }
}

let sumPrimitive = Primitive.reduction(
  "sum", .sum, liveness: .moves
) { s, g in s.kept(g).expanded(to: s[0].shape) }

/// Ties share the cotangent evenly (PyTorch's amax).
let reduceMaximumPrimitive = Primitive.extremum("max", .maximum)
let reduceMinimumPrimitive = Primitive.extremum("min", .minimum)

extension Primitive {
  fileprivate static func extremum(_ name: String, _ kernel: KReduce) -> Primitive {
    reduction(
      name, kernel, liveness: .selects { s, _ in s[0] .== s.kept(s.y) }
    ) { s, g in
      let chosen = s[0] .== s.kept(s.y)
      let count = chosen.cast(to: g.dtype).sum(
        axes: s.box(ReductionBox.self).axes, keepingAxes: true)
      return select(chosen, s.kept(g) / count, 0)
    }
  }

  fileprivate static func reduction(
    _ name: String, _ kernel: KReduce, liveness: Liveness, _ derivative: Derivative
  ) -> Primitive {
    Primitive(
      name,
      .custom { s in
        let x = s[0]
        reduceAxes(
          kernel, s.box(ReductionBox.self).axes, of: x, into: s.node.fields.pointee.data)
      }, liveness: liveness, rule: .perInput([derivative]))
  }

  /// Applies a reduction over axes that are in range.
  func reduce(_ x: Variable, _ axes: [Int], keepingAxes: Bool) -> Variable {
    var shape = Shape()
    for axis in 0..<x.rank {
      if !axes.contains(axis) {
        shape.append(x.shape[axis])
      } else if keepingAxes {
        shape.append(1)
      }
    }
    return self(x, shape: shape, attributes: .box(ReductionBox(axes)))
  }
}

extension Site {
  /// The result or its cotangent with the reduced axes kept as axes of size 1.
  fileprivate func kept(_ result: Variable) -> Variable {
    var shape = self[0].shape
    for axis in box(ReductionBox.self).axes { shape[axis] = 1 }
    return result.reshaped(to: shape)
  }
}

/// Reduces runs of neighbouring axes one after the other, the last first: each is a three-dimensional problem.
private func reduceAxes(
  _ kernel: KReduce, _ axes: [Int], of x: Variable, into out: UnsafeMutableRawPointer
) {
  let dtype = x.dtype
  var source = x.value.contiguous()
  var shape = x.shape
  var runs: [Range<Int>] = []
  for axis in axes {
    if let last = runs.last, last.upperBound == axis {
      runs[runs.count - 1] = last.lowerBound..<(axis + 1)
    } else {
      runs.append(axis..<(axis + 1))
    }
  }
  if runs.isEmpty {
    out.copyMemory(from: source.data, byteCount: source.count * dtype.size)
    return
  }
  for (index, run) in runs.enumerated().reversed() {
    let outer = shape.elementCount(of: 0..<run.lowerBound)
    let n = shape.elementCount(of: run)
    let inner = shape.elementCount(of: run.upperBound..<shape.rank)
    for axis in run { shape[axis] = 1 }
    let result = index == 0 ? nil : Tensor(uninitialized: shape, dtype: dtype)
    k_reduce(
      kernel, dtype.kernelType, result?.data ?? out, source.data, Int64(outer), Int64(n),
      Int64(inner))
    if let result { source = result }
  }
  withExtendedLifetime(source) {}
}

extension Variable {
  /// The axes to reduce, counted from 0 in ascending order: those given, or all.
  func reductionAxes(_ axes: [Int]?, operation: String) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let resolved = Set(axes.map { resolve(axis: $0, rank: rank, operation: operation, of: self) })
    guard resolved.count == axes.count else {
      fatalError("\(operation): an axis occurs twice in \(axes)")
    }
    return resolved.sorted()
  }

  /// The sum of the elements over the given axes, or over all.
  ///
  /// Float sums follow a fixed tree: the bits do not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, negative ones counting from the end; nil for all.
  ///   - keepingAxes: Whether the reduced axes stay, with size 1.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let x = dtype == .bool ? cast(to: .int64) : self
    let axes = reductionAxes(axes, operation: "sum")
    return sumPrimitive.reduce(x, axes, keepingAxes: keepingAxes)
  }

  /// The sum of the elements along one axis.
  public func sum(axis: Int, keepingAxes: Bool = false) -> Variable {
    sum(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The mean of the elements over the given axes, or over all; NaN for no elements.
  ///
  /// - Parameters:
  ///   - axes: The axes to average over, negative ones counting from the end; nil for all.
  ///   - keepingAxes: Whether the reduced axes stay, with size 1.
  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    requireFloatingPoint("mean")
    let axes = reductionAxes(axes, operation: "mean")
    let count = axes.reduce(1) { $0 * shape[$1] }
    return sumPrimitive.reduce(self, axes, keepingAxes: keepingAxes) / Variable(Double(count))
  }

  /// The mean of the elements along one axis.
  public func mean(axis: Int, keepingAxes: Bool = false) -> Variable {
    mean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The largest element over the given axes, or over all; NaN if there is one. For bool: whether any is true.
  ///
  /// Elements that share the maximum share the gradient evenly. Stops with an error for no elements.
  public func max(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    reduceMaximumPrimitive.reduce(
      self, extremumAxes(axes, operation: "max"), keepingAxes: keepingAxes)
  }

  /// The largest element along one axis.
  public func max(axis: Int, keepingAxes: Bool = false) -> Variable {
    max(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The smallest element over the given axes, or over all; NaN if there is one. For bool: whether all are true.
  ///
  /// Elements that share the minimum share the gradient evenly. Stops with an error for no elements.
  public func min(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    reduceMinimumPrimitive.reduce(
      self, extremumAxes(axes, operation: "min"), keepingAxes: keepingAxes)
  }

  /// The smallest element along one axis.
  public func min(axis: Int, keepingAxes: Bool = false) -> Variable {
    min(axes: [axis], keepingAxes: keepingAxes)
  }

  private func extremumAxes(_ axes: [Int]?, operation: String) -> [Int] {
    let axes = reductionAxes(axes, operation: operation)
    if dtype != .bool, let empty = axes.first(where: { shape[$0] == 0 }) {
      fatalError("\(operation): axis \(empty) of \(shape) is empty\(location(of: self))")
    }
    return axes
  }

  /// Whether any element is true, over the given axes or over all; false for no elements. Bool only.
  public func any(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    requireBool("any")
    return max(axes: axes, keepingAxes: keepingAxes)
  }

  /// Whether all elements are true, over the given axes or over all; true for no elements. Bool only.
  public func all(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    requireBool("all")
    return min(axes: axes, keepingAxes: keepingAxes)
  }

  func requireFloatingPoint(_ operation: String) {
    guard dtype.isFloatingPoint else {
      fatalError(
        "\(operation): not defined for \(dtype); cast(to: .float32) first\(location(of: self))")
    }
  }

  private func requireBool(_ operation: String) {
    guard dtype == .bool else { fatalError("\(operation): the variable is \(dtype), not bool") }
  }
}
