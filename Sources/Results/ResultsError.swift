/// Why a result could not be read or written.
package struct ResultsError: Error, Equatable, Sendable {
  /// What was wrong.
  package enum Reason: Equatable, Sendable {
    /// There is no such file.
    case notFound
    /// The system refused to read it.
    case unreadable(detail: String)
    /// A value is missing, of the wrong kind or out of its range; `keyPath` names it.
    case malformed(keyPath: String, detail: String)
    /// No version of this program that reads the file's schema knows the key.
    case unknownKey(keyPath: String)
    /// The file was written by a newer program.
    case newerSchema(found: Int, supported: Int)
    /// A number is infinite or NaN; `keyPath` names it.
    case notFinite(keyPath: String)
    /// The system refused to write it.
    case unwritable(detail: String)
  }

  /// What was wrong.
  package var reason: Reason
  /// The file or folder.
  package var path: String

  /// Reports an error.
  package init(_ reason: Reason, path: String) {
    self.reason = reason
    self.path = path
  }
}

extension ResultsError: CustomStringConvertible {
  /// What was found, what was expected and what to do.
  package var description: String {
    switch reason {
    case .notFound:
      "\(path): there is no such file; name a run's result.json"
    case .unreadable(let detail):
      "\(path): can't be read: \(detail)"
    case .malformed(let keyPath, let detail):
      "\(path): \(keyPath): \(detail); mend the file or run the evaluation again"
    case .unknownKey(let keyPath):
      "\(path): \(keyPath) is not a key of schema \(RunResult.currentSchemaVersion); "
        + "remove it or mend its spelling"
    case .newerSchema(let found, let supported):
      "\(path): has schema version \(found), this program reads up to \(supported); "
        + "use the vbench that wrote it, or a newer one"
    case .notFinite(let keyPath):
      "\(path): \(keyPath) is infinite or not a number; write it as undefined, with the reason"
    case .unwritable(let detail):
      "\(path): can't be written: \(detail)"
    }
  }
}
