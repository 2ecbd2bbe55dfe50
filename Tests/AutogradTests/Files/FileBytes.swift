import Foundation

/// The bytes of a fixture that NumPy has written.
func npyFile(_ name: String) -> [UInt8] {
  let digits = (npyFiles[name] ?? "").filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(16 * digits[$0] + digits[$0 + 1]) }
}

/// A npy array of version 1 with a header as given, without padding.
func npy(_ header: String, elements: [UInt8] = []) -> [UInt8] {
  let text = Array((header + "\n").utf8)
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)]
    + text + elements
}

/// Runs a test with a path in a new folder, which is deleted afterwards.
func withTemporaryPath(_ name: String, _ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "/" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder + "/" + name)
}
