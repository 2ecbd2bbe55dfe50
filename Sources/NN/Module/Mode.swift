import Autograd

/// Whether a layer that behaves differently in training is being trained.
///
/// A layer such as ``Dropout`` stores one as a property; ``Module/isTraining`` switches all below a
/// module.
public final class Mode {
  /// Whether the layer is being trained; true at first.
  public var isTraining = true {
    didSet { for mode in followers { mode.isTraining = isTraining } }
  }
  /// The modes of a layer that this one stood for until it was made (``Lazy``); they go with it.
  var followers: [Mode] = []

  /// Creates the mode of training.
  public init() {}
}

extension Module {
  /// Whether the module is being trained.
  ///
  /// Layers such as dropout and batch normalisation behave differently in training; setting this
  /// switches all of them below the module. It is true if one of them is in training, or if there
  /// are none. A part that evaluates in a model that trains is marked in the ``description``.
  public var isTraining: Bool {
    get {
      let modes = ModuleWalk(self).modes
      return modes.isEmpty || modes.contains { $0.isTraining }
    }
    nonmutating set {
      for mode in ModuleWalk(self).modes { mode.isTraining = newValue }
    }
  }

  /// Runs a closure with all parts of the module evaluating; afterwards each is as it was.
  ///
  /// ```swift
  /// let answers = model.evaluating { withoutRecording { model(x) } }
  /// ```
  public func evaluating<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let modes = ModuleWalk(self).modes
    let before = modes.map(\.isTraining)
    for mode in modes { mode.isTraining = false }
    defer { for (mode, wasTraining) in zip(modes, before) { mode.isTraining = wasTraining } }
    return try body()
  }
}
