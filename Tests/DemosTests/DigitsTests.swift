import Autograd
import Foundation
import NN
import Testing

@testable import Demos

@Suite struct DigitsTests {
  @Test(arguments: Digits.Kind.allCases)
  func `At least 97 % of the held-out digits are read`(kind: Digits.Kind) throws {
    let result = try Digits(
      Digits.optical(), kind: kind, layers: [128], rate: 0.01,
      epochs: kind == .mlp ? 30 : 8, batchSize: 32, seed: 0)
    #expect(result.confusion.accuracy >= 0.97)
    #expect(result.trainingCount == 1438)
    #expect(result.heldOut.count == 359)
    let labels = result.heldOut.targets.array(of: Int.self)
    let right = zip(labels, result.answers).count { $0 == $1 }
    #expect(Double(right) / 359 == result.confusion.accuracy)
  }

  @Test func `The layers are those asked for`() throws {
    let data = Digits.optical()
    let result = try Digits(
      data, kind: .mlp, layers: [10, 12], rate: 0.01, epochs: 1, batchSize: 256, seed: 0)
    let parameters = 64 * 10 + 10 + 10 * 12 + 12 + 12 * 10 + 10
    #expect(result.model.parameterCount == parameters)
    #expect(result.confusion.accuracy < 0.97)
  }

  @Test func `The images are those of scikit-learn`() {
    let data = Digits.optical()
    #expect(data.inputs.shape == [1797, 1, 8, 8])
    let labels = data.targets.array(of: Int.self)
    #expect(
      (0...9).map { digit in labels.count { $0 == digit } }
        == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    let mean = 16 * data.inputs.doubles().reduce(0, +) / Double(data.inputs.count)
    #expect(mean.fixed(6) == "4.884165")
  }
}

@Suite struct DigitFileTests {
  private let folder = "\(NSTemporaryDirectory())/digits-\(UInt32.random(in: .min ... .max))"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Two IDX files: images of 4 × 4 equal pixels, and their labels.
  private func write(labels: [UInt8], size: UInt8 = 4) throws -> [String] {
    let count = UInt8(labels.count)
    let pixels = labels.flatMap { [UInt8](repeating: $0 * 20, count: Int(size) * Int(size)) }
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, size, 0, 0, 0, size] + pixels
    try Platform.write(images, to: folder + "/images")
    try Platform.write([0, 0, 8, 1, 0, 0, 0, count] + labels, to: folder + "/labels")
    return ["--images", folder + "/images", "--labels", folder + "/labels"]
  }

  private func run(_ arguments: [String]) -> (status: Int32, error: String) {
    var error = ""
    let status = Program.run(
      ["digits", "--svg", folder + "/digits.svg"] + arguments, demos: Demo.all, print: { _ in },
      printError: { error += $0 })
    return (status, error)
  }

  @Test(arguments: ["mlp", "cnn"])
  func `Images of one's own are learned`(model: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try write(labels: (0..<200).map { $0 % 10 })
    let options = ["--model", model, "--epochs", "2", "--goal", "0.05"]
    let result = run(files + options)
    #expect(result == (0, ""))
    #expect(FileManager.default.fileExists(atPath: folder + "/digits.svg"))
  }

  @Test func `Bad files are an error in one line`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let missing = run(["--images", "/no/such", "--labels", "/no/such"])
    #expect(missing.status == 1)
    #expect(missing.error.contains("/no/such"))
    #expect(missing.error.count { $0.isNewline } == 1)
    let half = run(["--images", "/no/such"])
    #expect(half == (2, "Demos digits: --images and --labels belong together\n"))
    let letters = run(try write(labels: (0..<20).map { $0 % 11 }))
    #expect(letters.status == 1)
    #expect(letters.error.hasSuffix("labels: a label is not a digit from 0 to 9\n"))
    let few = run(try write(labels: [1, 2, 3]))
    #expect(few.status == 1)
    #expect(few.error.contains("3 images of 4 × 4 pixels; at least 10"))
    let small = run(try write(labels: (0..<20).map { $0 % 10 }, size: 3))
    #expect(small.error.contains("20 images of 3 × 3 pixels"))
  }
}
