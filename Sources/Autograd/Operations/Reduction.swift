import Kernels

// Sums, means and extrema over axes.

/// A set of axes, counted from 0: one bit each.
struct AxisSet: OptionSet {
  let rawValue: Int

  init(rawValue: Int) { self.rawValue = rawValue }
  init(axis: Int) { rawValue = 1 << axis }
  init(firstAxes count: Int) { rawValue = (1 << count) - 1 }

  @inline(__always) func contains(axis: Int) -> Bool { rawValue >> axis & 1 == 1 }

  /// The axes in ascending order.
  var list: [Int] { (0..<Shape.maximumRank).filter(contains(axis:)) }
}

let sumPrimitive = Primitive(
  "sum", .reduce(.sum), liveness: .moves,
  rule: .perInput([{ s, g in s.kept(g).expanded(to: s[0].shape) }]))

let reduceMaximumPrimitive = Primitive.extremum("max", .maximum)
let reduceMinimumPrimitive = Primitive.extremum("min", .minimum)

extension Primitive {
  /// Elements that share the extremum share the cotangent evenly (PyTorch's amax).
  fileprivate static func extremum(_ name: String, _ kernel: KReduce) -> Primitive {
    Primitive(
      name, .reduce(kernel), liveness: .picks,
      rule: .perInput([
        { s, g in
          let chosen = s[0] .== s.kept(s.y)
          // A mask of results: alive are the elements that they were chosen from.
          if g.dtype == .bool { return chosen .& s.kept(g) }
          let count = sumPrimitive.reduce(
            chosen.cast(to: g.dtype), AxisSet(rawValue: s.integer), keepingAxes: true)
          return select(chosen, s.kept(g) / count, 0)
        }
      ]))
  }

  /// Applies a reduction over axes that are in range.
  func reduce(_ x: Variable, _ axes: AxisSet, keepingAxes: Bool) -> Variable {
    guard case .reduce(let kernel) = kernel else { fatalError("\(name) is not a reduction") }
    let x = x.dense()
    let source = x.node.fields
    let old = source.pointee.shape
    var shape = Shape()
    for axis in 0..<old.rank {
      if !axes.contains(axis: axis) {
        shape.append(old[axis])
      } else if keepingAxes {
        shape.append(1)
      }
    }
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: source.pointee.dtype)
    if !Context.isDeferring {
      reduceAxes(kernel, axes, source, into: node.fields.pointee.data)
    }
    node.record(self, x.node, .integer(axes.rawValue))
    return Variable(node)
  }
}

extension Site {
  /// The result or its cotangent with the reduced axes kept as axes of size 1.
  fileprivate func kept(_ result: Variable) -> Variable {
    let axes = AxisSet(rawValue: integer)
    var shape = self[0].shape
    for axis in 0..<shape.rank where axes.contains(axis: axis) { shape[axis] = 1 }
    return result.reshaped(to: shape)
  }
}

/// Reduces runs of neighbouring axes one after the other, the last first: each is a
/// three-dimensional problem.
private func reduceAxes(
  _ kernel: KReduce, _ axes: AxisSet, _ x: UnsafeMutablePointer<Node.Header>,
  into out: UnsafeMutableRawPointer
) {
  let dtype = x.pointee.dtype
  var shape = x.pointee.shape
  var source = x.pointee.data
  var intermediate: Storage?
  var end = shape.rank
  while true {
    // The last run of axes before `end` that is to be reduced, and whether another one comes before
    // it.
    while end > 0, !axes.contains(axis: end - 1) { end -= 1 }
    var start = end
    while start > 0, axes.contains(axis: start - 1) { start -= 1 }
    let isLast = (0..<start).allSatisfy { !axes.contains(axis: $0) }
    let outer = shape.elementCount(of: 0..<start)
    let n = shape.elementCount(of: start..<end)
    let inner = shape.elementCount(of: end..<shape.rank)
    for axis in start..<end { shape[axis] = 1 }
    let storage = isLast ? nil : Storage(byteCount: shape.elementCount * dtype.size)
    let target = storage?.memory ?? out
    k_reduce(kernel, dtype.kernelType, target, source, Int64(outer), Int64(n), Int64(inner))
    if isLast { break }
    source = target
    intermediate = storage
    end = start
  }
  withExtendedLifetime(intermediate) {}
}

extension Variable {
  /// The axes to reduce, counted from 0: those given, or all.
  func reductionAxes(_ axes: [Int]?, operation: String) -> AxisSet {
    guard let axes else { return AxisSet(firstAxes: rank) }
    var result: AxisSet = []
    for axis in axes {
      let resolved = AxisSet(
        axis: resolve(axis: axis, rank: rank, operation: operation, of: self))
      guard result.isDisjoint(with: resolved) else {
        fatalError("\(operation): axis \(axis) occurs twice in \(axes)")
      }
      result.formUnion(resolved)
    }
    return result
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
    var count = 1
    for axis in axes.list { count *= shape[axis] }
    return sumPrimitive.reduce(self, axes, keepingAxes: keepingAxes) / Variable(Double(count))
  }

  /// The mean of the elements along one axis.
  public func mean(axis: Int, keepingAxes: Bool = false) -> Variable {
    mean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The largest element over the given axes, or over all; NaN if there is one.
  ///
  /// For bool: whether any is true.
  ///
  /// Elements that share the maximum share the gradient evenly. Stops with an error for no
  /// elements.
  public func max(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    reduceMaximumPrimitive.reduce(
      self, extremumAxes(axes, operation: "max"), keepingAxes: keepingAxes)
  }

  /// The largest element along one axis.
  public func max(axis: Int, keepingAxes: Bool = false) -> Variable {
    max(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The smallest element over the given axes, or over all; NaN if there is one.
  ///
  /// For bool: whether all are true.
  ///
  /// Elements that share the minimum share the gradient evenly. Stops with an error for no
  /// elements.
  public func min(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    reduceMinimumPrimitive.reduce(
      self, extremumAxes(axes, operation: "min"), keepingAxes: keepingAxes)
  }

  /// The smallest element along one axis.
  public func min(axis: Int, keepingAxes: Bool = false) -> Variable {
    min(axes: [axis], keepingAxes: keepingAxes)
  }

  private func extremumAxes(_ axes: [Int]?, operation: String) -> AxisSet {
    let axes = reductionAxes(axes, operation: operation)
    if dtype != .bool,
      let empty = (0..<rank).first(where: { axes.contains(axis: $0) && shape[$0] == 0 })
    {
      fatalError("\(operation): axis \(empty) of \(shape) is empty\(location(of: self))")
    }
    return axes
  }

  /// Whether any element is true, over the given axes or over all; false for no elements.
  ///
  /// Bool only.
  public func any(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    requireBool("any")
    return max(axes: axes, keepingAxes: keepingAxes)
  }

  /// Whether all elements are true, over the given axes or over all; true for no elements.
  ///
  /// Bool only.
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
