/// A named value on the command line, with its type, its bounds and its default.
///
///     let epochs = Option("epochs", default: 200, atLeast: 1, help: "passes over the data")
///     let quiet = Option(flag: "quiet", help: "print the result only")
///
///     let values = try OptionValues(["--epochs", "50"], for: [epochs, quiet])
///     values[epochs]                                                          // 50
///
/// The option is also the key to its value, so neither a name nor a type can be mistaken.
struct Option<Value: Sendable>: AnyOption {
  let name: String
  let help: String
  let defaultValue: Value
  let placeholder: String?
  let expectation: String
  let defaultText: String?
  private let parse: @Sendable (String) -> Value?

  func parsed(_ text: String) -> (any Sendable)? { parse(text) }
  var erasedDefault: any Sendable { defaultValue }
}

/// An option of whatever type.
protocol AnyOption: Sendable {
  /// Its name, without the dashes.
  var name: String { get }
  /// What it is for, in a few words.
  var help: String { get }
  /// What stands for the value in the help text; nil for a flag, which takes none.
  var placeholder: String? { get }
  /// What a value must be: "a whole number of at least 1".
  var expectation: String { get }
  /// The default as people write it.
  var defaultText: String? { get }
  var erasedDefault: any Sendable { get }

  /// The value of a text, nil if it is not as expected.
  func parsed(_ text: String) -> (any Sendable)?
}

extension Option where Value == Bool {
  /// An option that is on if it is named.
  init(flag name: String, help: String) {
    self.init(
      name: name, help: help, defaultValue: false, placeholder: nil, expectation: "",
      defaultText: nil, parse: { _ in nil })
  }
}

extension Option where Value == Int {
  /// A whole number.
  init(
    _ name: String, default value: Int, atLeast: Int? = nil, atMost: Int? = nil, help: String
  ) {
    let bounds = Bounds(atLeast: atLeast, above: nil, atMost: atMost, below: nil)
    bounds.check(value, of: name)
    self.init(
      name: name, help: help, defaultValue: value, placeholder: "N",
      expectation: "a whole number" + bounds.description, defaultText: "\(value)",
      parse: { text in Int(text).flatMap { bounds.contains($0) ? $0 : nil } })
  }
}

extension Option where Value == Double {
  /// A finite decimal number.
  init(
    _ name: String, default value: Double, atLeast: Double? = nil, above: Double? = nil,
    atMost: Double? = nil, below: Double? = nil, help: String
  ) {
    let bounds = Bounds(atLeast: atLeast, above: above, atMost: atMost, below: below)
    bounds.check(value, of: name)
    self.init(
      name: name, help: help, defaultValue: value, placeholder: "X",
      expectation: "a number" + bounds.description, defaultText: shortest(value),
      parse: { text in
        // Double alone would also take "inf", "nan" and hexadecimal numbers.
        guard text.allSatisfy({ "+-.eE0123456789".contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite && bounds.contains($0) ? $0 : nil }
      })
  }
}

extension Option where Value == String? {
  /// A text such as a path; nil unless given.
  init(_ name: String, placeholder: String = "PATH", help: String) {
    self.init(
      name: name, help: help, defaultValue: nil, placeholder: placeholder,
      expectation: "a \(placeholder.lowercased())", defaultText: nil,
      parse: { $0.isEmpty ? nil : .some($0) })
  }
}

extension Option where Value == [Int] {
  /// Whole numbers of at least 1, separated by commas.
  init(_ name: String, default value: [Int], help: String) {
    self.init(
      name: name, help: help, defaultValue: value, placeholder: "N,N,…",
      expectation: "whole numbers of at least 1, separated by commas",
      defaultText: value.map(String.init).joined(separator: ","),
      parse: { text in
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        return numbers.allSatisfy { ($0 ?? 0) >= 1 } ? numbers.compactMap { $0 } : nil
      })
  }
}

extension Option
where Value: CaseIterable & RawRepresentable, Value.RawValue == String, Value.AllCases: Sendable {
  /// One of the cases of an enumeration, by its raw value.
  init(_ name: String, default value: Value, help: String) {
    let names = Value.allCases.map(\.rawValue)
    self.init(
      name: name, help: help, defaultValue: value, placeholder: names.joined(separator: "|"),
      expectation: "one of " + names.joined(separator: ", "), defaultText: value.rawValue,
      parse: { Value(rawValue: $0) })
  }
}

/// The least and the greatest value that make sense.
private struct Bounds<Number: Comparable & Sendable & LosslessStringConvertible>: Sendable {
  let atLeast, above, atMost, below: Number?

  func contains(_ value: Number) -> Bool {
    if let atLeast, value < atLeast { return false }
    if let above, value <= above { return false }
    if let atMost, value > atMost { return false }
    if let below, value >= below { return false }
    return true
  }

  var description: String {
    let parts = [
      atLeast.map { "of at least \(shortest($0))" }, above.map { "above \(shortest($0))" },
      atMost.map { "at most \(shortest($0))" }, below.map { "below \(shortest($0))" },
    ].compactMap { $0 }
    return parts.isEmpty ? "" : " " + parts.joined(separator: " and ")
  }

  func check(_ value: Number, of name: String) {
    if !contains(value) { fatalError("--\(name): the default \(value) is not\(description)") }
  }
}

/// `1.0` as people write it: `1`.
private func shortest(_ value: some LosslessStringConvertible) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
