/// Why a checkpoint or another file of arrays could not be read or written.
package struct CheckpointError: Error, Equatable, Sendable {
  /// What went wrong; names are those inside the file.
  package enum Reason: Equatable, Sendable {
    /// There is no such file.
    case notFound
    /// The file is not what its reader expects: truncated, garbage, another format.
    case unreadable(detail: String)
    /// A known format that is refused on purpose; `remedy` says what to do.
    case unsupported(detail: String, remedy: String)
    /// The file could not be written.
    case notWritable(detail: String)
    /// The file holds no object of this name.
    case missingObject(name: String)
    /// An object of this name exists and is not overwritten.
    case alreadyExists(name: String)
    /// A name that the format can't hold.
    case invalidName(name: String, detail: String)
    /// The object holds other elements than asked for.
    case unexpectedType(name: String, expected: String, found: String)
    /// The object has another shape than asked for.
    case unexpectedShape(name: String, expected: [Int], found: [Int])
    /// The object is declared larger than the reader accepts.
    case tooLarge(name: String, bytes: Int, limit: Int)
    /// The file's structure contradicts itself at `place`.
    case malformed(place: String, detail: String)
    /// A pickle names code that is not on the allow-list.
    case forbiddenGlobal(name: String, position: Int)
    /// The contents of these objects differ from what their checksums promise.
    case checksumMismatch(names: [String])
    /// The file was written by a newer program.
    case newerVersion(found: Int, supported: Int)
    /// More than one set of weights; the containers that hold them.
    case ambiguous(containers: [String])
  }

  /// What went wrong.
  package var reason: Reason
  /// The file.
  package var path: String

  /// States an error.
  ///
  /// - Parameters:
  ///   - reason: what went wrong.
  ///   - path: the file; left out where the caller of the thrower fills it in.
  package init(_ reason: Reason, path: String = "") {
    self.reason = reason
    self.path = path
  }
}

extension CheckpointError: CustomStringConvertible {
  /// The file, what was found, what was expected and what to do.
  package var description: String { "\(path): \(reason.text)" }
}

extension CheckpointError.Reason {
  fileprivate var text: String {
    switch self {
    case .notFound: "there is no such file; check the path"
    case .unreadable(let detail): "can't be read: \(detail); get the file again"
    case .unsupported(let detail, let remedy): "\(detail); \(remedy)"
    case .notWritable(let detail): "can't be written: \(detail)"
    case .missingObject(let name): "holds no \"\(name)\"; `vbench inspect` lists what it holds"
    case .alreadyExists(let name): "already holds \"\(name)\"; choose another name"
    case .invalidName(let name, let detail): "\"\(name)\" can't be a name here: \(detail)"
    case .unexpectedType(let name, let expected, let found):
      "\"\(name)\" holds \(found), expected \(expected)"
    case .unexpectedShape(let name, let expected, let found):
      "\"\(name)\" has shape \(found), expected \(expected)"
    case .tooLarge(let name, let bytes, let limit):
      "\"\(name)\" claims \(bytes) bytes, more than the \(limit) that such a file can honestly hold; "
        + "the file is damaged or hostile"
    case .malformed(let place, let detail): "\(place): \(detail); the file is damaged or hostile"
    case .forbiddenGlobal(let name, let position):
      "the pickle asks for \(name) at byte \(position), which is not on the list of harmless names; "
        + "nothing was run: save the weights alone, as torch.save(model.state_dict(), …)"
    case .checksumMismatch(let names):
      "the checksum differs for \(names.joined(separator: ", ")); the file was changed or damaged "
        + "after it was written: get it again or convert it anew"
    case .newerVersion(let found, let supported):
      "has version \(found), this program reads up to \(supported); update vbench or convert the "
        + "original again"
    case .ambiguous(let containers):
      "holds several sets of weights (\(containers.joined(separator: ", "))); name one of them"
    }
  }
}
