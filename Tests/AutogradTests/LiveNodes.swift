import Autograd
import Testing

/// Runs a body and expects that every node it made is gone afterwards.
///
/// Nodes are counted for each thread, and the body may not suspend, so tests that run beside it do
/// not matter.
func expectNoLiveNodes(
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation, _ body: () -> Void
) {
  let before = liveNodeCount()
  body()
  #expect(liveNodeCount() == before, comment, sourceLocation: sourceLocation)
}

/// A float64 leaf that requires a gradient.
func leaf(_ elements: Double..., name: String? = nil) -> Variable {
  Variable(Tensor(elements), requiresGradient: true, name: name)
}

/// A float64 constant.
func constant(_ elements: Double...) -> Variable { Variable(Tensor(elements)) }

/// A float64 scalar that requires a gradient.
func scalar(_ value: Double, name: String? = nil) -> Variable {
  Variable(Tensor([value], shape: []), requiresGradient: true, name: name)
}

/// What a process that was expected to fail wrote to its standard error stream.
func errors(of result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
