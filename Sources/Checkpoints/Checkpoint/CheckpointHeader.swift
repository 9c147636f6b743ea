import Foundation

/// What a checkpoint says besides its weights.
package struct CheckpointHeader: Equatable, Sendable {
  /// The model's architecture as JSON; its fields are the business of whoever builds models.
  package var architecture: String
  /// How images and texts are prepared, as JSON.
  package var preprocessing: String
  /// Where the weights come from.
  package var provenance: CheckpointProvenance
  /// The tokenizer's tokens in the order of their ids; empty for a model without text.
  package var vocabulary: [String]

  /// The classifier whose weights stand beside the model's, as JSON; nil where there is none.
  package var classifier: String?

  /// Describes a checkpoint.
  ///
  /// - Parameters:
  ///   - architecture: the model's architecture as JSON.
  ///   - preprocessing: how images and texts are prepared, as JSON.
  ///   - provenance: where the weights come from.
  ///   - vocabulary: the tokenizer's tokens in the order of their ids.
  ///   - classifier: the classifier whose weights stand beside the model's, as JSON.
  package init(
    architecture: String,
    preprocessing: String,
    provenance: CheckpointProvenance,
    vocabulary: [String] = [],
    classifier: String? = nil
  ) {
    self.architecture = architecture
    self.preprocessing = preprocessing
    self.provenance = provenance
    self.vocabulary = vocabulary
    self.classifier = classifier
  }
}

/// Where a checkpoint's weights come from; stored as JSON with these keys.
package struct CheckpointProvenance: Codable, Equatable, Sendable {
  /// The name of the file that was converted, or what else the weights came from.
  package var source: String
  /// The SHA-256 sum of that file, 64 hexadecimal digits; empty when there was no file.
  package var sha256: String
  /// The program that wrote the checkpoint, and its version.
  package var tool: String

  /// States where weights come from.
  ///
  /// - Parameters:
  ///   - source: the name of the file that was converted, or what else the weights came from.
  ///   - sha256: the SHA-256 sum of that file; empty when there was no file.
  ///   - tool: the program that wrote the checkpoint, and its version.
  package init(source: String, sha256: String, tool: String) {
    self.source = source
    self.sha256 = sha256
    self.tool = tool
  }

  /// The provenance as JSON on one line, keys in order.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// Reads a provenance; nil when the text is anything else.
  ///
  /// - Parameter json: what `json` made.
  init?(json: String) {
    guard let value = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
      return nil
    }
    self = value
  }
}
