import Checkpoints
package import Datasets
package import Foundation
package import Models
import ReportLabels
package import Tensors
package import Tokenization
import Training

extension PretrainingConfiguration.Start {
  /// The architecture that a training begins with, before its vocabulary is known; no weights are read.
  ///
  /// - Returns: a checkpoint's, or the named one for the images' side.
  /// - Throws: `CheckpointError`, `ModelsError` for a checkpoint that can't be read;
  ///   ``PretrainingError`` for a named architecture without texts.
  package func architecture() throws -> Architecture {
    switch self {
    case .checkpoint(let path):
      do {
        return try Architecture(json: CheckpointFile(path).header.architecture)
      } catch var error as ModelsError {
        error.path = path
        throw error
      }
    case .random(let name, let imageSize, _):
      var architecture = try Architecture.named(name)
      guard architecture.text != nil else {
        throw PretrainingError(.noTextEncoder(architecture: name))
      }
      if let imageSize { architecture.learn(imageSize: imageSize) }
      return architecture
    }
  }

  /// The model that a training begins with; a checkpoint of random weights is written first, unless it
  /// is there already.
  ///
  /// - Parameters:
  ///   - folder: where a checkpoint of random weights is written, as `start.h5`, while no training holds
  ///     the folder.
  ///   - collection: the pairs; where no vocabulary is named, the characters of the reports that are
  ///     learnt from are the vocabulary of random weights.
  ///   - validationShare: of training pairs, where the collection names no split.
  ///   - seed: of random weights, and of the split.
  ///   - tool: the program and its version, for the provenance.
  ///   - device: where the model lies and runs.
  /// - Returns: the model.
  /// - Throws: `ModelsError` for an architecture without texts or with impossible sizes;
  ///   `TokenizationError` for a vocabulary; `CheckpointError`; `DatasetsError` where the pairs can't be
  ///   split; `TrainingError`: `busy` where a training holds the folder.
  package func bundle(
    in folder: URL,
    for collection: PairCollection,
    validationShare: Double,
    seed: UInt64,
    tool: String,
    on device: Device
  ) throws -> ModelBundle {
    switch self {
    case .checkpoint(let path): return try ModelBundle(checkpoint: path, on: device)
    case .random(_, _, let file):
      var architecture = try architecture()
      let tokens =
        try file.map { try Vocabulary(contentsOfFile: $0).tokens }
        ?? Vocabulary.characters(
          of: collection.splits(validationShare: validationShare, seed: seed).train
            .map { collection.pairs[$0].report }
        )
      architecture.text?.vocabularySize = tokens.count
      let path = folder.appending(path: "start.h5").path(percentEncoded: false)
      try folder.makeFolder()
      return try FolderLock.holding(folder.path(percentEncoded: false)) {
        try RandomCheckpoint.ensure(
          at: path,
          architecture,
          vocabulary: tokens,
          seed: seed,
          tool: tool
        )
        return try ModelBundle(checkpoint: path, on: device)
      }
    }
  }
}

extension Vocabulary {
  /// Tokens for a small model of its own: the characters of texts, and each Latin letter and digit also as
  /// the continuation of a word.
  ///
  /// - Parameter texts: the texts.
  /// - Returns: the special tokens, then the others in the order of their scalars.
  package static func characters(of texts: [String]) -> [String] {
    var letters: Set<String> = []
    for text in texts {
      for character in text.lowercased() where !character.isWhitespace {
        letters.insert(String(character))
      }
    }
    for scalar in "abcdefghijklmnopqrstuvwxyz0123456789".map(String.init) { letters.insert(scalar) }
    let sorted = letters.sorted()
    let continued = sorted.filter { $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + sorted + continued.map { "##\($0)" }
  }
}
