import Kernels

// Choosing between values. What is not chosen gets the exact derivative 0, whatever its own
// derivative is (Liveness.swift).

let selectPrimitive = Primitive(
  "select",
  .custom { s in
    let out = s.node.fields
    let (c, a, b) = (s[0].node.fields, s[1].node.fields, s[2].node.fields)
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 4 * Shape.maximumRank) { buffer in
      let sizes = buffer.baseAddress.unsafelyUnwrapped
      let shape = out.pointee.shape
      for axis in 0..<shape.rank { sizes[axis] = Int64(shape[axis]) }
      let step = Shape.maximumRank
      writeBroadcastStrides(of: c, to: shape, into: sizes + step)
      writeBroadcastStrides(of: a, to: shape, into: sizes + 2 * step)
      writeBroadcastStrides(of: b, to: shape, into: sizes + 3 * step)
      k_select_strided(
        out.pointee.dtype.size, out.pointee.data,
        c.pointee.data.assumingMemoryBound(to: UInt8.self), sizes + step,
        a.pointee.data, sizes + 2 * step, b.pointee.data, sizes + 3 * step, sizes,
        Int32(shape.rank))
    }
  },
  liveness: .selects { s, input in
    let chosen = s[0].expanded(to: s.node.fields.pointee.shape)
    return input == 1 ? chosen : logicalNot(chosen)
  },
  rule: .indexed { s, g, input in
    switch input {
    case 1: select(s[0], g, 0)
    case 2: select(s[0], 0, g)
    default: nil
    }
  })

/// Ties share the cotangent; NaN passes it to both (as PyTorch).
let maximumPrimitive = Primitive(
  "maximum", .binary(.maximum),
  liveness: .selects { s, input in input == 0 ? logicalNot(s[0] .< s[1]) : logicalNot(s[1] .< s[0])
  },
  rule: .perInput([
    { s, g in share(g, lost: s[0] .< s[1], tied: s[0] .== s[1]) },
    { s, g in share(g, lost: s[1] .< s[0], tied: s[0] .== s[1]) },
  ]))

let minimumPrimitive = Primitive(
  "minimum", .binary(.minimum),
  liveness: .selects { s, input in input == 0 ? logicalNot(s[0] .> s[1]) : logicalNot(s[1] .> s[0])
  },
  rule: .perInput([
    { s, g in share(g, lost: s[0] .> s[1], tied: s[0] .== s[1]) },
    { s, g in share(g, lost: s[1] .> s[0], tied: s[0] .== s[1]) },
  ]))

private func share(_ g: Variable, lost: Variable, tied: Variable) -> Variable {
  select(lost, 0, select(tied, 0.5 * g, g))
}

/// a where the condition is true, else b; all three broadcast (NumPy's `where`).
///
/// The value that is not chosen gets the exact gradient 0: `select(x .> 0, sqrt(x), 0)` has the
/// derivative 0 at 0.
///
/// - Parameters:
///   - condition: Bool.
///   - a: The value where the condition is true.
///   - b: The value where it is false, of the same type.
public func select(_ condition: Variable, _ a: Variable, _ b: Variable) -> Variable {
  guard condition.dtype == .bool else {
    fatalError("select: the condition is \(describe(condition)), not bool")
  }
  var (a, b) = (a, b)
  if a.node.fields.pointee.isWeak, !b.node.fields.pointee.isWeak {
    a = a.strong(as: b.dtype, operation: "select")
  } else if b.node.fields.pointee.isWeak, !a.node.fields.pointee.isWeak {
    b = b.strong(as: a.dtype, operation: "select")
  }
  guard a.dtype == b.dtype else {
    fatalError("select: types differ: a \(describe(a)), b \(describe(b)); cast one with cast(to:)")
  }
  guard let values = a.shape.broadcast(with: b.shape),
    let shape = values.broadcast(with: condition.shape)
  else {
    fatalError(
      "select: shapes do not broadcast: condition \(condition.shape), a \(a.shape), b \(b.shape)"
        + location(of: a, b))
  }
  return selectPrimitive.apply(to: [condition, a, b], shape: shape, dtype: a.dtype)
}

/// The larger of a and b, element by element; NaN if either is.
///
/// For bool: a or b.
///
/// Where they are equal, each gets half of the gradient.
public func maximum(_ a: Variable, _ b: Variable) -> Variable { maximumPrimitive(a, b) }

/// The smaller of a and b, element by element; NaN if either is.
///
/// For bool: a and b.
///
/// Where they are equal, each gets half of the gradient.
public func minimum(_ a: Variable, _ b: Variable) -> Variable { minimumPrimitive(a, b) }

/// x limited to the range from `low` to `high`; the gradient passes within the range and at its
/// ends.
///
/// - Parameters:
///   - x: The values.
///   - low: The lower limit, or nil for none.
///   - high: The upper limit, or nil for none; stops with an error if it is below `low`.
public func clamp(_ x: Variable, low: Double? = nil, high: Double? = nil) -> Variable {
  if let low, let high, high < low { fatalError("clamp: high \(high) is below low \(low)") }
  var result = x
  if let low { result = select(x .< Variable(low), Variable(low), result) }
  if let high { result = select(x .> Variable(high), Variable(high), result) }
  return result
}

extension Variable {
  /// The variable with `value` where the mask is true; the mask broadcasts to its shape.
  public func maskedFilled(_ mask: Variable, with value: Variable) -> Variable {
    guard mask.shape.broadcast(with: shape) == shape else {
      fatalError("maskedFilled: the mask \(mask.shape) does not broadcast to \(shape)")
    }
    return select(mask, value, self)
  }
}
