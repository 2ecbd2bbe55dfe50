import Autograd

/// One step of a recurrent network: a state and an input make the next state.
///
/// ``RNNCell``, ``GRUCell`` and ``LSTMCell`` are such cells, and so is what you write:
/// ``Recurrent`` makes layers of any of them, in both directions and with sequences of different
/// lengths.
///
/// ```swift
/// var state: LSTMState? = nil
/// for x in steps { state = cell(x, state) }
/// ```
public protocol RecurrentCell: Module {
  /// What a cell remembers from one step to the next.
  associatedtype State: RecurrentState

  /// The number of features of an input.
  var inputSize: Int { get }

  /// The number of features of each variable of a state, in the order of
  /// ``RecurrentState/variables``.
  ///
  /// The first is ``RecurrentState/hidden``, which is also what the cell puts out.
  var stateSizes: [Int] { get }

  /// What a step takes from its input: the part that does not depend on the state, which a layer
  /// computes for all steps at once.
  ///
  /// - Parameter x: Shape […, ``inputSize``].
  func project(_ x: Variable) -> Variable

  /// The state after a step; call the cell itself rather than this.
  ///
  /// - Parameters:
  ///   - projection: What ``project(_:)`` made of the input of the step.
  ///   - state: The state before it.
  func step(_ projection: Variable, from state: State) -> State
}

/// What a recurrent cell remembers: variables of the shape […, features].
public protocol RecurrentState {
  /// What the cell puts out.
  var hidden: Variable { get }

  /// All variables of the state, ``hidden`` first.
  var variables: [Variable] { get }

  /// Creates a state of its ``variables``.
  init(variables: [Variable])
}

/// The state of an ``RNNCell`` or a ``GRUCell``: what it has put out last.
public struct HiddenState: RecurrentState {
  /// What the cell has put out, shape […, hidden].
  public let hidden: Variable

  /// Creates a state.
  public init(hidden: Variable) { self.hidden = hidden }

  /// The hidden state alone.
  public var variables: [Variable] { [hidden] }

  /// Creates a state of one variable.
  public init(variables: [Variable]) { hidden = variables[0] }
}

extension RecurrentCell {
  /// The state after one step.
  ///
  /// - Parameters:
  ///   - x: Shape […, ``inputSize``]; else stops with an error.
  ///   - state: The state before the step, of shapes […, size]; zeros if nil.
  public func callAsFunction(_ x: Variable, _ state: State? = nil) -> State {
    scope {
      guard x.shape.last == inputSize else {
        fatalError(
          "\(label): the input \(describe(x)) does not have \(inputSize) elements in its last axis"
            + location())
      }
      let batch = Shape(x.shape.dropLast())
      let state = state ?? zeroState(batch: batch, dtype: x.dtype)
      requireState(state, batch: batch, label: label)
      return step(project(x), from: state)
    }
  }

  /// The state before the first step: zeros.
  ///
  /// - Parameters:
  ///   - batch: The axes before that of the features.
  ///   - dtype: float32 or float64, as the inputs.
  public func zeroState(batch: Shape, dtype: DType = .float32) -> State {
    State(variables: stateSizes.map { Variable(Tensor.zeros(Shape(batch + [$0]), dtype: dtype)) })
  }

  /// Stops with an error if the variables of a state do not have the sizes of this cell.
  func requireState(_ state: State, batch: Shape, label: @autoclosure () -> String) {
    for (variable, size) in zip(state.variables, stateSizes)
    where variable.shape != Shape(batch + [size]) {
      fatalError(
        "\(label()): a variable of the state is \(describe(variable)), not \(Shape(batch + [size]))"
          + location())
    }
  }
}
