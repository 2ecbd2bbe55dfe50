import Foundation
import Testing

@testable import Autograd

/// Every public operation has a case in the database, or a reason why it needs none.
@Suite struct CoverageTests {
  /// The cases of operations whose names are not their own.
  private let cases = [
    "+": ["add"], "-": ["subtract", "negate"], "*": ["multiply"], "/": ["divide"],
    ".==": ["equal"], ".!=": ["notEqual"], ".<": ["less"], ".<=": ["lessOrEqual"],
    ".>": ["greater"], ".>=": ["greaterOrEqual"], ".&": ["and"], ".|": ["or"], ".!": ["not"],
    "subscript": ["slice", "element", "lastColumn"],
    "scaledDotProductAttention": ["attention", "attentionCausal", "attentionMasked"],
    "attentionWeights": ["attention", "attentionCausal", "attentionMasked", "attentionBiased"],
    "batchNorm": ["batchNorm", "batchNormOfInference", "batchNormStatistics"],
    "gelu": ["gelu", "geluTanh"], "embedding": ["embedding", "embeddingWithPadding"],
    "clamp": ["clamp", "clampLow", "clampHigh"],
    "norm": ["norm", "norm1", "norm3", "normInfinity", "normFractional", "normNegative"],
    "split": ["split", "splitEvenly"], "dropout": ["dropout", "dropoutOfChannels"],
    "padded": ["padded", "paddedReflecting", "paddedReplicating", "paddedCircularly"],
    "interpolate": ["interpolateNearest", "interpolateLinear", "interpolateCubic"],
  ]

  /// Operations without a case, and why.
  private let exempt: [String: String] = [
    "+=": "is +", "-=": "is -", "*=": "is *", "/=": "is /",
    "==": "not available", "!=": "not available", "<": "not available", "<=": "not available",
    ">": "not available", ">=": "not available", "allClose": "returns a Bool",
    "nonzero": "its shape depends on values",
    "full": "a tensor, no operation", "zeros": "a tensor", "ones": "a tensor",
    "range": "a tensor", "linspace": "a tensor", "identity": "a tensor", "converted": "a tensor",
  ]

  @Test func everyPublicOperationHasACase() throws {
    let names = try publicOperations()
    #expect(names.count > 100, "the sources were not read")
    let known = Set(OperationDatabase.names)
    for name in names where exempt[name] == nil {
      for needed in cases[name] ?? [name] {
        #expect(known.contains(needed), "\(name) has no case \(needed) in the operation database")
      }
    }
  }

  /// Every differentiable primitive is met by some first or second derivative of the database.
  @Test func everyPrimitiveIsDifferentiated() throws {
    let sources = try sources().joined(separator: "\n")
    let declared = Set(
      sources.matches(of: /let (\w+)Primitive\b/).map { String($0.output.1) })
    var reached: Set<String> = []
    for name in OperationDatabase.differentiable {
      for sample in OperationDatabase[name].samples.prefix(6) {
        let run = SampleRun(OperationDatabase[name], sample)
        reached.formUnion(operationNames(below: run.result))
        reached.formUnion(derivativeNames(of: run))
      }
    }
    let withoutGradient: Set = [
      "equal", "notEqual", "less", "lessOrEqual", "greater", "greaterOrEqual", "isNaN",
      "isInfinite", "isFinite", "isZero", "argmax", "argmin", "argsort", "custom",
      "attentionForward", "channelNormForward",
    ]
    // Variables and primitives that are named alike.
    let aliases = ["copy": "contiguous", "reduceMaximum": "max", "reduceMinimum": "min"]
    for name in declared.subtracting(withoutGradient) {
      #expect(reached.contains(aliases[name] ?? name), "no case uses the primitive \(name)")
    }
  }

  /// The operations that the derivatives of both orders are made of.
  private func derivativeNames(of run: SampleRun) -> Set<String> {
    guard run.result.requiresGradient else { return [] }
    var names: Set<String> = []
    var value = (run.result * run.result).sum()
    for _ in 0..<2 where value.requiresGradient {
      let slopes = run.products(of: value, createGraph: true)
      for slope in slopes { names.formUnion(operationNames(below: slope)) }
      value = run.inner(slopes, slopes.map(\.value.wide))
    }
    return names
  }

  private func operationNames(below root: Variable) -> Set<String> {
    guard root.requiresGradient else { return [] }
    let nodes = Order(below: root.node).nodes.map { $0.takeUnretainedValue() }
    return Set(nodes.compactMap { Variable($0).operationName })
  }

  /// The names of public functions and operators that return variables.
  private func publicOperations() throws -> Set<String> {
    var names: Set<String> = []
    for text in try sources() {
      for match in text.matches(of: /public (?:static )?(?:prefix )?func (\w+|\S+(?= \())/) {
        names.insert(String(match.output.1))
      }
      if text.contains("public subscript(") { names.insert("subscript") }
    }
    return names
  }

  private func sources() throws -> [String] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let folder = tests.appending(path: "../../../Sources/Autograd/Operations").standardized
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "swift" }.map {
      try String(contentsOf: $0, encoding: .utf8)
    }
  }
}
