import Imaging

/// A picture that can't be read.
package struct UnreadablePicture: Hashable, Sendable, CustomStringConvertible {
  /// Its file.
  package let name: String
  /// What was found, what was expected and what to do.
  package let reason: String

  /// `file: reason`.
  package var description: String { "\(name): \(reason)" }

  /// States a picture.
  ///
  /// - Parameters:
  ///   - name: its file.
  ///   - reason: what was found, what was expected and what to do.
  package init(name: String, reason: String) {
    (self.name, self.reason) = (name, reason)
  }

  /// Takes what a loader says.
  ///
  /// - Parameter error: what is wrong.
  init(_ error: ImagingError) {
    name = error.path
    reason = String("\(error)".dropFirst(error.path.isEmpty ? 0 : error.path.count + 2))
  }

  /// Pictures in one line: each reason once, after the first three pictures that it is said of.
  ///
  /// - Parameter pictures: the pictures.
  /// - Returns: reasons in the order of their first pictures, three at most.
  package static func summary(_ pictures: [UnreadablePicture]) -> String {
    let reasons = pictures.reduce(into: [String]()) { reasons, picture in
      if !reasons.contains(picture.reason) { reasons.append(picture.reason) }
    }
    let parts = reasons.prefix(3).map { reason in
      let names = pictures.filter { $0.reason == reason }.map(\.name)
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      return names.prefix(3).joined(separator: ", ") + "\(more): \(reason)"
    }
    let others = pictures.count { !reasons.prefix(3).contains($0.reason) }
    return (parts + (others > 0 ? ["\(others) for other reasons"] : [])).joined(separator: "; ")
  }
}
