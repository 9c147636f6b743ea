public import Foundation

/// The files that the tests read.
public enum Fixtures {
  /// The committed fixtures: `Tests/Fixtures`.
  public static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  /// The real data's folder, where the environment variable `VBENCH_DATA` names one that exists.
  public static let realData: URL? = {
    guard let path = ProcessInfo.processInfo.environment["VBENCH_DATA"], !path.isEmpty,
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    return URL(filePath: path)
  }()

  /// A new empty folder for one test, removed by whoever asked for it.
  ///
  /// - Returns: a folder that no other test uses.
  /// - Throws: what the file manager throws when the folder can't be made.
  public static func temporaryDirectory() throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "vbench-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }
}
