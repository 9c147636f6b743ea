import Checkpoints
import Layers
import Tensors

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
    let model = try SegmentationModel(architecture)
    model.parameters.initialize(seed: seed, on: Device(threadCount: 1))
    let parameters = model.parameters
    try CheckpointFile.write(
      to: path,
      header: CheckpointHeader(
        architecture: architecture.json,
        preprocessing: try architecture.usualPreprocessing.json,
        provenance: CheckpointProvenance(
          source: "random weights, seed \(seed)",
          sha256: "",
          tool: tool
        )
      ),
      tensors: parameters.parameters.map {
        TensorDescription(name: $0.name, shape: $0.shape, elementType: .float32)
      },
      values: { parameters[$0.name]?.value.elements ?? [] }
    )
  }
}
