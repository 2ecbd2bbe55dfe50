import Autograd
import Foundation
import NN
import Testing

@Suite struct DigitImagesTests {
  private static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3] + [0, 51, 255, 255, 0, 102]
  private static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4]

  private func read(_ images: [UInt8], _ labels: [UInt8]) throws -> TensorDataset {
    let folder = NSTemporaryDirectory() + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Platform.write(images, to: folder + "/images")
    try Platform.write(labels, to: folder + "/labels")
    return try TensorDataset(idxImages: folder + "/images", idxLabels: folder + "/labels")
  }

  @Test func `Images become grey values, labels class indices`() throws {
    let data = try read(Self.images, Self.labels)
    #expect(data.count == 2)
    #expect(data.inputs.shape == [2, 1, 1, 3] && data.inputs.dtype == .float32)
    #expect(data.inputs.array(of: Float.self) == [0, 0.2, 1, 1, 0, 0.4])
    #expect(data.targets.array(of: Int.self) == [9, 4])
  }

  @Test func `Files that do not belong together are refused`() throws {
    func message(_ images: [UInt8], _ labels: [UInt8]) throws -> String {
      try #require(throws: TensorFileError.self) { try read(images, labels) }.description
    }
    #expect(
      try message(Self.labels, Self.labels).hasSuffix(
        "images: images are uint8 with three axes, not uint8 [2]"))
    #expect(
      try message(Self.images, Self.images).hasSuffix(
        "labels: labels are uint8 with one axis, not uint8 [2, 1, 3]"))
    let three: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]
    #expect(try message(Self.images, three).contains("labels: 3 labels for the 2 images of "))
    #expect(try message(Self.images, [1]).hasSuffix("this is not an IDX file"))
  }
}
