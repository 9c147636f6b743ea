import Checkpoints
import Foundation
import Layers

/// A linear classifier on image features that was trained with a checkpoint's weights.
package struct Classifier: Equatable, Sendable {
  /// What it tells apart; stored as JSON in the checkpoint.
  package struct Description: Codable, Equatable, Sendable {
    /// The data set and the task that it was trained on, such as `idrid-grading/dr-grade`.
    package var task: String
    /// The classes' or findings' names, in the order of the outputs.
    package var classes: [String]
    /// Which features it sees.
    package var features: ImageFeatureKind
    /// Whether outputs are independent, each through a sigmoid, or together through a softmax.
    package var isIndependent: Bool
    /// From which probability on outputs are decided, where that was chosen.
    package var thresholds: [Double]?

    /// Describes a classifier.
    ///
    /// - Parameters:
    ///   - task: the data set and the task that it was trained on.
    ///   - classes: the classes' or findings' names, in the order of the outputs.
    ///   - features: which features it sees.
    ///   - isIndependent: whether outputs are independent.
    ///   - thresholds: from which probability on outputs are decided.
    package init(
      task: String,
      classes: [String],
      features: ImageFeatureKind,
      isIndependent: Bool,
      thresholds: [Double]?
    ) {
      self.task = task
      self.classes = classes
      self.features = features
      self.isIndependent = isIndependent
      self.thresholds = thresholds
    }

    /// The description as JSON on one line, keys in order.
    package var json: String {
      get throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
      }
    }
  }

  /// What it tells apart.
  package let description: Description
  private let weights: [Float]
  private let offsets: [Float]

  /// The names of its tensors in a checkpoint.
  package static let tensorNames = (weight: "head.weight", bias: "head.bias")

  /// Reads a checkpoint's classifier; nil where it has none.
  ///
  /// - Parameters:
  ///   - file: the checkpoint.
  ///   - width: how many numbers a feature of a kind has.
  /// - Throws: `ModelsError` where its description can't be read; `CheckpointError` where its weights
  ///   are missing or of another shape.
  init?(_ file: CheckpointFile, width: (ImageFeatureKind) -> Int) throws {
    guard let json = file.header.classifier else { return nil }
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(json.utf8))
    } catch {
      throw ModelsError(
        .unreadableArchitecture(detail: "classifier: \(describe(error))"),
        path: file.path
      )
    }
    let count = description.classes.count
    weights = try file.read(
      Self.tensorNames.weight,
      shape: [count, width(description.features)]
    )
    offsets = try file.read(Self.tensorNames.bias, shape: [count])
  }

  /// The probability of each class or finding.
  ///
  /// - Parameter feature: an image's feature.
  /// - Returns: as many numbers in 0...1 as there are classes.
  package func probabilities(_ feature: ArraySlice<Float>) -> [Double] {
    let width = feature.count
    let logits = offsets.indices.map { output in
      zip(weights[output * width..<(output + 1) * width], feature)
        .reduce(Double(offsets[output])) { $0 + Double($1.0) * Double($1.1) }
    }
    guard !description.isIndependent else { return logits.map { 1 / (1 + exp(-$0)) } }
    let highest = logits.max() ?? 0
    let powers = logits.map { exp($0 - highest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
