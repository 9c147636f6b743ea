/// Opens a file of tensors; its content, not its name, decides what it is.
///
/// - Parameters:
///   - path: the file.
///   - container: the dictionary that holds the weights in a PyTorch file that holds several, e.g.
///     `teacher`; nil to choose. Other formats have none.
/// - Returns: the archive; of its tensors' values nothing is in memory.
/// - Throws: `CheckpointError`: `notFound`; `unreadable` for a file of no known format and, like
///   `malformed`, for a damaged one; `forbiddenGlobal`; `ambiguous`; `unsupported`.
package func openArchive(
  at path: String,
  container: String? = nil
) throws -> any TensorArchive {
  let file = try InputFile(path)
  let start = try file.bytes(at: 0, atMost: 512)
  guard !start.isEmpty else {
    throw CheckpointError(.unreadable(detail: "it is empty"), path: path)
  }
  if start.starts(with: HDF5File.signature) {
    let names = try HDF5File(reading: path).attributeNames()
    return names.contains("format") ? try CheckpointFile(path) : try HDF5Archive(path)
  }
  if start.starts(with: "PK".utf8) || PyTorchLegacyContainer.recognizes(Array(start.prefix(64))) {
    return try PyTorchFile(path, container: container)
  }
  if SafetensorsFile.recognizes(start) {
    return try SafetensorsFile(path)
  }
  if start.count > 262, start[257..<262].elementsEqual("ustar".utf8) {
    throw CheckpointError(
      .unsupported(
        detail: "is a tar archive, perhaps PyTorch's format before version 0.1.10",
        remedy: "load it in PyTorch and save it again, or unpack it"
      ),
      path: path
    )
  }
  if start[0] == PickleOpcode.protocolVersion.rawValue {
    throw CheckpointError(
      .unsupported(
        detail: "is a Python pickle, but none of torch.save",
        remedy: "load it in Python and save its weights with torch.save or safetensors"
      ),
      path: path
    )
  }
  throw CheckpointError(
    .unreadable(
      detail: "it is neither an HDF5 file, nor a PyTorch file (.pt, .pth), nor safetensors"
    ),
    path: path
  )
}
