/// Writes a checkpoint, one tensor at a time.
///
/// The file appears under its name only with `finish()`; a writer that is dropped before leaves
/// nothing behind. What else belongs to a checkpoint (`/training/…`) goes through `file`.
package final class CheckpointWriter {
  /// The file that is being written.
  package let file: HDF5File
  private let header: CheckpointHeader
  private var checksums = CheckpointChecksums()

  /// Starts a checkpoint.
  ///
  /// - Parameters:
  ///   - path: the file; one that exists is replaced on `finish()`.
  ///   - header: what it says besides the weights.
  /// - Throws: `CheckpointError`: `notWritable`.
  package init(creating path: String, header: CheckpointHeader) throws {
    self.header = header
    file = try HDF5File(creating: path)
    try file.setAttribute(CheckpointFile.formatName, named: "format")
    try file.setAttribute(CheckpointFile.supportedVersion, named: "version")
    var texts = [
      ("architecture", header.architecture), ("preprocessing", header.preprocessing),
      ("provenance", try header.provenance.json),
    ]
    if let classifier = header.classifier { texts.append(("classifier", classifier)) }
    for (name, text) in texts {
      try file.setAttribute(text, named: name)
      checksums.add(CheckpointChecksums.sum(of: text), for: "@" + name)
    }
    let vocabulary = CheckpointFile.vocabularyPath
    try file.writeStrings(header.vocabulary, to: vocabulary)
    checksums.add(CheckpointChecksums.sum(of: header.vocabulary), for: vocabulary)
  }

  /// Writes a tensor as `/model/NAME`.
  ///
  /// - Parameters:
  ///   - name: its state-dict name, e.g. `visual.conv1.weight`; dots stay, slashes are not allowed.
  ///   - shape: its dimensions, PyTorch's.
  ///   - values: its elements in row-major order, as many as `shape` says.
  /// - Throws: `CheckpointError`: `invalidName`, `alreadyExists`, `notWritable`.
  package func write(_ name: String, shape: [Int], values: [Float]) throws {
    guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else {
      throw CheckpointError(
        .invalidName(name: name, detail: "a tensor's name has no slash and is not empty"),
        path: file.path
      )
    }
    let path = CheckpointFile.modelPath + "/" + name
    try file.write(values, shape: shape, to: path)
    checksums.add(CheckpointChecksums.sum(of: path, shape: shape, values: values), for: path)
  }

  /// Writes the checksums, flushes the file to disk and gives it its name.
  ///
  /// - Throws: `CheckpointError`: `notWritable`; then nothing appears under the name.
  package func finish() throws {
    try file.writeStrings(checksums.lines, to: CheckpointFile.checksumsPath)
    try file.setAttribute(checksums.total, named: "checksum")
    try file.commit()
  }
}

extension CheckpointFile {
  /// Writes a checkpoint whose tensors are asked for one at a time.
  ///
  /// - Parameters:
  ///   - path: the file; one that exists is replaced.
  ///   - header: what it says besides the weights.
  ///   - tensors: names and shapes; the stored type is float32 whatever they say.
  ///   - values: gives a tensor's elements in row-major order.
  /// - Throws: `CheckpointError`: `invalidName`, `alreadyExists`, `notWritable`; what `values` throws.
  ///   Then no file is left.
  package static func write(
    to path: String,
    header: CheckpointHeader,
    tensors: [TensorDescription],
    values: (TensorDescription) throws -> [Float]
  ) throws {
    let writer = try CheckpointWriter(creating: path, header: header)
    for tensor in tensors {
      try writer.write(tensor.name, shape: tensor.shape, values: try values(tensor))
    }
    try writer.finish()
  }
}
