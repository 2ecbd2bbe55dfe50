import Autograd
import NN

// What the demos that classify have in common.

extension ConfusionMatrix {
  /// The counts, a row for each actual class.
  var rows: [[Int]] {
    (0..<classes).map { actual in (0..<classes).map { self[actual, $0] } }
  }

  /// The counts as a table: actual classes below each other, predicted ones side by side.
  func text(classes names: [String]) -> String {
    let cells = rows.map { $0.map(String.init) }
    let width = (names + cells.joined()).map(\.count).max() ?? 0
    func padded(_ text: String) -> String {
      String(repeating: " ", count: width - text.count) + text
    }
    let lines = [(padded(""), names)] + zip(names.map(padded), cells)
    let table = lines.map { "  \($0)  " + $1.map(padded).joined(separator: "  ") + "\n" }
    return "Actual classes below each other, predicted ones side by side:\n" + table.joined()
  }
}

/// Fails unless the share of right answers is high enough.
func requireGoal(_ goal: Double, share: Double) throws {
  guard share < goal else { return }
  throw DemoFailure(
    "\((100 * share).fixed(1)) % right, less than the goal of \((100 * goal).significant(4)) %; try more "
      + "--epochs, another --learning-rate or a lower --goal")
}
