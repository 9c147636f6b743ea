/// What was evaluated.
package struct ModelRecord: Codable, Equatable, Sendable {
  /// The name that tables show.
  package var name: String
  /// The architecture, such as `vit-b-16`.
  package var architecture: String
  /// The checkpoint's file, without its folder, and its SHA-256; absent for embedded or random weights.
  package var checkpoint: FileChecksum?
  /// How many numbers are trained or loaded.
  package var parameterCount: Int
  /// What the protocol worked on, where it worked on features.
  package var features: FeatureRecord?

  /// Records a model.
  package init(
    name: String,
    architecture: String,
    checkpoint: FileChecksum?,
    parameterCount: Int,
    features: FeatureRecord? = nil
  ) {
    self.name = name
    self.architecture = architecture
    self.checkpoint = checkpoint
    self.parameterCount = parameterCount
    self.features = features
  }
}

/// The features that a protocol worked on.
package struct FeatureRecord: Codable, Equatable, Sendable {
  /// Where they leave the model, such as `class-token-before-projection`.
  package var kind: String
  /// How many numbers a sample has.
  package var dimension: Int
  /// Whether each sample's features have Euclidean norm 1.
  package var isNormalized: Bool

  /// Records features.
  package init(kind: String, dimension: Int, isNormalized: Bool) {
    self.kind = kind
    self.dimension = dimension
    self.isNormalized = isNormalized
  }
}
