package import Datasets
import Foundation
package import Models

/// How a zero-shot classifier is made of prompts.
package struct ZeroShotSettings: Equatable, Sendable {
  /// The prompts' language.
  package var language: PromptLanguage
  /// Whether a class's averaged prompts are brought to length 1 again, as CLIP does.
  package var normalizesPrototypes: Bool

  /// The usual settings: Chinese prompts, averaged, then of length 1.
  package init() {
    language = .chinese
    normalizesPrototypes = true
  }
}

/// A zero-shot classifier: a class's prompts are its weights.
///
/// Each prompt's feature is brought to length 1, a class's prompts are averaged (Radford et al. 2021,
/// section 3.1.4). Classes: softmax of scale · cosine over the classes. Findings: for each, softmax
/// over its presence and its absence.
package struct ZeroShotClassifier: Sendable {
  /// [K, D], the classes' or present findings' prototypes.
  private let present: [Float]
  /// [K, D], the absent findings' prototypes; empty for classes.
  private let absent: [Float]
  private let width: Int
  private let count: Int
  private let scale: Double
  /// All prompts, for the record.
  package let sentences: [String]

  /// Encodes a task's prompts.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - settings: language and averaging.
  ///   - bundle: the model.
  /// - Throws: `EvaluationError` without prompts, or where the model gives no numbers; `ModelsError`
  ///   without a text encoder.
  package init(
    _ task: TaskDescription,
    _ settings: ZeroShotSettings,
    _ bundle: ModelBundle
  ) throws {
    let groups = try Self.sentences(of: task, settings)
    let count = task.classes.count
    let features = try groups.map { try bundle.finiteFeatures(ofTexts: $0) }
    let width = features[0].count / groups[0].count
    self.init(
      present: Array(features[..<count]),
      absent: Array(features[count...]),
      width: width,
      normalizesPrototypes: settings.normalizesPrototypes,
      scale: Double(bundle.similarityScale ?? 1),
      sentences: groups.flatMap(\.self)
    )
  }

  /// A task's prompts, without a model.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - settings: the language.
  /// - Returns: the sentences of each class or present finding, then those of each absent finding.
  /// - Throws: `EvaluationError` where there are none.
  package static func sentences(
    of task: TaskDescription,
    _ settings: ZeroShotSettings
  ) throws -> [[String]] {
    let classes = 0..<task.classes.count
    let groups = task.prompts(in: settings.language).map { prompts in
      classes.map(prompts.sentences(forClass:))
        + (task.kind == .multilabel ? classes.map(prompts.absentSentences(forClass:)) : [])
    }
    guard let groups, groups.allSatisfy({ !$0.isEmpty }) else {
      throw EvaluationError(.noPrompts(task: task.name, language: settings.language.rawValue))
    }
    return groups
  }

  /// Averages the features of known sentences.
  ///
  /// - Parameters:
  ///   - present: of each of K classes or present findings, its sentences' features, row by row.
  ///   - absent: the same of absent findings; empty for classes.
  ///   - width: how many numbers a feature has.
  ///   - normalizesPrototypes: whether an average is brought to length 1 again.
  ///   - scale: what cosines are multiplied by, at least 0.
  ///   - sentences: all prompts, for the record.
  package init(
    present: [[Float]],
    absent: [[Float]],
    width: Int,
    normalizesPrototypes: Bool,
    scale: Double,
    sentences: [String] = []
  ) {
    precondition(absent.isEmpty || absent.count == present.count, "\(absent.count) absent findings")
    func prototypes(_ groups: [[Float]]) -> [Float] {
      groups.flatMap { Self.prototype($0, width: width, normalizes: normalizesPrototypes) }
    }
    count = present.count
    self.width = width
    self.present = prototypes(present)
    self.absent = prototypes(absent)
    self.scale = scale
    self.sentences = sentences
  }

  /// A classifier of known prototypes.
  ///
  /// - Parameters:
  ///   - labels: one sentence per class.
  ///   - bundle: the model.
  /// - Throws: `ModelsError` without a text encoder; `EvaluationError` where it gives no numbers.
  package init(labels: [String], _ bundle: ModelBundle) throws {
    let features = try bundle.finiteFeatures(ofTexts: labels)
    let width = features.count / max(labels.count, 1)
    self.init(
      present: labels.indices.map { Array(features[$0 * width..<($0 + 1) * width]) },
      absent: [],
      width: width,
      normalizesPrototypes: true,
      scale: Double(bundle.similarityScale ?? 1),
      sentences: labels
    )
  }

  /// The mean of sentences' features, each of length 1.
  private static func prototype(_ features: [Float], width: Int, normalizes: Bool) -> [Float] {
    let count = features.count / width
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<count {
      let sentence = unitLength(features[row * width..<(row + 1) * width].map(Double.init))
      for column in 0..<width { sums[column] += sentence[column] / Double(count) }
    }
    return (normalizes ? unitLength(sums) : sums).map { Float($0) }
  }

  /// The classes' probabilities for an image's projected feature.
  ///
  /// - Parameter feature: D numbers, of any length.
  /// - Returns: K probabilities; of classes they add up to 1.
  package func probabilities(_ feature: ArraySlice<Float>) -> [Double] {
    let image = unitLength(feature.map(Double.init))
    let shown = cosines(image, present)
    guard !absent.isEmpty else { return softmax(shown.map { scale * $0 }) }
    return zip(shown, cosines(image, absent)).map { softmax([scale * $0, scale * $1])[0] }
  }

  /// The cosines of an image's projected feature with the classes' prototypes.
  ///
  /// - Parameter feature: D numbers, of any length.
  /// - Returns: K cosines (times the prototypes' lengths, where those aren't 1).
  package func similarities(_ feature: ArraySlice<Float>) -> [Double] {
    cosines(unitLength(feature.map(Double.init)), present)
  }

  private func cosines(_ image: [Double], _ prototypes: [Float]) -> [Double] {
    (0..<count).map { row in
      zip(image, prototypes[row * width..<(row + 1) * width]).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
  }
}

private func softmax(_ logits: [Double]) -> [Double] {
  let largest = logits.max() ?? 0
  let powers = logits.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
