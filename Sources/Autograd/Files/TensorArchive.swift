// Several tensors in one file: npy arrays one after the other, the first of which lists the names.
// NumPy reads such a file by calling np.load repeatedly on one open file.

/// Writes tensors with their names into one file.
///
/// The file is a sequence of npy arrays: first the names as UTF-8 text in a uint8 array, one a
/// line, then the tensors in the order of the names, which are sorted. Equal tensors make equal
/// bytes. The file is replaced at once: after a failure the old one is still there.
///
/// ```swift
/// try saveTensors(model.state(), to: "model.tensors")
/// try model.load(loadTensors(from: "model.tensors"))
/// ```
///
/// NumPy reads it, too:
///
///     with open("model.tensors", "rb") as file:
///         names = bytes(np.load(file)).decode().split("\n")
///         tensors = {name: np.load(file) for name in names}
///
/// - Parameters:
///   - tensors: The tensors by name. A name that is empty or contains a line feed stops with an
///     error.
///   - path: The file.
/// - Throws: ``TensorFileError`` if the file cannot be written.
public func saveTensors(_ tensors: [String: Tensor], to path: String) throws(TensorFileError) {
  try write(archiveBytes(of: tensors), to: path)
}

/// Reads the tensors of a file that ``saveTensors(_:to:)`` has written.
///
/// - Returns: The tensors by name.
/// - Throws: ``TensorFileError`` with the place if the file cannot be read, is not exactly such a
///   sequence of arrays, or uses a name twice.
public func loadTensors(from path: String) throws(TensorFileError) -> [String: Tensor] {
  try tensors(in: ByteReader(contentsOf: path))
}

/// The bytes of a file of several tensors.
func archiveBytes(of tensors: [String: Tensor]) -> [UInt8] {
  // By code points, not by the tables of a version of Unicode.
  let names = tensors.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  for name in names where name.isEmpty || name.utf8.contains(UInt8(ascii: "\n")) {
    fatalError("saveTensors: the name '\(name)' is empty or contains a line feed")
  }
  var bytes: [UInt8] = []
  Tensor(Array(names.joined(separator: "\n").utf8)).appendNpy(to: &bytes)
  for name in names { tensors[name]!.appendNpy(to: &bytes) }
  return bytes
}

/// The tensors of a file of several, from its bytes.
func tensors(in reader: ByteReader) throws(TensorFileError) -> [String: Tensor] {
  var reader = reader
  let list = try reader.takeNpy()
  guard list.dtype == .uint8, list.rank == 1 else {
    throw reader.error(
      .malformedNames("uint8 with one axis is expected, not \(list.dtype) \(list.shape)"), at: 0)
  }
  let bytes = list.array(of: UInt8.self)
  let text = String(decoding: bytes, as: UTF8.self)
  // What is not UTF-8 was replaced.
  guard text.utf8.elementsEqual(bytes) else {
    throw reader.error(.malformedNames("this is not UTF-8 text"), at: 0)
  }
  var result: [String: Tensor] = [:]
  if text.isEmpty {
    try reader.requireEnd()
    return result
  }
  // Split as bytes: as characters, CR and LF would be one.
  for name in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    let name = String(Substring(name))
    guard !name.isEmpty else { throw reader.error(.malformedNames("an empty name"), at: 0) }
    guard result[name] == nil else { throw reader.error(.duplicateName(name), at: 0) }
    result[name] = try reader.takeNpy()
  }
  try reader.requireEnd()
  return result
}
