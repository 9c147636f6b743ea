import Foundation
import Testing
import Training

/// A folder of a training is one training's at a time.
struct FolderLockTests {
  @Test("who holds a folder keeps others out, until the work is done or has failed")
  func oneAtATime() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    let busy = TrainingError(.busy, path: folder.path)
    let inside = try FolderLock.holding(folder.path) {
      #expect(throws: busy) { try FolderLock.holding(folder.path) {} }
      return 7
    }
    #expect(inside == 7)
    #expect(throws: Stop.self) { try FolderLock.holding(folder.path) { throw Stop() } }
    try FolderLock.holding(folder.path) {}
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    #expect(busy.description.contains(folder.path) && busy.description.contains("wait"))
  }

  @Test("a folder that isn't there is told")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "none").path(percentEncoded: false)
    #expect(throws: TrainingError.self) { try FolderLock.holding(path) {} }
  }
}
