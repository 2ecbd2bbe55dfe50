// Exact zeros for discarded elements.
//
// select(x > 0, sqrt(x), 0) at 0 discards sqrt(0), but the chain rule still multiplies the
// cotangent 0 by the derivative ∞ and makes NaN; nearly every NaN complaint about reverse-mode
// systems is of this kind. A selection *knows* which elements it discarded, so backward carries
// that mask along with the cotangent, through element-by-element operations and moves, and puts 0
// where no element is alive. The mask is structural: it does not look at the cotangent's value (a
// cotangent that merely happens to be 0 must keep its derivatives), and it is itself part of a
// recorded backward pass, so the zeros are exact at every order.

/// Which elements of a cotangent may be different from zero.
enum Live {
  /// As `input` of the selection at `site`; computed only if needed.
  case chosen(Site, input: Int)
  case mask(Variable)

  var variable: Variable? {
    switch self {
    case .mask(let mask): return mask
    case .chosen(let site, let input):
      guard let primitive = site.node.primitive else { return nil }
      switch primitive.liveness {
      case .selects(let chosen): return chosen(site, input)
      case .picks:
        return primitive.derivative(site, full(1, site.y.shape, .bool), input: input)
      default: return nil
      }
    }
  }

  /// An input that was broadcast is alive where any of its copies is.
  func summed(to shape: Shape) -> Live? { variable.map { .mask($0.any(to: shape)) } }
}

/// The masks of the cotangents that have one; most graphs have none.
struct LivenessMap {
  private var masks: [Int: Live] = [:]

  var isEmpty: Bool { masks.isEmpty }

  mutating func take(_ position: Int) -> Live? {
    masks.isEmpty ? nil : masks.removeValue(forKey: position)
  }

  /// An element is alive if any consumer uses it; a consumer without a mask uses all.
  mutating func merge(_ live: Live?, at position: Int, isFirst: Bool) {
    if isFirst {
      if let live { masks[position] = live }
    } else if !masks.isEmpty, let before = masks[position] {
      masks[position] = nil
      if let live, let a = before.variable, let b = live.variable {
        masks[position] = .mask(logicalOr(a, b))
      }
    }
  }
}

/// Puts zeros for the dead elements of a contribution, and says which elements of the input are
/// alive.
func mask(
  _ part: Variable, _ live: Live?, _ primitive: Primitive, _ site: Site, input: Int
) -> (Variable, Live?) {
  switch primitive.liveness {
  case .mixes: return (part, nil)
  case .linear: return (part, live)
  case .elementwise:
    guard let live, let alive = live.variable else { return (part, live) }
    return (select(alive, part, 0), .mask(alive))
  case .moves:
    guard let alive = live?.variable else { return (part, nil) }
    return (part, primitive.derivative(site, alive, input: input).map(Live.mask))
  case .picks:
    // The input has another shape than the result, so its mask comes from the result's by the same
    // derivative.
    guard let alive = live?.variable else { return (part, .chosen(site, input: input)) }
    return (part, primitive.derivative(site, alive, input: input).map(Live.mask))
  case .selects(let chosen):
    guard let alive = live?.variable else { return (part, .chosen(site, input: input)) }
    guard let own = chosen(site, input) else { return (part, .mask(alive)) }
    return (part, .mask(logicalAnd(alive, own)))
  }
}
