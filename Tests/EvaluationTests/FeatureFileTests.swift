import Checkpoints
import Evaluation
import Foundation
import Imaging
import Models
import Tensors
import TestSupport
import Testing

/// Features on their own, and the files that a user names.
@Suite struct FeatureFileTests {
  private static let origin = FeatureFile.Origin(
    modality: "images",
    kind: "pooled",
    checkpoint: "tiny.h5",
    sha256: String(repeating: "ab", count: 32),
    architecture: "tiny",
    preprocessing: "resize 32"
  )

  @Test("Features as they are, rows of length 1, names, and what made them")
  func layout() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "f.h5").path(percentEncoded: false)
    let features: [Float] = [3, 4, 0, -1e-3, 2e-3, 2e-3, 0, 0, 0, 1e20, -1e20, 1e20]
    let ids = ["左眼.jpg", "b/c.png", "", "b"]
    try FeatureFile.write(to: path, ids: ids, features: features, width: 3, origin: Self.origin)
    let file = try HDF5File(reading: path)
    #expect(try file.readStrings("/ids") == ids)
    let written = try file.read("/features", as: Float.self)
    #expect(written.values == features && written.shape == [4, 3])
    let normalized = try file.read("/normalized", as: Float.self)
    #expect(normalized.shape == [4, 3])
    let third = 1 / Double(3).squareRoot()
    let expected: [Float] = [
      0.6, 0.8, 0, -1 / 3, 2 / 3, 2 / 3, 0, 0, 0, Float(third), -Float(third), Float(third),
    ]
    let tolerance = Tolerance(absolute: 1e-7, reason: "one rounding to float32")
    #expect(mismatch(normalized.values, expected, within: tolerance) == nil)
    let attributes = try ["format", "modality", "kind", "checkpoint", "checkpoint_sha256"].map {
      try file.stringAttribute($0)
    }
    #expect(
      attributes == ["vbench-embeddings", "images", "pooled", "tiny.h5", Self.origin.sha256]
    )
    #expect(try file.stringAttribute("architecture") == "tiny")
    #expect(try file.stringAttribute("preprocessing") == "resize 32")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["f.h5"])
  }

  @Test("A file that can't be written leaves nothing behind")
  func unwritable() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "none/f.h5").path(percentEncoded: false)
    #expect(throws: CheckpointError.self) {
      try FeatureFile.write(to: path, ids: ["a"], features: [1], width: 1, origin: Self.origin)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("Folders give their images at any depth by name; files are taken as they are, each once")
  func expansion() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    for path in ["b.PNG", "a/z.jpeg", "a/notes.txt", "a/x.jpg/inner.tif", "no-ending", "e/.keep"] {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data().write(to: file)
    }
    let link = folder.appending(path: "link")
    try FileManager.default.createSymbolicLink(
      at: link,
      withDestinationURL: folder.appending(path: "a")
    )
    func names(_ paths: [String], leavingOut output: String? = nil) throws -> [String] {
      let start = folder.path(percentEncoded: false).count
      return try ImageFiles.expand(
        paths.map { folder.path(percentEncoded: false) + "/" + $0 },
        leavingOut: output.map { folder.appending(path: $0) }
      )
      .map { String($0.path(percentEncoded: false).dropFirst(start).drop { $0 == "/" }) }
    }
    #expect(try names([""]) == ["a/x.jpg/inner.tif", "a/z.jpeg", "b.PNG"])
    #expect(try names(["no-ending", "a"]) == ["no-ending", "a/x.jpg/inner.tif", "a/z.jpeg"])
    #expect(try names(["b.PNG", "a/../b.PNG", "./b.PNG"]) == ["b.PNG"])
    #expect(try names(["link"]) == ["link/x.jpg/inner.tif", "link/z.jpeg"])
    #expect(try names([""], leavingOut: "a") == ["b.PNG"])
    #expect(try names([""], leavingOut: "link") == ["b.PNG"], "it leads to a")
    #expect(try names(["", "a/z.jpeg"], leavingOut: "a/") == ["b.PNG", "a/z.jpeg"], "it is named")
    #expect(try names(["a"], leavingOut: "a") == ["a/x.jpg/inner.tif", "a/z.jpeg"], "not below")
    #expect(try names(["a"], leavingOut: "a/x") == ["a/x.jpg/inner.tif", "a/z.jpeg"])
    let missing = #expect(throws: ImagingError.self) { try names(["b.PNG", "none.jpg"]) }
    #expect(missing?.reason == .notFound)
    let empty = #expect(throws: EvaluationError.self) { try names(["e"]) }
    guard case .nothingToDo(let detail) = empty?.reason else {
      Issue.record("\(String(describing: empty))")
      return
    }
    #expect(detail.contains("/e"))
  }

  @Test("Files that can't be read are left out by name; the others keep their order")
  func unreadableFiles() throws {
    let scene = try Scene()
    let bundle = try scene.bundle()
    let files = try [2, 0, 1, 3].map { try scene.photographs.file("test", $0) }
    func encode(batchSize: Int) throws -> FileFeatures {
      try bundle.features(
        ofFiles: files,
        .pooled,
        on: .init(threadCount: 2),
        batchSize: batchSize,
        observer: SilentObserver()
      )
    }
    let whole = try encode(batchSize: 32)
    #expect(whole.files == files && whole.values.count == 4 * 64 && whole.failures.isEmpty)
    #expect(try encode(batchSize: 1).values == whole.values, "the batch doesn't matter")
    try Data("no image".utf8).write(to: files[1])
    let rest = try encode(batchSize: 2)
    #expect(rest.files == [files[0], files[2], files[3]])
    #expect(rest.failures.count == 1)
    #expect("\(rest.failures[0])".contains(files[1].lastPathComponent))
    for (index, original) in [0, 2, 3].enumerated() {
      #expect(rest.row(index).elementsEqual(whole.row(original)))
    }
  }

  @Test("Weights that are no numbers are an error, for images and for texts")
  func nonFinite() throws {
    let scene = try Scene(weights: { name, values in
      if [TinyModel.imageProjection, TinyModel.textProjection].contains(name) { values[0] = .nan }
    })
    let bundle = try scene.bundle()
    let file = try scene.photographs.file("test", 0)
    let images = #expect(throws: EvaluationError.self) {
      try bundle.features(
        ofFiles: [file],
        .projected,
        on: .init(threadCount: 1),
        observer: SilentObserver()
      )
    }
    #expect(images?.reason == .nonFiniteFeatures(sample: file.lastPathComponent))
    let texts = #expect(throws: EvaluationError.self) {
      try bundle.finiteFeatures(ofTexts: ["正常眼底", "青光眼"])
    }
    #expect(texts?.reason == .nonFiniteFeatures(sample: "‘正常眼底’"))
  }
}
