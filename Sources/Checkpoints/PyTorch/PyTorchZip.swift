/// The ZIP format: `NAME/data.pkl`, `NAME/data/0`, `NAME/data/1`, …, `NAME/byteorder`.
struct PyTorchZip: StorageContainer {
  private let archive: ZipArchive
  private let pickle: ZipArchive.Entry
  private let storages: [String: ZipArchive.Entry]
  private let isBigEndian: Bool

  /// Opens an archive.
  ///
  /// - Parameter path: the file.
  /// - Throws: `CheckpointError`: `unreadable`, `malformed`, `tooLarge` for a damaged archive,
  ///   `unsupported` for a ZIP file of another kind.
  init(_ path: String) throws {
    archive = try ZipArchive(path)
    guard let pickle = archive.entries.first(where: { $0.name.hasSuffix("/data.pkl") }) else {
      throw CheckpointError(
        .unsupported(
          detail: "is a ZIP file, but none that torch.save wrote (it holds no data.pkl)",
          remedy: "save weights with torch.save(model.state_dict(), …)"
        ),
        path: path
      )
    }
    self.pickle = pickle
    let folder = String(pickle.name.dropLast("data.pkl".count))
    guard !archive.entries.contains(where: { $0.name == folder + "constants.pkl" }) else {
      throw CheckpointError(
        .unsupported(
          detail: "is a TorchScript program",
          remedy: "load it in PyTorch and save its weights with torch.save(model.state_dict(), …)"
        ),
        path: path
      )
    }
    let prefix = folder + "data/"
    var storages: [String: ZipArchive.Entry] = [:]
    for entry in archive.entries where entry.name.hasPrefix(prefix) {
      storages[String(entry.name.dropFirst(prefix.count))] = entry
    }
    self.storages = storages
    isBigEndian = try Self.isBigEndian(archive, folder + "byteorder")
  }

  private static func isBigEndian(_ archive: ZipArchive, _ name: String) throws -> Bool {
    // Files from before PyTorch 2.1 don't say; all but a few were written on little-endian machines.
    guard let entry = archive.entries.first(where: { $0.name == name }) else { return false }
    let text = String(decoding: try archive.contents(of: entry, atMost: 64), as: UTF8.self)
    guard text == "little" || text == "big" else {
      throw CheckpointError(
        .malformed(place: name, detail: "\"\(text)\" is no byte order"),
        path: archive.path
      )
    }
    return text == "big"
  }

  /// Reads the pickle.
  ///
  /// - Throws: `CheckpointError`: what ``PickleReader`` throws; `tooLarge`.
  func document() throws -> PickleDocument {
    let limits = PickleReader.Limits()
    let bytes = try archive.contents(of: pickle, atMost: limits.byteCount)
    var reader = PickleReader(bytes, path: archive.path, limits: limits)
    return try reader.read()
  }

  func read(_ tensor: StoredTensor, name: String) throws -> [Float] {
    let place = "storage \"\(tensor.storage.key)\" of \"\(name)\""
    guard let entry = storages[tensor.storage.key] else {
      throw CheckpointError(
        .malformed(place: place, detail: "it is not in the archive"),
        path: archive.path
      )
    }
    guard let range = tensor.byteRange, range.upperBound <= entry.byteCount else {
      throw CheckpointError(
        .malformed(place: place, detail: "it has \(entry.byteCount) bytes, fewer than the tensor"),
        path: archive.path
      )
    }
    var stream = try archive.stream(entry, from: range.lowerBound)
    return try tensor.elementType.decode(tensor.span, from: &stream, isBigEndian: isBigEndian)
  }
}
