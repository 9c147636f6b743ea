import Checkpoints

extension RandomCheckpoint {
  /// Writes a segmentation network's checkpoint of random weights.
  ///
  /// - Parameters:
  ///   - path: the file; one that exists is replaced.
  ///   - architecture: what the network is made of.
  ///   - seed: the weights' seed; the same seed gives the same file.
  ///   - tool: the program and its version, for the provenance.
  /// - Throws: `CheckpointError` where the file can't be written; `ModelsError` where sizes don't fit
  ///   together.
  package static func write(
    to path: String,
    _ architecture: SegmentationArchitecture,
    seed: UInt64,
    tool: String
  ) throws {
    try write(
      SegmentationModel(architecture).parameters,
      seed: seed,
      to: path,
      CheckpointHeader(
        architecture: architecture.json,
        preprocessing: try architecture.usualPreprocessing.json,
        provenance: provenance(seed, tool)
      )
    )
  }
}
