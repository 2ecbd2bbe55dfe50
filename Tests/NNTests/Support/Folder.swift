import Foundation

/// The files of the package, for tests that read its sources.
enum Folder {
  static func files(below path: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.map { "\(path)/\($0)" }
  }
}
