import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct PNGWriterTests {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
  }

  @Test(arguments: [0, 6, 9])
  func coloursComeBack(_ level: Int) throws {
    try inFolder { folder in
      let path = folder.appending(path: "a b.png").path(percentEncoded: false)
      let image = generatedImage(width: 31, height: 17)
      try PNGWriter.write(image, to: path, compressionLevel: level)
      #expect(try ImageBuffer(contentsOf: path) == image)
      #expect(try names(in: folder) == ["a b.png"])
    }
  }

  @Test(arguments: [8, 16])
  func masksComeBack(_ bitDepth: Int) throws {
    try inFolder { folder in
      let path = folder.appending(path: "mask.png").path(percentEncoded: false)
      let samples = (0..<35).map { UInt16($0 * (bitDepth == 16 ? 1801 : 7)) }
      let image = GrayImage(width: 5, height: 7, bitDepth: bitDepth, samples: samples)
      try PNGWriter.write(image, to: path)
      #expect(try GrayImage(contentsOf: path) == image)
    }
  }

  @Test func anExistingFileIsReplaced() throws {
    try inFolder { folder in
      let path = folder.appending(path: "image.png").path(percentEncoded: false)
      try PNGWriter.write(generatedImage(width: 3, height: 2), to: path)
      let second = generatedImage(width: 4, height: 5)
      try PNGWriter.write(second, to: path)
      #expect(try ImageBuffer(contentsOf: path) == second)
      #expect(try names(in: folder) == ["image.png"])
    }
  }

  @Test func whatCannotBeWrittenLeavesNothing() throws {
    try inFolder { folder in
      let missing = folder.appending(path: "nowhere/image.png").path(percentEncoded: false)
      let noFolder = #expect(throws: ImagingError.self) {
        try PNGWriter.write(generatedImage(width: 3, height: 2), to: missing)
      }
      guard case .notWritable = noFolder?.reason else {
        Issue.record("\(String(describing: noFolder))")
        return
      }
      // A folder of that name: the rename fails, the temporary file goes.
      let taken = folder.appending(path: "taken")
      try FileManager.default.createDirectory(
        at: taken.appending(path: "inside"),
        withIntermediateDirectories: true
      )
      #expect(throws: ImagingError.self) {
        try PNGWriter.write(
          generatedImage(width: 3, height: 2),
          to: taken.path(percentEncoded: false)
        )
      }
      #expect(try names(in: folder) == ["taken"])
    }
  }
}
