import Autograd
import NN
import Testing

/// The library of layers, losses and optimizers is compositions of public operations, nothing else.
@Suite struct PurityTests {
  /// Words that belong to the engine below.
  private static let forbidden = [
    "import Kernels", "import Foundation", "DifferentiableFunction", "Unsafe", "@testable", "@_spi",
    "unsafeBitCast", "assumingMemoryBound",
  ]

  @Test func `Sources of NN have no pointers, kernels or derivatives of their own`() throws {
    let files = try SourceFiles.all()
    #expect(files.contains { $0.name.hasSuffix("Linear.swift") })
    for file in files {
      for word in Self.forbidden {
        let isFound = file.text.contains(word)
        #expect(!isFound, "\(file.name) contains '\(word)'")
      }
    }
  }
}
