import Autograd

extension TensorDataset {
  /// Reads images and their labels from two IDX files, such as those of the MNIST database.
  ///
  /// Images become float32 [count, 1, height, width] with grey values from 0 to 1, labels int64
  /// [count].
  ///
  /// ```swift
  /// let training = try TensorDataset(
  ///   idxImages: "train-images-idx3-ubyte", idxLabels: "train-labels-idx1-ubyte")
  /// ```
  ///
  /// - Throws: `TensorFileError` if a file cannot be read, is not of bytes with three axes (images)
  ///   or one (labels), or if there are not as many labels as images.
  public init(idxImages: String, idxLabels: String) throws(TensorFileError) {
    let images = try Tensor.load(idx: idxImages)
    let labels = try Tensor.load(idx: idxLabels)
    guard images.dtype == .uint8, images.rank == 3 else {
      throw TensorFileError(
        .unexpectedArray("images are uint8 with three axes, not \(images.dtype) \(images.shape)"),
        file: idxImages)
    }
    guard labels.dtype == .uint8, labels.rank == 1 else {
      throw TensorFileError(
        .unexpectedArray("labels are uint8 with one axis, not \(labels.dtype) \(labels.shape)"),
        file: idxLabels)
    }
    guard labels.count == images.shape[0] else {
      throw TensorFileError(
        .unexpectedArray(
          "\(labels.count) labels for the \(images.shape[0]) images of \(idxImages)"),
        file: idxLabels)
    }
    let shape: Shape = [images.shape[0], 1, images.shape[1], images.shape[2]]
    let grey = withoutRecording { Variable(images).cast(to: .float32) / 255 }
    self.init(inputs: grey.value.reshaped(to: shape), targets: labels.converted(to: .int64))
  }
}
