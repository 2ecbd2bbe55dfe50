import Autograd
import Testing

/// Programmer errors stop with a sentence that names the operation, the operands and their shapes.
@Suite struct OperationErrorTests {
  @Test(arguments: ErrorInput.all.map(\.name))
  func message(_ name: String) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [name] in
      ErrorInput[name].provoke()
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for fragment in ErrorInput[name].fragments {
      #expect(
        message.contains(fragment), "\(name): \"\(fragment)\" is not in \(message.prefix(400))")
    }
  }
}
