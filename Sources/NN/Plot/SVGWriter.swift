/// Writes XML that is well formed by construction: elements nest as closures do.
struct SVGWriter {
  private(set) var document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  typealias Attributes = [(name: String, value: String)]

  mutating func element(_ name: String, _ attributes: Attributes) {
    document += "<\(name)\(SVGWriter.joined(attributes))/>\n"
  }

  mutating func element(
    _ name: String, _ attributes: Attributes, _ content: (inout SVGWriter) -> Void
  ) {
    document += "<\(name)\(SVGWriter.joined(attributes))>\n"
    content(&self)
    document += "</\(name)>\n"
  }

  mutating func text(_ name: String, _ text: String, _ attributes: Attributes = []) {
    document += "<\(name)\(SVGWriter.joined(attributes))>\(SVGWriter.escaped(text))</\(name)>\n"
  }

  private static func joined(_ attributes: Attributes) -> String {
    attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      // XML 1.0 has no way to write these.
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Double {
  /// A coordinate in pixels with at most two decimals.
  ///
  /// A drawing has many of them, all of a few digits, so whole numbers do it.
  var pixels: String {
    let hundredths = Int((self * 100).rounded())
    let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    let (tenths, rest) = part.quotientAndRemainder(dividingBy: 10)
    return "\(sign)\(whole).\(tenths)" + (rest == 0 ? "" : "\(rest)")
  }
}
