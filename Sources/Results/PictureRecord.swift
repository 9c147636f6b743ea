/// A picture in a run's folder that reports show.
package struct PictureRecord: Codable, Equatable, Sendable {
  /// The file's path in the run's folder.
  package var name: String
  /// What its rows, columns and colours are, in sentences.
  package var caption: String

  /// States a picture.
  ///
  /// - Parameters:
  ///   - name: the file's path in the run's folder.
  ///   - caption: what its rows, columns and colours are.
  package init(name: String, caption: String) {
    self.name = name
    self.caption = caption
  }
}
