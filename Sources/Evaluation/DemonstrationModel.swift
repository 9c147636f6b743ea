package import Datasets
import Foundation
import Models

/// A small ViLReF-RN model with random weights, for the demonstration.
///
/// Its vocabulary is made of the characters of the data set's prompts. Zero-shot with it is chance; a
/// linear probe on its features isn't, since random convolutions tell textures apart.
package enum DemonstrationModel {
  /// The model's sizes: a modified ResNet of width 32 for 128 × 128 pixels, a BERT of two blocks.
  static func architecture(vocabularySize: Int) -> Architecture {
    Architecture(
      name: "vilref-rn-demo",
      vision: .modifiedResNet(
        ModifiedResNetArchitecture(
          imageSize: 128,
          positionGrid: 4,
          width: 32,
          layers: [1, 1, 1, 1],
          heads: 16,
          projectionWidth: 256
        )
      ),
      text: TextArchitecture(
        vocabularySize: vocabularySize,
        width: 64,
        layers: 2,
        heads: 4,
        hiddenWidth: 128,
        positions: 128,
        segmentKinds: 2,
        projectionWidth: 256,
        contextLength: 100
      )
    )
  }

  /// Writes the model's checkpoint.
  ///
  /// - Parameters:
  ///   - path: where to.
  ///   - dataset: whose prompts make the vocabulary.
  ///   - seed: the weights' seed.
  ///   - tool: the program and its version, for the provenance.
  /// - Throws: `CheckpointError` where the file can't be written; `ModelsError`.
  package static func write(
    to path: String,
    for dataset: Dataset,
    seed: UInt64,
    tool: String
  ) throws {
    let sentences = dataset.tasks.flatMap { task in
      task.prompts.flatMap { prompts in
        task.classes.indices.flatMap {
          prompts.sentences(forClass: $0) + prompts.absentSentences(forClass: $0)
        }
      }
    }
    let letters = Set(sentences.joined().lowercased().map(String.init))
      .filter { !$0.allSatisfy(\.isWhitespace) }.sorted()
    let vocabulary =
      ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + letters
      + letters.filter { $0.allSatisfy { $0.isLetter && $0.isASCII } }.map { "##\($0)" }
    try RandomCheckpoint.write(
      to: path,
      architecture(vocabularySize: vocabulary.count),
      vocabulary: vocabulary,
      seed: seed,
      tool: tool
    )
  }
}
