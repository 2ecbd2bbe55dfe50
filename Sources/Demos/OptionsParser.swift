import NN

/// A command line that cannot be followed; one line for people.
struct UsageError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The values of a demo's options on one command line.
struct OptionValues: Sendable {
  /// Whether `--help` or `-h` was among the arguments; those after it are not looked at.
  private(set) var wantsHelp = false
  private var values: [String: any Sendable] = [:]

  /// Reads `--name value`, `--name=value` and `--flag`; of an option given twice the last counts.
  ///
  /// - Throws: `UsageError` for an unknown option, a missing or unsuitable value, or an argument
  ///   that belongs to no option.
  init(_ arguments: [String], for options: [any AnyOption]) throws(UsageError) {
    for option in options { values[option.name] = option.erasedDefault }
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--help" || argument == "-h" {
        wantsHelp = true
        return
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let given = String(parts[0])
      guard let option = options.first(where: { "--\($0.name)" == given }) else {
        throw OptionValues.unknown(given, options)
      }
      let inline = parts.count > 1 ? String(parts[1]) : nil
      values[option.name] = try OptionValues.value(of: option, inline: inline, rest: &rest)
    }
  }

  /// The value of an option: the given one or the default.
  subscript<Value>(_ option: Option<Value>) -> Value {
    guard let value = values[option.name] as? Value else {
      fatalError("--\(option.name) is not among the options that the demo declares")
    }
    return value
  }

  private static func value(
    of option: any AnyOption, inline: String?, rest: inout ArraySlice<String>
  ) throws(UsageError) -> any Sendable {
    if option.placeholder == nil {
      guard inline == nil else { throw UsageError("--\(option.name) takes no value") }
      return true
    }
    let text: String
    if let inline {
      text = inline
    } else if let next = rest.first, !next.hasPrefix("--") {
      text = next
      rest.removeFirst()
    } else {
      throw UsageError("--\(option.name) needs a value: \(option.expectation)")
    }
    guard let value = option.parsed(text) else {
      throw UsageError("--\(option.name): '\(text)' is not \(option.expectation)")
    }
    return value
  }

  private static func unknown(_ given: String, _ options: [any AnyOption]) -> UsageError {
    guard given.hasPrefix("-") else {
      return UsageError("unexpected argument '\(given)'; options begin with '--'")
    }
    let name = String(given.drop { $0 == "-" })
    let hint = nearest(to: name, among: options.map(\.name) + ["help"]).map {
      "did you mean '--\($0)'?"
    }
    return UsageError("unknown option '\(given)'; \(hint ?? "'--help' lists the options")")
  }
}

/// The lines that explain options, the names in one column and their meanings in another.
func helpText(for options: [any AnyOption]) -> String {
  var entries = options.map { option in
    let details = [
      option.expectation.isEmpty ? nil : option.expectation,
      option.defaultText.map { "default \($0)" },
    ].compactMap { $0 }
    return (
      name: "--\(option.name)" + (option.placeholder.map { " \($0)" } ?? ""),
      text: option.help + (details.isEmpty ? "" : " (\(details.joined(separator: "; ")))")
    )
  }
  entries.append((name: "--help", text: "show this text"))
  return aligned(entries)
}

/// Two columns; a name that is too long for the first has a line of its own.
func aligned(_ entries: [(name: String, text: String)]) -> String {
  let longest = 24
  let width = entries.map(\.name.count).filter { $0 <= longest }.max() ?? 0
  return entries.map { name, text in
    let isLong = name.count > longest
    let gap = String(repeating: " ", count: isLong ? width + 4 : width - name.count + 2)
    return "  \(name)\(isLong ? "\n" : "")\(gap)\(text)\n"
  }.joined()
}

/// The candidate that was probably meant: at most a third of its letters differ.
func nearest(to name: String, among candidates: [String]) -> String? {
  let distances = candidates.map { (name: $0, distance: editDistance(name, $0)) }
  guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, (max(name.count, best.name.count) + 1) / 3) ? best.name : nil
}

/// The number of letters to insert, delete, replace or swap with their neighbour.
///
/// Optimal string alignment: L. Boytsov, "Indexing methods for approximate dictionary searching",
/// ACM Journal of Experimental Algorithmics 16 (2011).
func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var distance = (0...a.count).map { i in (0...b.count).map { j in i == 0 ? j : i } }
  for i in a.indices {
    for j in b.indices {
      let replaced = distance[i][j] + (a[i] == b[j] ? 0 : 1)
      var best = min(replaced, distance[i][j + 1] + 1, distance[i + 1][j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, distance[i - 1][j - 1] + 1)
      }
      distance[i + 1][j + 1] = best
    }
  }
  return distance[a.count][b.count]
}
