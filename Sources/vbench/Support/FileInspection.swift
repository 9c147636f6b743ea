import Checkpoints
import Foundation
import Models

/// What a file of tensors holds, and which model it is.
struct FileInspection: Encodable {
  /// One tensor.
  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    let type: String
  }

  let path: String
  let format: String
  let bytes: Int
  let sha256: String
  let metadata: [String: String]
  /// The dictionaries that hold the tensors, joined by `/`; empty where none does.
  let container: String
  /// What was taken off all names, such as `module.`.
  let prefix: String
  /// Other sets of weights in the file.
  let alternatives: [String]
  let tensors: [Tensor]
  let parameters: Int
  let model: ModelInspection

  /// Reads a file: names and shapes of any, all values of a checkpoint, whose checksums are compared.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - container: which dictionary of a PyTorch file holds the weights; nil to find it.
  /// - Throws: `CheckpointError`, with `checksumMismatch` for a damaged checkpoint.
  init(_ path: String, container: String?) throws {
    let archive = try openArchive(at: path, container: container)
    let checkpoint = archive as? CheckpointFile
    try checkpoint?.verify()
    self.path = path
    format = archive.format.rawValue
    bytes = try URL(filePath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
    sha256 = try FileDigest.sha256(of: path)
    var metadata = archive.metadata
    if let header = checkpoint?.header {
      let isOfMasks = SegmentationArchitecture.isDescribed(by: header.architecture)
      metadata[isOfMasks ? "masks" : "classifier"] = header.classifier
    }
    self.metadata = metadata
    self.container = archive.wrapping.container
    prefix = archive.wrapping.prefix
    alternatives = archive.wrapping.alternatives
    tensors = archive.tensors.map {
      Tensor(name: $0.name, shape: $0.shape, type: $0.elementType.rawValue)
    }
    parameters = archive.parameterCount
    model = ModelInspection(archive, checkpoint?.header)
  }
}

/// Which model a file's tensors are.
struct ModelInspection: Encodable {
  /// A tensor of another shape than the model's.
  struct ShapeDifference: Encodable {
    let name: String
    let expected: [Int]
    let found: [Int]
  }

  /// The architecture; nil where no known model has such tensors.
  private(set) var architecture: ModelArchitecture?
  /// Whether names and shapes told it; a checkpoint of vbench states its own.
  private(set) var isRecognized = false
  /// Why there is no architecture.
  private(set) var failure: String?
  /// What was assumed, since no tensor says it.
  private(set) var assumptions: [String] = []
  /// What was done to names; nil where nothing was.
  private(set) var renaming: String?
  /// The model's tensors that the file lacks.
  private(set) var missing: [String] = []
  /// The file's tensors that the model does not need.
  private(set) var unexpected: [String] = []
  /// Tensors of another shape than the model's.
  private(set) var misshaped: [ShapeDifference] = []

  /// Recognises the model and compares its parameters with the tensors.
  ///
  /// - Parameters:
  ///   - archive: the file.
  ///   - header: what the file says about itself, where it is a checkpoint.
  init(_ archive: any TensorArchive, _ header: CheckpointHeader?) {
    let renamed = RenamedArchive(archive)
    do {
      let found: ModelArchitecture
      if let header {
        found = try ModelArchitecture(json: header.architecture)
      } else if let recognition = try SegmentationArchitecture.recognize(renamed.tensors) {
        found = .segmentation(recognition.architecture)
        assumptions = recognition.assumptions
        isRecognized = true
      } else {
        let recognition = try Architecture.recognize(renamed.tensors)
        found = .encoders(recognition.architecture)
        assumptions = recognition.assumptions
        isRecognized = true
      }
      let comparison = try found.compare(with: renamed.tensors)
      architecture = found
      renaming = renamed.renaming
      missing = comparison.missing
      let head = [Classifier.tensorNames.weight, Classifier.tensorNames.bias]
      unexpected = comparison.unexpected.filter {
        header?.classifier == nil || !head.contains($0)
      }
      misshaped = comparison.misshaped.map {
        ShapeDifference(name: $0.name, expected: $0.expected, found: $0.found)
      }
    } catch {
      failure = "\(error)"
    }
  }
}
