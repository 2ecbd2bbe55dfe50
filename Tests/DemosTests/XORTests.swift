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
  private func run(_ arguments: String...) -> (status: Int32, error: String) {
    var error = ""
    let status = Program.run(
      arguments, demos: Demo.all, print: { _ in }, printError: { error += $0 })
    return (status, error)
  }

  @Test(arguments: ["linear-regression", "xor"])
  func `Help is at hand and bad options are refused`(name: String) {
    #expect(run(name, "--help").status == 0)
    let (status, error) = run(name, "--epochs", "0")
    #expect(status == 2)
    #expect(error == "Demos \(name): --epochs: '0' is not a whole number of at least 1\n")
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

  @Test func `Bad files are an error in one line`() {
    let missing = run("linear-regression", "--data", "/no/such.csv", "--target", "y")
    #expect(missing.status == 1)
    #expect(missing.error.contains("/no/such.csv"))
    #expect(missing.error.count { $0.isNewline } == 1)
    #expect(
      run("linear-regression", "--data", "a.csv").error
        == "Demos linear-regression: --target names the column of a.csv that is to be predicted\n")
    #expect(run("linear-regression", "--target", "y").status == 2)
  }
}
