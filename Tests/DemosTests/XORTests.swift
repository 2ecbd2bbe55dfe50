import Autograd
import Foundation
import Testing

@testable import Demos

@Suite struct XORTests {
  @Test func `Every one of a hundred seeds learns the exclusive or`() {
    let failed = (0..<100).filter { seed in
      !XOR(seed: seed, optimizer: .adam, rate: 0.3, epochs: 60).isSolved
    }
    #expect(failed.isEmpty)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `So it does with gradient descent`(seed: UInt64) {
    let xor = XOR(seed: seed, optimizer: .sgd, rate: 0.1, epochs: 1000)
    #expect(xor.isSolved)
    #expect(xor.losses[999] < 0.1 * xor.losses[0])
  }

  @Test func `Too little training is not taken for success`() {
    #expect(!XOR(seed: 1, optimizer: .adam, rate: 0.1, epochs: 2).isSolved)
  }
}

@Suite struct DemoProgramTests {
  /// The exit status of a command line and what it wrote to standard error.
  private func run(_ arguments: String...) -> (status: Int32, error: String) { run(arguments) }

  private func run(_ arguments: [String]) -> (status: Int32, error: String) {
    var error = ""
    let status = Program.run(
      arguments, demos: Demo.all, print: { _ in }, printError: { error += $0 })
    return (status, error)
  }

  @Test(arguments: Demo.all.map(\.name))
  func `Help is at hand and bad options are refused`(name: String) {
    #expect(run(name, "--help").status == 0)
    let (status, error) = run(name, "--epochs", "0")
    #expect(status == 2)
    #expect(error == "Demos \(name): --epochs: '0' is not a whole number of at least 1\n")
  }

  @Test(arguments: [
    ("linear-regression", []), ("xor", []), ("from-scratch", []), ("binary", []),
    ("regression", []), ("digits", []),
    ("pendulum", ["--steps", "300", "--epochs", "150", "--learning-rate", "0.03"]),
    ("language-model", ["--dropout", "0", "--learning-rate", "0.01", "--length", "50"]),
  ])
  func `Each demo reaches what it promises and draws`(name: String, options: [String]) throws {
    let folder = "\(NSTemporaryDirectory())/demo-\(UInt32.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = options + ["--svg", folder + "/drawing.svg"]
    if name == "language-model" {
      // A minute for the sonnets, a few seconds for this.
      try Platform.write(Array(LanguageModelTests.text.utf8), to: folder + "/text")
      options += ["--text", folder + "/text"]
    }
    let result = run([name] + options)
    #expect(result == (0, ""))
    let drawing = try Platform.read(folder + "/drawing.svg", limit: 1 << 20)
    #expect(String(decoding: drawing, as: UTF8.self).hasSuffix("</svg>\n"))
  }

  @Test func `What is not learned is an error in one line`() {
    let (status, error) = run("xor", "--epochs", "1")
    #expect(status == 1)
    #expect(error.hasPrefix("Demos xor: not solved: an answer is 0."))
    #expect(error.count { $0.isNewline } == 1)
    let divergent = run("xor", "--learning-rate", "1e300")
    #expect(
      divergent.error == "Demos xor: the loss grew without bound; lower --learning-rate\n")
    let regression = run("linear-regression", "--epochs", "1")
    #expect(regression.status == 1)
    #expect(regression.error.contains("standard deviations from the exact ones, more than 0.02"))
    #expect(regression.error.count { $0.isNewline } == 1)
  }

  @Test(arguments: ["linear-regression", "binary", "regression"])
  func `Bad files are an error in one line`(name: String) {
    let missing = run(name, "--data", "/no/such.csv", "--target", "y")
    #expect(missing.status == 1)
    #expect(missing.error.contains("/no/such.csv"))
    #expect(missing.error.count { $0.isNewline } == 1)
    #expect(
      run(name, "--data", "a.csv").error
        == "Demos \(name): --target names the column of a.csv that is to be predicted\n")
    #expect(
      run(name, "--target", "y")
        == (2, "Demos \(name): --target belongs to the file that --data names\n"))
  }

  @Test(arguments: [
    ("from-scratch", ["--epochs", "2"], "not learned: less than 97 % are right"),
    ("binary", ["--epochs", "1", "--learning-rate", "1e-9"], "less than the goal of 90 %"),
    ("binary", ["--learning-rate", "1e30"], "the loss of batch "),
    ("regression", ["--epochs", "1"], "the network's R² is more than 0.05 below"),
    ("digits", ["--epochs", "1"], "less than the goal of 97 %"),
    ("pendulum", ["--epochs", "2", "--steps", "200"], "not found: a parameter is "),
    ("pendulum", ["--learning-rate", "1e300", "--steps", "100"], "grew without bound"),
    ("language-model", ["--epochs", "1", "--learning-rate", "1e-9"], "counting pairs predicts"),
  ])
  func `What is not reached is an error in one line`(
    name: String, options: [String], message: String
  ) {
    let (status, error) = run([name, "--svg", "/tmp/never.svg"] + options)
    #expect(status == 1)
    #expect(error.contains(message), "\(error)")
    #expect(error.count { $0.isNewline } == 1)
  }
}
