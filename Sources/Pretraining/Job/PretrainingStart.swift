import Datasets
package import Foundation
import Models
import ReportLabels
package import Tokenization

extension PretrainingConfiguration.Start {
  /// The checkpoint that a training begins with; one of random weights is written first.
  ///
  /// - Parameters:
  ///   - folder: where a checkpoint of random weights is written, as `start.h5`.
  ///   - reports: those that are learnt from, whose characters are the vocabulary where no file is
  ///     named.
  ///   - seed: of random weights.
  ///   - tool: the program and its version, for the provenance.
  /// - Returns: the checkpoint's file.
  /// - Throws: `ModelsError` for an architecture without texts or with impossible sizes;
  ///   `TokenizationError` for a vocabulary; `CheckpointError`.
  package func checkpoint(
    in folder: URL,
    for reports: [String],
    seed: UInt64,
    tool: String
  ) throws -> String {
    switch self {
    case .checkpoint(let path): return path
    case .random(let name, let imageSize, let file):
      var architecture = try Architecture.named(name)
      guard architecture.text != nil else {
        throw PretrainingError(.noTextEncoder(architecture: name))
      }
      let tokens =
        try file.map { try Vocabulary(contentsOfFile: $0).tokens }
        ?? Vocabulary.characters(of: reports)
      architecture.text?.vocabularySize = tokens.count
      if let imageSize { architecture.learn(imageSize: imageSize) }
      let path = folder.appending(path: "start.h5").path(percentEncoded: false)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try RandomCheckpoint.write(
        to: path,
        architecture,
        vocabulary: tokens,
        seed: seed,
        tool: tool
      )
      return path
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
