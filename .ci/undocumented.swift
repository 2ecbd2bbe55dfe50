import Foundation

// Prints the path of every symbol of a symbol graph that has no documentation comment.
let data = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
let graph = try JSONSerialization.jsonObject(with: data) as? [String: Any]
for symbol in graph?["symbols"] as? [[String: Any]] ?? [] where symbol["docComment"] == nil {
  let path = symbol["pathComponents"] as? [String] ?? []
  print(path.joined(separator: "."))
}
