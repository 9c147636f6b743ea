import Glibc

/// How deep in its encoder each parameter lies, read from a model's state-dict names.
///
/// An encoder's embeddings (or stem) are layer 0, its blocks 1, 2, …, L in order, and all behind
/// them (last norms, projections, heads, decoders, what belongs to no encoder) is L + 1. Image and
/// text encoder are counted apart; a ResNet's blocks are counted through its four stages.
package struct LayerDepths: Equatable, Sendable {
  /// Lists of equal blocks: `visual.transformer.resblocks.3`, `bert.encoder.layer.3`, `blocks.3`.
  private static let lists: Set<Substring> = ["resblocks", "layer", "layers", "blocks", "h"]
  /// A ResNet's stages: `visual.layer2.0`.
  private static let stages: Set<Substring> = ["layer1", "layer2", "layer3", "layer4"]
  /// What stands between an encoder's name and its list of blocks.
  private static let containers: Set<Substring> = ["transformer", "encoder", "trunk"]
  /// What comes before the blocks.
  private static let stems: Set<Substring> = [
    "embeddings", "class_embedding", "positional_embedding", "token_embedding", "ln_pre", "conv1",
    "conv2", "conv3", "bn1", "bn2", "bn3", "patch_embed", "pos_embed", "cls_token", "mask_token",
    "register_tokens",
  ]
  /// What holds blocks of its own and is no encoder.
  private static let heads: Set<Substring> = ["decoder", "decode_head", "head", "classifier"]

  private enum Place {
    /// Before the blocks of the encoder of that name, which may be empty.
    case stem(of: String)
    /// A block by its stage, 0 where there are none, and its number there.
    case block(of: String, stage: Int, number: Int)
    case other
  }

  /// How many blocks the stages of each encoder have.
  private let blocks: [String: [Int]]

  /// Counts the blocks.
  ///
  /// - Parameter names: the names of all of the model's parameters.
  package init(names: [String]) {
    var blocks: [String: [Int]] = [:]
    for name in names {
      guard case .block(let encoder, let stage, let number) = Self.place(of: name) else { continue }
      var counts = blocks[encoder] ?? []
      counts += Array(repeating: 0, count: max(0, stage + 1 - counts.count))
      counts[stage] = max(counts[stage], number + 1)
      blocks[encoder] = counts
    }
    self.blocks = blocks
  }

  /// A parameter's layer and how many blocks its encoder has.
  ///
  /// - Parameter name: the name in the state dict.
  /// - Returns: the index in 0…L + 1, and L; what belongs to no encoder lies behind 0 blocks.
  package func layer(of name: String) -> (index: Int, blocks: Int) {
    switch Self.place(of: name) {
    case .stem(let encoder):
      guard let counts = blocks[encoder] else { break }
      return (0, counts.reduce(0, +))
    case .block(let encoder, let stage, let number):
      guard let counts = blocks[encoder], stage < counts.count else { break }
      return (counts[..<stage].reduce(0, +) + number + 1, counts.reduce(0, +))
    case .other:
      break
    }
    return (1, 0)
  }

  /// What layer-wise decay multiplies a parameter's learning rate with: decay^(L + 1 − index).
  ///
  /// BEiT's rule (Bao et al. 2022, appendix; also MAE's fine-tuning): the head learns at the full
  /// rate, each layer below it at `decay` times the rate of the next.
  ///
  /// - Parameters:
  ///   - name: the name in the state dict.
  ///   - decay: positive, usually 0.65 to 0.9; 1 for the same rate everywhere.
  /// - Returns: the factor, 1 for what belongs to no encoder.
  package func learningRateFactor(of name: String, decay: Double) -> Double {
    let layer = layer(of: name)
    return pow(decay, Double(layer.blocks + 1 - layer.index))
  }

  private static func place(of name: String) -> Place {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard !parts.contains(where: heads.contains) else { return .other }
    for (index, part) in parts.enumerated() {
      let number = index + 1 < parts.count ? Int(parts[index + 1]) : nil
      if let number, number >= 0, lists.contains(part) || stages.contains(part) {
        let stage = stages.contains(part) ? (Int(part.suffix(1)) ?? 1) - 1 : 0
        return .block(of: encoder(parts[..<index]), stage: stage, number: number)
      }
      if stems.contains(part) { return .stem(of: encoder(parts[..<index])) }
    }
    return .other
  }

  /// An encoder's name: what comes before its list of blocks, containers left out.
  private static func encoder(_ parts: ArraySlice<Substring>) -> String {
    parts.filter { !containers.contains($0) }.joined(separator: ".")
  }
}
