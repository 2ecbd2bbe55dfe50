import Foundation

@testable import Autograd

/// The library's sources, for tests that read them.
enum SourceFiles {
  /// The paths and texts of the Swift files in a folder of `Sources/NN` and in the folders below.
  static func all(in folder: String = "") throws -> [(name: String, text: String)] {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let path = "/\(root)/Sources/NN/\(folder)"
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.map { name in
      let bytes = try Platform.read("\(path)/\(name)", limit: 1 << 20)
      return (name, String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The words of each line in the folder's files that declares something public at the top level.
  static func publicDeclarations(in folder: String) throws -> [[Substring]] {
    try all(in: folder).flatMap { file in
      file.text.split(separator: "\n").filter { $0.hasPrefix("public ") }.map { line in
        line.split { !$0.isLetter && !$0.isNumber }
      }
    }
  }
}
