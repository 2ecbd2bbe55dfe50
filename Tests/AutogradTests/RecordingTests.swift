import Autograd
import Testing

@Suite struct RecordingTests {
  private struct Failure: Error {}

  private func isRecording() -> Bool {
    let x = Variable([1], requiresGradient: true)
    return !(x + x).isLeaf
  }

  @Test func nests() {
    #expect(isRecording())
    withoutRecording {
      #expect(!isRecording())
      withoutRecording { #expect(!isRecording()) }
      #expect(!isRecording())
    }
    #expect(isRecording())
  }

  @Test func isRestoredAfterThrow() {
    #expect(throws: Failure.self) {
      try withoutRecording {
        #expect(!isRecording())
        throw Failure()
      }
    }
    #expect(isRecording())
    #expect(throws: Failure.self) { try withStrictGradients { throw Failure() } }
    #expect(gradientOfMaskedRoot() == 0)
  }

  @Test func returnsTheResult() {
    #expect(withoutRecording { 42 } == 42)
    #expect(withStrictGradients { "x" } == "x")
  }

  @Test func leavesKeepRequiringGradients() {
    let x = Variable([1], requiresGradient: true)
    let y = withoutRecording { x * x }
    #expect(x.requiresGradient)
    #expect(!y.requiresGradient && y.isLeaf)
  }

  @Test func backwardRecordsOnlyIfAsked() {
    let x = leaf(2)
    let y = (x * x * x).sum()
    #expect(gradient(of: y, withRespectTo: x).isLeaf)
    #expect(!gradient(of: y, withRespectTo: x, createGraph: true).isLeaf)
    #expect(isRecording())
  }

  @Test func constantsAreNotRecorded() {
    let (a, b) = (Variable([1]), Variable([2]))
    #expect((a * b).isLeaf)
    #expect(!(a * b).requiresGradient)
    #expect((a .> b).isLeaf)
  }

  /// The derivative of select(x > 0, √x, 0) at 0.
  private func gradientOfMaskedRoot() -> Double {
    let x = scalar(0)
    return gradient(of: select(x .> 0, sqrt(x), 0), withRespectTo: x).item()
  }

  @Test func strictGradientsFollowIEEE() {
    #expect(gradientOfMaskedRoot() == 0)
    withStrictGradients {
      #expect(gradientOfMaskedRoot().isNaN)
      withoutRecording {}
      #expect(gradientOfMaskedRoot().isNaN)
    }
    #expect(gradientOfMaskedRoot() == 0)
  }

  @Test func flagsAreIndependent() {
    withStrictGradients {
      withoutRecording { #expect(!isRecording()) }
      #expect(isRecording())
    }
  }
}
