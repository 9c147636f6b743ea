import Checkpoints
import Datasets
import Evaluation
import Foundation
import Imaging
import Models
import Results
import TestSupport
import Testing
import Tensors

/// Masks in photographs that belong to no data set.
@Suite("Masks of photographs of one's own")
struct PhotographMasksTests {
  private let device = Device(threadCount: 2)

  /// A drawn photograph of 96 × 96 pixels as a file.
  private func photograph(in scene: MaskScene) throws -> URL {
    let collection = SyntheticCollection(seed: 3, count: 2, size: 96, difficulty: 0.3)
    let file = scene.folder.appending(path: "left eye.png")
    try PNGWriter.write(collection.sample(1).image, to: file.path(percentEncoded: false))
    return file
  }

  /// Trains for a task and keeps the network.
  private func trained(
    _ scene: MaskScene,
    _ task: String,
    classes: Int,
    _ change: (inout SegmentationSettings) -> Void = { _ in }
  ) throws -> (bundle: SegmentationBundle, result: RunResult) {
    let kept = scene.folder.appending(path: "kept.h5").path(percentEncoded: false)
    let preset = try maskTraining("mask-finetune", change)
    let result = try scene.run(scene.network(classes: classes), preset, task, keeping: kept).result
    return (try SegmentationBundle(checkpoint: kept, on: device), result)
  }

  private func grey(_ path: String) throws -> GrayImage { try GrayImage(contentsOf: path) }

