/// A checkpoint of this project, open for reading.
///
/// An HDF5 file with
///
/// * root attributes `format` (`vbench-checkpoint`), `version` (1), `architecture`, `preprocessing`,
///   `provenance` (JSON), `checksum` and, with a classifier, `classifier` (JSON), strings of fixed
///   length;
/// * `/model/NAME`: a float32 data set per tensor, in PyTorch's shape; NAME is the state-dict name with
///   its dots, `/model` has no groups;
/// * `/tokenizer/vocabulary`: the tokens, strings of fixed length;
/// * `/checksums`: see ``CheckpointChecksums``.
package final class CheckpointFile: TensorArchive {
  /// When tensors are compared with their checksums.
  ///
  /// Names and header always are.
  package enum Verification: Sendable {
    /// All of them when the file is opened, each again when it is read.
    case onOpening
    /// Each when it is read.
    case onReading
    /// Never.
    case skipped
  }

  /// What the file says besides the weights.
  package let header: CheckpointHeader
  /// The HDF5 file, for what else it holds.
  package let file: HDF5File
  package let tensors: [TensorDescription]
  package let wrapping = ArchiveWrapping.none
  private let shapes: [String: [Int]]
  private let checksums: CheckpointChecksums
  private let verification: Verification

  static let formatName = "vbench-checkpoint"
  static let supportedVersion = 1
  static let modelPath = "/model"
  static let vocabularyPath = "/tokenizer/vocabulary"
  static let checksumsPath = "/checksums"

  /// Opens a checkpoint.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - verification: when tensors are compared with their checksums.
  /// - Throws: `CheckpointError`: `notFound`; `unreadable` and `malformed` for a damaged file;
  ///   `unsupported` for an HDF5 file of another kind; `newerVersion`; `checksumMismatch`.
  package init(_ path: String, verification: Verification = .onReading) throws {
    let start = try InputFile(path).bytes(at: 0, atMost: 8)
    guard start.elementsEqual([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      throw CheckpointError(
        .unsupported(
          detail: "is no checkpoint of vbench, which is an HDF5 file",
          remedy: "where it holds weights, make one of it with `vbench convert`"
        ),
        path: path
      )
    }
    let file = try HDF5File(reading: path)
    self.file = file
    self.verification = verification
    try Self.checkFormat(of: file)
    let texts = try ["architecture", "preprocessing", "provenance"].map { name in
      guard let text = try file.stringAttribute(name) else {
        throw CheckpointError(.missingObject(name: name), path: path)
      }
      return text
    }
    guard let provenance = CheckpointProvenance(json: texts[2]) else {
      throw CheckpointError(
        .malformed(place: "attribute \"provenance\"", detail: "it is not the JSON expected"),
        path: path
      )
    }
    header = CheckpointHeader(
      architecture: texts[0],
      preprocessing: texts[1],
      provenance: provenance,
      vocabulary: try file.readStrings(Self.vocabularyPath),
      classifier: try file.attributeNames().contains("classifier")
        ? file.stringAttribute("classifier") : nil
    )
    let tensors = try Self.tensors(of: file)
    self.tensors = tensors
    shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
    checksums = try Self.checksums(of: file)
    try verifyHeader(provenance: texts[2])
    if verification == .onOpening { try verify() }
  }

  package var path: String { file.path }
  package var format: ArchiveFormat { .checkpoint }

  package var metadata: [String: String] {
    [
      "version": String(Self.supportedVersion),
      "architecture": header.architecture,
      "preprocessing": header.preprocessing,
      "source": header.provenance.source,
      "source SHA-256": header.provenance.sha256,
      "tool": header.provenance.tool,
      "vocabulary": "\(header.vocabulary.count) tokens",
    ]
  }

  package func read(_ name: String) throws -> [Float] {
    let values = try readUnverified(name)
    if verification != .skipped, !matches(name, values) {
      throw CheckpointError(.checksumMismatch(names: [name]), path: path)
    }
    return values
  }

  /// Compares every tensor with its checksum.
  ///
  /// - Throws: `CheckpointError`: `checksumMismatch` with the names of all that differ; `malformed`.
  package func verify() throws {
    let wrong = try tensors.map(\.name).filter { !matches($0, try readUnverified($0)) }
    guard wrong.isEmpty else { throw CheckpointError(.checksumMismatch(names: wrong), path: path) }
  }

  private func readUnverified(_ name: String) throws -> [Float] {
    guard shapes[name] != nil else {
      throw CheckpointError(.missingObject(name: name), path: path)
    }
    return try file.read(Self.modelPath + "/" + name, as: Float.self).values
  }

  private func matches(_ name: String, _ values: [Float]) -> Bool {
    let path = Self.modelPath + "/" + name
    let sum = CheckpointChecksums.sum(of: path, shape: shapes[name] ?? [], values: values)
    return checksums.sums[path] == sum
  }

  // MARK: Opening

  private static func checkFormat(of file: HDF5File) throws {
    guard try file.attributeNames().contains("format"),
      try file.stringAttribute("format") == formatName
    else {
      throw CheckpointError(
        .unsupported(
          detail: "is an HDF5 file, but no checkpoint of vbench",
          remedy: "make one with `vbench convert` from the PyTorch or safetensors file"
        ),
        path: file.path
      )
    }
    let version = try file.integerAttribute("version") ?? 0
    guard version >= 1 else {
      throw CheckpointError(
        .malformed(place: "attribute \"version\"", detail: "it is missing or below 1"),
        path: file.path
      )
    }
    guard version <= supportedVersion else {
      throw CheckpointError(
        .newerVersion(found: version, supported: supportedVersion),
        path: file.path
      )
    }
  }

  private static func tensors(of file: HDF5File) throws -> [TensorDescription] {
    guard file.contains(modelPath) else { return [] }
    return try file.list(under: modelPath).map { object in
      guard case .dataset(let dataset) = object.kind, dataset.type == .element(.float32) else {
        throw CheckpointError(
          .malformed(place: "\"\(object.name)\"", detail: "it is no float32 data set"),
          path: file.path
        )
      }
      return TensorDescription(
        name: String(object.name.dropFirst(modelPath.count + 1)),
        shape: dataset.shape,
        elementType: .float32
      )
    }
  }

  private static func checksums(of file: HDF5File) throws -> CheckpointChecksums {
    guard let checksums = CheckpointChecksums(lines: try file.readStrings(checksumsPath)) else {
      throw CheckpointError(
        .malformed(place: checksumsPath, detail: "a line has another form than expected"),
        path: file.path
      )
    }
    guard try file.stringAttribute("checksum") == checksums.total else {
      throw CheckpointError(.checksumMismatch(names: [checksumsPath]), path: file.path)
    }
    return checksums
  }

  /// Compares the header with its checksums, and the tensors' names with the checksums' names.
  private func verifyHeader(provenance: String) throws {
    let sums = checksums.sums
    let header = [
      ("@architecture", CheckpointChecksums.sum(of: self.header.architecture)),
      ("@preprocessing", CheckpointChecksums.sum(of: self.header.preprocessing)),
      ("@provenance", CheckpointChecksums.sum(of: provenance)),
      (Self.vocabularyPath, CheckpointChecksums.sum(of: self.header.vocabulary)),
    ]
    var wrong = header.filter { sums[$0.0] != $0.1 }.map(\.0)
    let classifier = self.header.classifier.map { CheckpointChecksums.sum(of: $0) }
    if sums["@classifier"] != classifier { wrong.append("@classifier") }
    let found = Set(tensors.map { Self.modelPath + "/" + $0.name })
    let promised = Set(sums.keys.filter { $0.hasPrefix(Self.modelPath + "/") })
    wrong += found.symmetricDifference(promised).sorted()
    guard wrong.isEmpty else { throw CheckpointError(.checksumMismatch(names: wrong), path: path) }
  }
}
