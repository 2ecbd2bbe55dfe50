/// A small, strict reader of XML that tells whether a drawing is well formed.
///
/// It knows elements, attributes in double quotes, text and the five named entities, which is all
/// that a drawing may hold; anything else is an error.
struct XMLElement {
  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var name = ""
  private(set) var attributes: [String: String] = [:]
  private(set) var children: [XMLElement] = []
  /// The text directly in this element.
  private(set) var text = ""

  init(parsing document: String) throws {
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    guard document.hasPrefix(declaration) else { throw Malformed(description: "no declaration") }
    var rest = document.unicodeScalars.dropFirst(declaration.unicodeScalars.count)
    try self.init(&rest)
    guard rest.allSatisfy({ $0 == "\n" }) else {
      throw Malformed(description: "text after the last element: \(String(rest.prefix(40)))")
    }
  }

  /// All elements of a name below this one, in the order of the document.
  func descendants(_ name: String) -> [XMLElement] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
  }

  private init(_ rest: inout Substring.UnicodeScalarView) throws {
    try XMLElement.expect("<", &rest)
    name = XMLElement.takeName(&rest)
    if name.isEmpty { throw Malformed(description: "no name at: \(String(rest.prefix(40)))") }
    while rest.first == " " {
      rest.removeFirst()
      let attribute = XMLElement.takeName(&rest)
      try XMLElement.expect("=\"", &rest)
      let value = try XMLElement.takeText(until: "\"", &rest)
      try XMLElement.expect("\"", &rest)
      guard attributes.updateValue(value, forKey: attribute) == nil else {
        throw Malformed(description: "attribute \(attribute) twice in \(name)")
      }
    }
    if rest.first == "/" {
      try XMLElement.expect("/>", &rest)
      return
    }
    try XMLElement.expect(">", &rest)
    try readContent(&rest)
    try XMLElement.expect("</\(name)>", &rest)
  }

  private mutating func readContent(_ rest: inout Substring.UnicodeScalarView) throws {
    while true {
      text += try XMLElement.takeText(until: "<", &rest)
      if rest.dropFirst().first == "/" { return }
      children.append(try XMLElement(&rest))
    }
  }

  private static func expect(
    _ text: String, _ rest: inout Substring.UnicodeScalarView
  ) throws {
    guard rest.starts(with: text.unicodeScalars) else {
      throw Malformed(description: "expected \(text) at: \(String(rest.prefix(40)))")
    }
    rest.removeFirst(text.unicodeScalars.count)
  }

  private static func takeName(_ rest: inout Substring.UnicodeScalarView) -> String {
    let name = rest.prefix { $0.properties.isAlphabetic || "0"..."9" ~= $0 || $0 == "-" }
    rest = rest[name.endIndex...]
    return String(name)
  }

  private static func takeText(
    until end: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
  ) throws -> String {
    let entities: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]
    var text = String.UnicodeScalarView()
    while let scalar = rest.first, scalar != end {
      rest.removeFirst()
      if scalar == "&" {
        let entity = String(takeName(&rest))
        try expect(";", &rest)
        guard let meaning = entities[entity] else {
          throw Malformed(description: "unknown entity \(entity)")
        }
        text.append(meaning)
      } else if scalar == "<" || scalar.value < 0x20 && scalar != "\n" || scalar.value == 0xFFFF {
        throw Malformed(description: "U+\(String(scalar.value, radix: 16)) in text")
      } else {
        text.append(scalar)
      }
    }
    if rest.isEmpty { throw Malformed(description: "the document ends in \(String(text))") }
    return String(text)
  }
}

extension XMLElement {
  /// Whether this is a drawn series and not an axis.
  var isDataLine: Bool { attributes["stroke-width"] == "2" }

  /// The numbers of a path, without its letters.
  var pathNumbers: [Double] {
    let path = attributes["d"] ?? ""
    let spaced = path.map { $0.isLetter ? " " : String($0) }.joined()
    return spaced.split(separator: " ").map { Double($0) ?? .nan }
  }
}
