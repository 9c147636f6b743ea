/// The weights found in what `torch.save` wrote.
struct StateDictionary {
  /// The tensors under their names without the common prefix, in the file's order.
  var tensors: [(name: String, tensor: StoredTensor)]
  /// What surrounded them.
  var wrapping: ArchiveWrapping
  /// Numbers, strings and truth values that lie beside them.
  var metadata: [String: String]

  /// The names under which training programs save weights, the most usual first.
  private static let usualContainers = [
    "state_dict", "model_state_dict", "model", "module", "net", "network", "weights", "params",
  ]
  /// How deeply dictionaries are searched.
  private static let searchDepth = 3

  /// A dictionary that holds tensors directly.
  private struct Candidate {
    var keys: [String]
    var tensors: [(name: String, tensor: StoredTensor)]
    var name: String { keys.joined(separator: "/") }
  }

  /// Finds the weights.
  ///
  /// The outermost dictionary itself is taken when it holds tensors and no dictionary under a usual
  /// name does; else the usual name that comes first; else the only dictionary of tensors there is.
  ///
  /// - Parameters:
  ///   - document: what the file's pickle held.
  ///   - container: the dictionary to take, e.g. `teacher` or `ema/model`; nil to choose.
  ///   - path: the file, for errors.
  /// - Throws: `CheckpointError`: `missingObject` when `container` is none; `ambiguous` when the
  ///   choice is not clear; `unsupported` when there are no tensors.
  init(in document: PickleDocument, container: String?, path: String) throws {
    guard document.entries(of: document.root) != nil else {
      throw CheckpointError(
        .unsupported(
          detail: "holds no dictionary of tensors",
          remedy: "save it again with torch.save(model.state_dict(), …)"
        ),
        path: path
      )
    }
    var candidates: [Candidate] = []
    var visited: Set<Int> = []
    Self.collect(document, document.root, keys: [], &visited, into: &candidates)
    let chosen = try Self.choose(candidates, container, path)
    let prefix = wrapperPrefix(of: chosen.tensors.map(\.name))
    tensors = chosen.tensors.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
    wrapping = ArchiveWrapping(
      container: chosen.name,
      prefix: prefix,
      alternatives: candidates.map(\.name).filter { $0 != chosen.name }
    )
    metadata = Self.metadata(in: document)
  }

  /// Gathers the dictionaries that hold tensors; each is visited once, however often it occurs.
  private static func collect(
    _ document: PickleDocument,
    _ value: PickleValue,
    keys: [String],
    _ visited: inout Set<Int>,
    into candidates: inout [Candidate]
  ) {
    guard case .node(let index) = value, visited.insert(index).inserted,
      let entries = document.entries(of: value)
    else { return }
    let tensors = entries.compactMap { entry in
      document.tensor(entry.value).map { (name: entry.key, tensor: $0) }
    }
    if !tensors.isEmpty { candidates.append(Candidate(keys: keys, tensors: tensors)) }
    guard keys.count < searchDepth else { return }
    for entry in entries where document.node(entry.value)?.kind == .dictionary {
      collect(document, entry.value, keys: keys + [entry.key], &visited, into: &candidates)
    }
  }

  private static func choose(
    _ candidates: [Candidate],
    _ container: String?,
    _ path: String
  ) throws -> Candidate {
    if let container {
      guard let found = candidates.first(where: { $0.name == container }) else {
        throw CheckpointError(.missingObject(name: container), path: path)
      }
      return found
    }
    for name in usualContainers {
      let matches = candidates.filter { $0.keys.last == name }
      if let found = matches.min(by: { $0.keys.count < $1.keys.count }) { return found }
    }
    if let outermost = candidates.first(where: { $0.keys.isEmpty }) { return outermost }
    guard candidates.count <= 1 else {
      throw CheckpointError(.ambiguous(containers: candidates.map(\.name)), path: path)
    }
    guard let only = candidates.first else {
      throw CheckpointError(
        .unsupported(
          detail: "holds no tensors",
          remedy: "save weights with torch.save(model.state_dict(), …)"
        ),
        path: path
      )
    }
    return only
  }

  /// The scalars of the outermost dictionary, at most 200 characters each.
  private static func metadata(in document: PickleDocument) -> [String: String] {
    var metadata: [String: String] = [:]
    for entry in document.entries(of: document.root) ?? [] {
      let text: String? =
        switch entry.value {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .string(let value): String(value.prefix(200))
        default: nil
        }
      if let text { metadata[entry.key] = text }
    }
    return metadata
  }
}

/// What wrappers of models (parallel training, compilation) put before every one of the names.
///
/// - Parameter names: the names of a state dictionary.
/// - Returns: `module.`, `_orig_mod.` or several of them; empty when a name has none.
func wrapperPrefix(of names: [String]) -> String {
  guard !names.isEmpty else { return "" }
  var prefix = ""
  while let next = ["module.", "_orig_mod."].first(where: { wrapper in
    names.allSatisfy { $0.hasPrefix(prefix + wrapper) && $0 != prefix + wrapper }
  }) {
    prefix += next
  }
  return prefix
}
