/// What is wrong with a file of arrays, and at which byte.
///
/// Its description is one line: `weights.npy, byte 20: the type '<c8' is not supported; …`.
public struct TensorFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The file cannot be read; the operating system's words.
    case unreadable(String)
    /// The file cannot be written; the operating system's words.
    case unwritable(String)
    /// The file does not begin as files of its format do.
    case wrongMagic(format: String)
    /// A version of the format that is not known.
    case unknownVersion(major: Int, minor: Int)
    /// The header does not have the one form that is allowed; what was expected.
    case malformedHeader(String)
    /// An element type that no ``DType`` holds.
    case unsupportedType(String)
    /// More axes than ``Shape/maximumRank``.
    case tooManyAxes(Int)
    /// A size, or the product of all sizes, that no array in memory can have.
    case tooLarge
    /// Fewer bytes than must be there.
    case truncated(expected: Int, found: Int)
    /// Bytes after the end of the last array.
    case trailingBytes(Int)
    /// A truth value that is neither 0 nor 1.
    case invalidBool(UInt8)
    /// The list of names of several tensors is not one that ``saveTensors(_:to:)`` writes.
    case malformedNames(String)
    /// A name that two tensors have.
    case duplicateName(String)
    /// An array of another shape or type than its use requires.
    case unexpectedArray(String)
  }

  /// What is wrong.
  public let reason: Reason
  /// The name of the file.
  public let file: String
  /// The place in bytes from the start of the file, from 0, if the error has one.
  public let offset: Int?

  /// Creates an error.
  public init(_ reason: Reason, file: String, offset: Int? = nil) {
    self.reason = reason
    self.file = file
    self.offset = offset
  }

  /// One line for people: file, place and reason.
  public var description: String {
    let place = offset.map { ", byte \($0)" } ?? ""
    return "\(file)\(place): \(reason)"
  }
}

extension TensorFileError.Reason: CustomStringConvertible {
  /// The reason as part of a sentence.
  public var description: String {
    switch self {
    case .unreadable(let message): "cannot read the file: \(message)"
    case .unwritable(let message): "cannot write the file: \(message)"
    case .wrongMagic(let format): "this is not \(format)"
    case .unknownVersion(let major, let minor): "version \(major).\(minor) of npy is not known"
    case .malformedHeader(let expected): "malformed header: \(expected)"
    case .unsupportedType(let type):
      "the type \(type) is not supported; float32, float64, int32, int64, uint8 and bool are"
    case .tooManyAxes(let count):
      "\(count) axes; a tensor has at most \(Shape.maximumRank)"
    case .tooLarge: "the sizes are beyond what an array in memory can have"
    case .truncated(let expected, let found):
      "the file is cut off: \(expected) bytes must follow, \(found) do"
    case .trailingBytes(let count):
      "\(count) byte\(count == 1 ? " follows" : "s follow") the end of the last array"
    case .invalidBool(let byte): "a truth value is stored as 0 or 1, not as \(byte)"
    case .malformedNames(let problem): "malformed list of names: \(problem)"
    case .duplicateName(let name): "two tensors have the name '\(name)'"
    case .unexpectedArray(let problem): problem
    }
  }
}
