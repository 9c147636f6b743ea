import Checkpoints

/// Features on their own, for other programs: `vbench embed`.
///
/// HDF5: `/features` N × D float32 as the model gives them, `/normalized` N × D with each row of
/// Euclidean length 1, `/ids` N strings (paths, or the texts themselves), and root attributes that say
/// what made them.
package enum FeatureFile {
  /// What made the features.
  package struct Origin: Sendable {
    /// `images` or `texts`.
    package var modality: String
    /// Where they leave the model.
    package var kind: String
    /// The checkpoint's file.
    package var checkpoint: String
    /// The SHA-256 sum of that file.
    package var sha256: String
    /// The architecture's name.
    package var architecture: String
    /// The preprocessing's identifier, or the texts' context length.
    package var preprocessing: String

    /// States an origin.
    ///
    /// - Parameters:
    ///   - modality: `images` or `texts`.
    ///   - kind: where they leave the model.
    ///   - checkpoint: the checkpoint's file.
    ///   - sha256: the SHA-256 sum of that file.
    ///   - architecture: the architecture's name.
    ///   - preprocessing: the preprocessing's identifier, or the texts' context length.
    package init(
      modality: String,
      kind: String,
      checkpoint: String,
      sha256: String,
      architecture: String,
      preprocessing: String
    ) {
      self.modality = modality
      self.kind = kind
      self.checkpoint = checkpoint
      self.sha256 = sha256
      self.architecture = architecture
      self.preprocessing = preprocessing
    }
  }

  /// Writes features; the file appears under its name when it is complete.
  ///
  /// - Parameters:
  ///   - path: where to.
  ///   - ids: N names.
  ///   - features: N × width, row by row.
  ///   - width: how many numbers a feature has.
  ///   - origin: what made them.
  /// - Throws: `CheckpointError` where the file can't be written.
  package static func write(
    to path: String,
    ids: [String],
    features: [Float],
    width: Int,
    origin: Origin
  ) throws {
    precondition(features.count == ids.count * width, "\(ids.count) rows of \(width) features")
    let file = try HDF5File(creating: path)
    let attributes = [
      ("format", "vbench-embeddings"), ("modality", origin.modality), ("kind", origin.kind),
      ("checkpoint", origin.checkpoint), ("checkpoint_sha256", origin.sha256),
      ("architecture", origin.architecture), ("preprocessing", origin.preprocessing),
    ]
    for (name, value) in attributes { try file.setAttribute(value, named: name) }
    try file.setAttribute(1, named: "version")
    try file.write(features, shape: [ids.count, width], to: "/features")
    let normalized = unitLengthRows(features, width: width)
    try file.write(normalized, shape: [ids.count, width], to: "/normalized")
    try file.writeStrings(ids, to: "/ids")
    try file.commit()
  }
}
