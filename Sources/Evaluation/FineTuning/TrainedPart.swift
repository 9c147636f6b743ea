package import Layers
package import Models

/// Which of an image encoder's weights fine-tuning changes; the classifier is trained always.
package enum TrainedPart: Equatable, Sendable {
  /// All of them.
  case everything
  /// The last blocks and what follows them.
  case lastBlocks(Int)
  /// Offsets only: of linear maps, convolutions and normalisations (BitFit, Ben Zaken et al. 2022).
  case biases
  /// Low-rank changes of the attentions' linear maps (LoRA, Hu et al. 2022).
  case lowRank(rank: Int, alpha: Float)
  /// None: a linear probe that sees augmented images.
  case classifierOnly

  /// As the command line and results write it, such as `last:2`.
  package var name: String {
    switch self {
    case .everything: "all"
    case .lastBlocks(let count): "last:\(count)"
    case .biases: "bitfit"
    case .lowRank(let rank, let alpha): "lora:\(rank):\(alpha)"
    case .classifierOnly: "head"
    }
  }

  /// Reads a name.
  ///
  /// - Parameter name: `all`, `last:N`, `bitfit`, `lora`, `lora:R`, `lora:R:ALPHA` or `head`.
  /// - Throws: `EvaluationError.invalidOption`.
  package init(_ name: String) throws {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("all", 1): self = .everything
    case ("bitfit", 1): self = .biases
    case ("head", 1): self = .classifierOnly
    case ("last", 2):
      guard let count = Int(parts[1]), count >= 1 else { throw Self.invalid(name) }
      self = .lastBlocks(count)
    case ("lora", 1...3):
      let rank = parts.count > 1 ? Int(parts[1]) : 8
      guard let rank, (1...1024).contains(rank) else { throw Self.invalid(name) }
      let alpha = parts.count > 2 ? Float(parts[2]) : Float(rank)
      guard let alpha, alpha > 0, alpha.isFinite else { throw Self.invalid(name) }
      self = .lowRank(rank: rank, alpha: alpha)
    default: throw Self.invalid(name)
    }
  }

  private static func invalid(_ name: String) -> EvaluationError {
    EvaluationError(
      .invalidOption(
        name: "--train",
        found: name,
        expected: "all, last:N, bitfit, lora, lora:RANK, lora:RANK:ALPHA or head"
      )
    )
  }

  /// The encoder's weights that are trained, in the model's order.
  ///
  /// - Parameter model: the model.
  /// - Returns: the weights; none for `lowRank` and `classifierOnly`.
  /// - Throws: `EvaluationError.invalidOption` where there are fewer blocks than asked for, or no
  ///   attention to adapt.
  package func parameters(of model: Model) throws -> [Parameter] {
    let encoder = model.imageParameters.filter { !$0.isStatistic }
    switch self {
    case .everything: return encoder
    case .classifierOnly: return []
    case .lowRank:
      guard adaptedWeights(of: model).isEmpty else { return [] }
      throw EvaluationError(
        .invalidOption(
          name: "--train",
          found: name,
          expected: "all, last:N, bitfit or head, since the encoder has no attention"
        )
      )
    case .biases: return encoder.filter { $0.name.hasSuffix("bias") }
    case .lastBlocks(let count):
      let blocks = orderedBlocks(encoder)
      guard count <= blocks.count else {
        throw EvaluationError(
          .invalidOption(
            name: "--train",
            found: name,
            expected: "at most last:\(blocks.count), since the encoder has so many blocks"
          )
        )
      }
      let kept = Set(blocks.suffix(count))
      guard
        let first = encoder.firstIndex(where: { blockName($0.name).map(kept.contains) ?? false })
      else { return [] }
      // Norms, pooling and projection that follow the blocks stand behind them or belong to none;
      // stems and embeddings stand before.
      return encoder[first...].filter { parameter in
        blockName(parameter.name).map(kept.contains) ?? true
      }
    }
  }

  /// The matrices that low-rank changes are for: of the attentions' inputs and outputs.
  ///
  /// - Parameter model: the model.
  /// - Returns: the matrices; none for a network without attention.
  package func adaptedWeights(of model: Model) -> [Parameter] {
    guard case .lowRank = self else { return [] }
    return model.imageParameters.filter { parameter in
      parameter.shape.count == 2
        && (parameter.name.hasSuffix("in_proj_weight")
          || (parameter.name.contains("attn") || parameter.name.contains("attention"))
            && parameter.name.hasSuffix(".weight"))
    }
  }

}

/// The blocks that parameters lie in, in the order in which they were declared.
private func orderedBlocks(_ parameters: [Parameter]) -> [String] {
  var seen: Set<String> = []
  return parameters.compactMap { blockName($0.name) }.filter { seen.insert($0).inserted }
}

/// The block that a state-dict name lies in, such as `visual.transformer.resblocks.11` or `layer4.2`;
/// nil for what lies in none.
private func blockName(_ name: String) -> String? {
  let parts = name.split(separator: ".").map(String.init)
  for (index, part) in parts.enumerated().dropLast() {
    let isStage = part.hasPrefix("layer") && Int(part.dropFirst(5)) != nil
    guard part == "resblocks" || part == "layer" || isStage, Int(parts[index + 1]) != nil else {
      continue
    }
    return parts[...(index + 1)].joined(separator: ".")
  }
  return nil
}
