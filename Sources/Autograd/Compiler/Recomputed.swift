import Kernels

// What a compiled function takes from outside of the graph at each call: random numbers, counters.

/// Whether the calling thread is recording a compiled function.
package var isCompiling: Bool { Context.isTracing }

/// A constant that Swift code makes, anew at each call of a compiled function.
///
/// Outside of one it is simply the constant. The code must give the same shape and type each time.
package func recomputed(_ make: @escaping () -> Tensor) -> Variable {
  let result = Context.untraced { Variable(make()) }
  if Context.isTracing {
    // What was made for a call that the plan is yet to run is not lost.
    var first = Context.isDeferring ? result.node.tensor : nil
    Recorder.current?.note(result.node, host: []) { _, memory in
      write(first ?? make(), to: memory)
      first = nil
    }
  }
  return result
}

/// A number that Swift code computes from settings and counts, anew at each call of a compiled
/// function.
package func recomputed(_ dtype: DType, _ formula: @escaping () -> Double) -> Variable {
  let result = Context.untraced { Variable(formula()).cast(to: dtype) }
  if Context.isTracing {
    Recorder.current?.note(result.node, host: [], isSetting: true) { _, memory in
      var value = formula()
      k_convert(dtype.kernelType, memory, .float64, &value, 1)
    }
  }
  return result
}

/// Runs Swift code that looks at a value and stops with an error if it is wrong, at each call of a
/// compiled function.
package func check(_ variable: Variable, _ body: @escaping (Variable) -> Void) {
  if !Context.isDeferring { Context.untraced { body(variable) } }
  if Context.isTracing {
    // Errors name the place where the check was written down.
    let place = Scope.path.map { PlaceOfCheck(path: $0) }
    Recorder.current?.note(nil, host: [variable.node], isEffect: true) { inputs, _ in
      guard let place else { return body(inputs[0]) }
      Scope.run(place, describe: { ($0.first as? PlaceOfCheck)?.path ?? "" }) { body(inputs[0]) }
    }
  }
}

private struct PlaceOfCheck {
  let path: String
}

/// How often plans have run since their functions were recorded.
package final class CallCount {
  let memory: UnsafeMutablePointer<Int>

  package init() {
    memory = .allocate(capacity: 1)
    memory.initialize(to: 0)
  }

  deinit { memory.deallocate() }

  package var value: Int {
    get { memory.pointee }
    set { memory.pointee = newValue }
  }

  /// Lets the count grow at each further call of the function that is being recorded.
  package func note() { if Context.isTracing { Recorder.current?.note(self) } }
}

/// The plan of a function that is being recorded holds no longer than a condition does.
package func holds(_ condition: @escaping () -> Bool) {
  if Context.isTracing { Recorder.current?.note(condition: condition) }
}

/// What happens here cannot be part of a compiled function: an error, if somebody asked for a plan.
package func cannotCompile(_ reason: @autoclosure () -> String) {
  if Context.isTracing { Recorder.fail("\(reason()); its steps cannot be compiled") }
}

/// Copies the elements of a tensor to memory of their size.
func write(_ tensor: Tensor, to memory: UnsafeMutableRawPointer) {
  let dense = tensor.contiguous()
  memory.copyMemory(from: dense.data, byteCount: dense.count * dense.dtype.size)
  withExtendedLifetime(dense) {}
}
