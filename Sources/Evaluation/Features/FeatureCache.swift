package import Foundation
import Checkpoints
import Datasets

/// What features depend on besides the picture itself.
package struct FeatureKey: Hashable, Sendable {
  /// The SHA-256 sum of the checkpoint's file.
  package var checkpoint: String
  /// The preprocessing's identifier.
  package var preprocessing: String
  /// Where the features leave the model.
  package var kind: String

  /// Raised when the program computes features otherwise than before.
  static let version = 1

  /// Names what features depend on.
  ///
  /// - Parameters:
  ///   - checkpoint: the SHA-256 sum of the checkpoint's file.
  ///   - preprocessing: the preprocessing's identifier.
  ///   - kind: where the features leave the model.
  package init(checkpoint: String, preprocessing: String, kind: String) {
    self.checkpoint = checkpoint
    self.preprocessing = preprocessing
    self.kind = kind
  }

  /// The cache file's name: a digest of everything.
  var fileName: String {
    let text = "\(Self.version)\n\(checkpoint)\n\(preprocessing)\n\(kind)"
    return hexadecimalSHA256(Data(text.utf8)).prefix(32) + ".h5"
  }
}

/// Features of pictures on disk, keyed by content: a picture that moves or is copied is found again.
///
/// One HDF5 file per model, preprocessing and kind of feature: `/features` N × D float32 and `/ids`,
/// the N pictures' content keys. Files are replaced as a whole, so that a crash leaves the old one.
package struct FeatureCache: Sendable {
  /// Where the files lie.
  package let folder: URL

  /// Where features are kept unless something else is said: `$XDG_CACHE_HOME/vbench/features`, or
  /// `~/.cache/vbench/features`.
  package static var usualFolder: URL {
    let environment = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? ""
    let base =
      environment.hasPrefix("/")
      ? URL(filePath: environment, directoryHint: .isDirectory)
      : FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    return base.appending(path: "vbench/features", directoryHint: .isDirectory)
  }

  /// Uses a folder, which is made when something is stored.
  ///
  /// - Parameter folder: where the files lie.
  package init(folder: URL) {
    self.folder = folder
  }

  private func path(_ key: FeatureKey) -> String {
    folder.appending(path: key.fileName).path(percentEncoded: false)
  }

  /// The features that are kept.
  ///
  /// - Parameters:
  ///   - key: what they depend on.
  ///   - width: how many numbers each has; a file with another number is taken as damaged.
  /// - Returns: the features by content key; none where nothing is kept.
  /// - Throws: `CheckpointError` where the file is damaged.
  package func load(_ key: FeatureKey, width: Int) throws -> [String: ArraySlice<Float>] {
    let path = path(key)
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    let file = try HDF5File(reading: path)
    let ids = try file.readStrings("/ids")
    let features = try file.read("/features", as: Float.self)
    guard features.shape == [ids.count, width] else {
      throw CheckpointError(
        .unexpectedShape(
          name: "/features",
          expected: [ids.count, width],
          found: features.shape
        ),
        path: path
      )
    }
    var rows: [String: ArraySlice<Float>] = [:]
    for (row, id) in ids.enumerated() {
      rows[id] = features.values[row * width..<(row + 1) * width]
    }
    return rows
  }

  /// Keeps features, in place of what was kept under the key.
  ///
  /// - Parameters:
  ///   - rows: the features by content key, each `width` numbers.
  ///   - key: what they depend on.
  ///   - width: how many numbers each has.
  /// - Throws: `CheckpointError` where the file can't be written.
  package func store(_ rows: [String: ArraySlice<Float>], _ key: FeatureKey, width: Int) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError(
        .notWritable(detail: error.localizedDescription),
        path: folder.path(percentEncoded: false)
      )
    }
    let ids = rows.keys.sorted()
    let file = try HDF5File(creating: path(key))
    try file.setAttribute("vbench-features", named: "format")
    try file.setAttribute(FeatureKey.version, named: "version")
    try file.setAttribute(key.checkpoint, named: "checkpoint")
    try file.setAttribute(key.preprocessing, named: "preprocessing")
    try file.setAttribute(key.kind, named: "kind")
    try file.write(ids.flatMap { rows[$0] ?? [] }, shape: [ids.count, width], to: "/features")
    try file.writeStrings(ids, to: "/ids")
    try file.commit()
  }

  /// Removes what is kept under a key, such as a damaged file.
  ///
  /// - Parameter key: what the features depend on.
  package func remove(_ key: FeatureKey) {
    try? FileManager.default.removeItem(atPath: path(key))
  }
}