  @Test("A trained network says its classes, thresholds and steps; pictures agree with each other")
  func multilabel() throws {
    let scene = try MaskScene()
    let (bundle, result) = try trained(scene, "both", classes: 2) {
      $0.averagesFlips = true
      $0.restoring = .spline
    }
    let masks = try PhotographMasks(bundle, threshold: nil, on: device)
    let said = masks.description
    #expect(masks.isStated && said.task == "drawn/both" && said.classes == ["vessels", "disc"])
    #expect(said.averagesFlips && said.restoring == .spline && said.storage == .float32)
    #expect(said.findsField && !said.isExclusive && said.view.imageSize == nil)
    for (name, threshold) in zip(said.classes, said.thresholds) {
      // Above the threshold of the record: from the next float on.
      #expect(
        result.parameter("threshold of \(name)")
          == .list([.real(Double("\(threshold.nextDown)") ?? 0)])
      )
    }
    let file = try photograph(in: scene)
    let found = try masks.predict(file, into: scene.folder)
    #expect(found.width == 96 && found.height == 96 && found.cupToDiscRatio == nil)
    #expect(found.classes.map(\.name) == said.classes)
    let image = try ImageBuffer(contentsOf: file.path(percentEncoded: false))
    let field = try require(image.fieldOfView())
    for (index, region) in found.classes.enumerated() {
      #expect(region.mask.hasSuffix("/left eye-\(region.name).png"))
      let (mask, map) = (try grey(region.mask), try grey(region.probability))
      #expect(mask.width == 96 && mask.bitDepth == 8 && map.bitDepth == 16)
      #expect(Set(mask.samples).isSubset(of: [0, 255]))
      for pixel in mask.samples.indices {
        let probability = Float(map.samples[pixel]) / 65535
        if field.samples[pixel] == 0 {
          #expect(mask.samples[pixel] == 0 && map.samples[pixel] == 0)
        } else if abs(probability - said.thresholds[index]) > 1e-5 {
          #expect((mask.samples[pixel] == 255) == (probability > said.thresholds[index]))
        }
      }
      let inside = mask.samples.count { $0 == 255 }
      #expect(region.share == Double(inside) / Double(field.samples.count { $0 != 0 }))
      let outline = try ImageBuffer(contentsOf: region.outline)
      #expect(outline.width == 96)
    }
  }

  @Test("Another threshold decides; nested disc and cup give their ratio")
  func ratio() throws {
    let scene = try MaskScene()
    let (bundle, _) = try trained(scene, "disc-cup", classes: 2)
    let file = try photograph(in: scene)
    let all = try PhotographMasks(bundle, threshold: 0, on: device).predict(
      file,
      into: scene.folder
    )
    #expect(all.classes.map(\.share) == [1, 1] && all.cupToDiscRatio == 1)
    let none = try PhotographMasks(bundle, threshold: 1, on: device)
      .predict(file, into: scene.folder)
    #expect(none.classes.map(\.share) == [0, 0] && none.cupToDiscRatio == nil)
    for wrong: Float in [-0.1, 1.5, .nan] {
      let error = #expect(throws: EvaluationError.self) {
        try PhotographMasks(bundle, threshold: wrong, on: device)
      }
      #expect(error?.description.contains("a probability from 0 to 1") == true)
    }
  }

  @Test("Classes that exclude each other are decided by the highest probability")
  func exclusive() throws {
    let scene = try MaskScene()
    let (bundle, _) = try trained(scene, "parts", classes: 3)
    let masks = try PhotographMasks(bundle, threshold: nil, on: device)
    #expect(masks.description.isExclusive && masks.description.thresholds.isEmpty)
    let found = try masks.predict(try photograph(in: scene), into: scene.folder)
    let (first, second) = (try grey(found.classes[0].mask), try grey(found.classes[1].mask))
    let maps = try found.classes.map { try grey($0.probability) }
    for pixel in first.samples.indices {
      #expect(first.samples[pixel] == 0 || second.samples[pixel] == 0)
      if first.samples[pixel] == 255 {
        #expect(maps[0].samples[pixel] >= maps[1].samples[pixel])
      }
    }
    let error = #expect(throws: EvaluationError.self) {
      try PhotographMasks(bundle, threshold: 0.5, on: device)
    }
    #expect(error?.description.contains("the highest probability decides") == true)
  }

  @Test("One unnamed logit is a mask from 0.5 on; of several nobody knows what they are")
  func unstated() throws {
    let scene = try MaskScene()
    let one = try SegmentationBundle(checkpoint: scene.network(), on: device)
    let masks = try PhotographMasks(one, threshold: nil, on: device)
    #expect(!masks.isStated && masks.description.classes == ["mask"])
    #expect(masks.description.thresholds == [0.5])
    let found = try masks.predict(try photograph(in: scene), into: scene.folder)
    #expect(found.classes[0].mask.hasSuffix("left eye-mask.png"))
    let two = try scene.network(classes: 2)
    let error = #expect(throws: EvaluationError.self) {
      try PhotographMasks(
        SegmentationBundle(checkpoint: two, on: device),
        threshold: nil,
        on: device
      )
    }
    #expect(error?.reason == .unnamedMasks(file: two, count: 2))
  }

  @Test(
    "A description that isn't the network's is refused with the file",
    arguments: [
      "{", #"{"classes":["a"]}"#, Self.description(classes: #"["a","b"]"#, thresholds: "[0.5,0.5]"),
      Self.description(classes: #"["a"]"#, thresholds: "[]"),
      Self.description(classes: #"[""]"#, thresholds: "[0.5]"),
      Self.description(classes: #"["a"]"#, thresholds: "[-1]"),
    ]
  )
  func damaged(_ json: String) throws {
    let scene = try MaskScene()
    let network = try CheckpointFile(scene.network())
    var header = network.header
    header.classifier = json
    let path = scene.folder.appending(path: "other.h5").path(percentEncoded: false)
    try CheckpointFile.write(
      to: path,
      header: header,
      tensors: network.tensors,
      values: { (try? network.read($0.name)) ?? [] }
    )
    let error = #expect(throws: ModelsError.self) {
      try PhotographMasks(
        SegmentationBundle(checkpoint: path, on: device),
        threshold: nil,
        on: device
      )
    }
    #expect(
      error?.description.hasPrefix("\(path): the architecture can't be read: masks: ") == true
    )
  }

  private static func description(classes: String, thresholds: String) -> String {
    """
    {"averagesFlips":false,"classes":\(classes),"findsField":true,"isExclusive":false,\
    "restoring":"spline","storage":"8-bit","task":"a/b","thresholds":\(thresholds),\
    "view":{"region":"whole"}}
    """
  }
}
