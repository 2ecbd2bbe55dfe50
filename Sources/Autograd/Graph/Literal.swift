import Kernels

// Literals and Swift scalars: they keep their exact value and take the type of what they meet.

extension Variable {
  /// The number of a literal or Swift scalar, in full precision; nil for any other variable.
  package var literal: Double? {
    guard node.fields.pointee.isWeak else { return nil }
    let bits = node.withUnsafeMutablePointerToElements { $0[1] }
    return node.fields.pointee.isWholeNumber
      ? Double(Int64(bitPattern: bits)) : Double(bitPattern: bits)
  }

  /// A literal or Swift scalar as a constant of the given type.
  func strong(as dtype: DType, operation: String = "literal") -> Variable {
    let result = Node.make(shape: .scalar, count: 1, dtype: dtype)
    node.convertLiteral(to: dtype, into: result.fields.pointee.data, operation)
    if Context.isTracing { Recorder.current?.note(result, literal: node) }
    return Variable(result)
  }
}

extension Node {
  /// Where the elements lie; those of a literal are written to `memory` in the given type first.
  @inline(__always) func data(
    as dtype: DType, ifLiteralIn memory: UnsafeMutableRawPointer, _ operation: String
  ) -> UnsafeMutableRawPointer {
    if !fields.pointee.isWeak { return fields.pointee.data }
    convertLiteral(to: dtype, into: memory, operation)
    return memory
  }

  func convertLiteral(
    to dtype: DType, into memory: UnsafeMutableRawPointer, _ operation: String
  ) {
    let bits = withUnsafeMutablePointerToElements { $0[1] }
    if fields.pointee.isWholeNumber, dtype.canHold(Int64(bitPattern: bits)) {
      var whole = Int64(bitPattern: bits)
      k_convert(dtype.kernelType, memory, .int64, &whole, 1)
    } else if dtype == .float32 {
      memory.storeBytes(of: Float(Double(bitPattern: bits)), as: Float.self)
    } else if dtype == .float64 {
      memory.storeBytes(of: bits, as: UInt64.self)
    } else {
      let value =
        fields.pointee.isWholeNumber
        ? String(Int64(bitPattern: bits)) : String(Double(bitPattern: bits))
      fatalError("\(operation): the literal \(value) does not fit \(dtype)")
    }
  }
}
