import Foundation
import Results

extension EvaluationOptions {
  /// Makes the folder of runs where it is missing.
  ///
  /// - Throws: `ResultsError` where nothing can be written there.
  func makeRunsFolder() throws {
    let path = runsFolder.path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(
        at: runsFolder,
        withIntermediateDirectories: true
      )
    } catch {
      // Foundation's own words for a file in the way are a number.
      let file = folderThatIsAFile(above: runsFolder)
      throw ResultsError(
        .unwritable(detail: file.map { "\($0) is no folder" } ?? error.localizedDescription),
        path: path
      )
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw ResultsError(.unwritable(detail: "the folder can't be written to"), path: path)
    }
  }

  /// The file that stands where a folder is wanted, from `url` upwards; nil where none does.
  private func folderThatIsAFile(above url: URL) -> String? {
    var url = url.standardizedFileURL.resolvingSymlinksInPath()
    while url.pathComponents.count > 1 {
      if let isFolder = try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory {
        return isFolder ? nil : URL(filePath: url.path).path(percentEncoded: false)
      }
      url.deleteLastPathComponent()
    }
    return nil
  }
}
