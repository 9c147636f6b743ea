import Checkpoints
import Foundation
package import Imaging
import Layers

/// The conversion of a file of tensors into a segmentation network's checkpoint.
package struct SegmentationConversion {
  /// What the user says about the network; what is nil is recognised or usual.
  package struct Options: Sendable {
    /// The architecture; nil to recognise it.
    package var architecture: SegmentationArchitecture?
    /// The side in pixels that images are resized to; nil for the architecture's.
    package var imageSize: Int?
    /// How images are prepared; nil for the usual way.
    package var preprocessing: Preprocessing?
    /// Which dictionary of a PyTorch file holds the weights; nil to find it.
    package var container: String?

    /// No wishes.
    package init() {}
  }

  /// What a conversion did.
  package struct Report: Sendable {
    /// The architecture of the checkpoint.
    package var architecture: SegmentationArchitecture
    /// Whether names and shapes told the architecture.
    package var isRecognized: Bool
    /// What was assumed, since no tensor says it.
    package var assumptions: [String]
    /// How many tensors were written.
    package var tensorCount: Int
    /// How many numbers they have.
    package var parameterCount: Int
    /// Tensors of the file that the network does not need.
    package var ignored: [String]
    /// What surrounded the tensors, and what was renamed.
    package var remarks: [String]
  }

  /// Whether a file's tensors have a segmentation network's names.
  ///
  /// - Parameters:
  ///   - input: a PyTorch file, safetensors or HDF5.
  ///   - container: which dictionary of a PyTorch file holds the weights; nil to find it.
  /// - Returns: false for encoders and for what is unknown.
  /// - Throws: `CheckpointError`; `ModelsError` where the names are a network's and the shapes make
  ///   none.
  package static func recognizes(_ input: String, container: String?) throws -> Bool {
    let archive = try openArchive(at: input, container: container)
    return try Conversion.named(input) {
      try SegmentationArchitecture.recognize(archive.tensors) != nil
    }
  }

  /// Converts a file; the checkpoint appears under its name when it is complete.
  ///
  /// - Parameters:
  ///   - input: a PyTorch file, safetensors or HDF5.
  ///   - output: the checkpoint to write.
  ///   - options: what the user says about the network.
  ///   - tool: the program and its version, for the provenance.
  /// - Returns: what was done.
  /// - Throws: `CheckpointError`, `ModelsError`.
  package static func run(
    from input: String,
    to output: String,
    options: Options,
    tool: String
  ) throws -> Report {
    let archive = RenamedArchive(try openArchive(at: input, container: options.container))
    let recognition = try recognition(of: archive, options, input)
    var architecture = recognition.architecture
    if let size = options.imageSize { architecture.imageSize = size }
    let model = try Conversion.named(input) { try SegmentationModel(architecture) }
    let comparison = model.parameters.compare(with: archive.tensors)
    guard comparison.isComplete else { throw ModelsError(.mismatch(comparison), path: input) }
    let preprocessing = options.preprocessing ?? architecture.usualPreprocessing
    try Conversion.named(input) { try architecture.requirePhotographs(preprocessing) }
    let header = CheckpointHeader(
      architecture: architecture.json,
      preprocessing: try preprocessing.json,
      provenance: CheckpointProvenance(
        source: URL(filePath: input).lastPathComponent,
        sha256: try FileDigest.sha256(of: input),
        tool: tool
      )
    )
    try Conversion.write(model.parameters, of: archive, from: input, to: output, header)
    return Report(
      architecture: architecture,
      isRecognized: options.architecture == nil,
      assumptions: options.imageSize == nil ? recognition.assumptions : [],
      tensorCount: model.parameters.parameters.count,
      parameterCount: model.parameters.count,
      ignored: comparison.unexpected,
      remarks: Conversion.remarks(archive)
    )
  }

  private static func recognition(
    of archive: RenamedArchive,
    _ options: Options,
    _ input: String
  ) throws -> SegmentationRecognition {
    if let architecture = options.architecture {
      return SegmentationRecognition(architecture: architecture, assumptions: [])
    }
    let found = try Conversion.named(input) {
      try SegmentationArchitecture.recognize(archive.tensors)
    }
    guard let found else {
      let some = archive.tensors.prefix(3).map(\.name).joined(separator: ", ")
      throw ModelsError(
        .unrecognized(detail: "\(archive.tensors.count) tensors, among them \(some)"),
        path: input
      )
    }
    return found
  }
}

extension SegmentationArchitecture {
  /// The preprocessing that the released W-Net was trained with: bilinear, in 0…1.
  package var usualPreprocessing: Preprocessing {
    Preprocessing(
      width: imageSize,
      height: imageSize,
      interpolation: .bilinear,
      mean: [0, 0, 0],
      standardDeviation: [1, 1, 1]
    )
  }
}
