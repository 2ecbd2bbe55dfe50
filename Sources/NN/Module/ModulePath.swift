import Autograd

/// The place of a layer in a list, which its caller knows and the layer does not.
struct Place {
  let index: Int
}

/// The path of the innermost of the modules that call each other, such as "encoder.layers.0".
///
/// Mirrors find a module among the members of its caller by identity, or by its variables. One
/// without variables is found if no other of its type is there, else its type stands for its name.
/// The outermost has no name: alone it is called by its type.
func modulePath(_ owners: [Any]) -> String {
  var names: [String] = []
  var caller: (any Module)?
  var place: Place?
  for owner in owners {
    if let found = owner as? Place {
      place = found
      continue
    }
    guard let module = owner as? any Module else { continue }
    if let place {
      names.append(String(place.index))
    } else if let caller {
      names.append(memberPath(of: module, in: caller) ?? "\(type(of: module))")
    }
    (caller, place) = (module, nil)
  }
  if names.isEmpty, let caller { return "\(type(of: caller))" }
  return names.joined(separator: ".")
}

/// The path of a part below a module, or nil if it is not there or cannot be told from others.
private func memberPath(of part: any Module, in module: any Module) -> String? {
  let wanted = ModuleWalk(part).variables.first?.value
  var matches: [String] = []
  func search(_ module: any Module, _ prefix: String) {
    for (name, member) in directMembers(of: module) {
      guard case .module(let candidate) = member else { continue }
      let path = prefix.isEmpty ? name : "\(prefix).\(name)"
      if isSame(candidate, part, wanted) { matches.append(path) }
      search(candidate, path)
    }
  }
  search(module, "")
  return wanted != nil || matches.count == 1 ? matches.first : nil
}

private func isSame(_ a: any Module, _ b: any Module, _ variable: Variable?) -> Bool {
  guard type(of: a) == type(of: b) else { return false }
  if type(of: a) is AnyClass { return a as AnyObject === b as AnyObject }
  let own = ModuleWalk(a).variables.first?.value
  guard let variable else { return own == nil }
  return own?.isIdentical(to: variable) ?? false
}
