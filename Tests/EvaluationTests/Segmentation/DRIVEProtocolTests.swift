import Datasets
import Evaluation
import Foundation
import Imaging
import Metrics
import Models
import Results
import Tensors
import TestSupport
import Testing

/// The protocol of the W-Net on DRIVE, step by step and as a whole, against the libraries that the
/// released code uses.
@Suite("The DRIVE protocol")
struct DRIVEProtocolTests {
  static let float32 = Tolerance(
    absolute: 2e-5,
    reason: "a W-Net in float32: logits within 1e-4, a sigmoid's slope is at most a quarter"
  )
  static let double = Tolerance(absolute: 1e-12, reason: "the same counts, divided in float64")
  static let levels = Tolerance(
    absolute: 1e-3,
    reason: "a few pixels at rounding boundaries may be a level off, where kernels sum otherwise"
  )

  @Test("The field of view's box is regionprops' and the bytes in it are Pillow's, resized")
  func regions() throws {
    let fixture = try DRIVEProtocolFixture()
    let contents = try fixture.contents()
    #expect(contents.samples.map(\.id) == fixture.reference.photographs.map(\.id))
    for (sample, expected) in zip(contents.samples, fixture.reference.photographs) {
      let example = try contents.reader.read(sample)
      let region = PictureRegion(example, contents.task.field, .fieldOfView)
      let box = region.box
      #expect([box.top, box.left, box.top + box.height, box.left + box.width] == expected.box)
      #expect(box.width != box.height && box.width < example.image.width)
      let side = fixture.reference.input
      let resized = example.image.cropped(
        box,
        resizedToWidth: side,
        height: side,
        interpolation: .bilinear
      )
      #expect(hexadecimalSHA256(Data(resized.pixels)) == expected.resized, "\(sample.id)")
      let whole = PictureRegion(example, contents.task.field, .whole)
      #expect(whole.box.width == 61 && whole.box.height == 57 && whole.field == region.field)
    }
  }

  @Test("Probabilities are the mean of four mirror images' sigmoids of the second net")
  func flips() throws {
    let fixture = try DRIVEProtocolFixture()
    let device = Device(threadCount: 2)
    let bundle = try SegmentationBundle(checkpoint: fixture.checkpoint, on: device)
    #expect(bundle.model.architecture.name == "wnet-3.4.5")
    let (contents, side) = (try fixture.contents(), fixture.reference.input)
    let index = try require(fixture.reference.photographs.firstIndex { $0.mean != nil })
    let example = try contents.reader.read(contents.samples[index])
    let picture = example.image.cropped(
      PictureRegion(example, contents.task.field, .fieldOfView).box,
      resizedToWidth: side,
      height: side,
      interpolation: bundle.preprocessing.interpolation
    )
    var sum = [Float](repeating: 0, count: side * side)
    for flip in Flip.allCases {
      let pixels = Preprocessor(bundle.preprocessing).normalized(picture.flipped(flip).pixels)
      // Nothing but a division by 255.
      let shares = picture.flipped(flip).pixels.map { Float($0) / 255 }
      #expect(zip(pixels, shares).allSatisfy { abs($0 - $1) <= 6e-8 })
      let logits = try require(try bundle.logits(images: pixels, count: 1).last)
      let upright = flip.applied(to: logits, width: side, height: side, channels: 1)
      for pixel in sum.indices { sum[pixel] += 1 / (1 + exp(-upright[pixel])) / 4 }
    }
    let expected = try DRIVEProtocolFixture.Reference.Photograph
      .floats(fixture.reference.photographs[index].mean)
    #expect(mismatch(sum, expected, within: Self.float32) == nil)
    // One image alone is another one: flips do something.
    let pixels = picture.pixels.map { Float($0) / 255 }
    let one = try require(try bundle.logits(images: pixels, count: 1).last)
    #expect(zip(one, expected).contains { abs(1 / (1 + exp(-$0)) - $1) > 0.02 })
  }

  @Test("Maps come back by scikit-image's splines, zero outside the field of view")
  func maps() throws {
    let fixture = try DRIVEProtocolFixture()
    let contents = try fixture.contents()
    let index = try require(fixture.reference.photographs.firstIndex { $0.whole != nil })
    let example = try contents.reader.read(contents.samples[index])
    let made = try fixture.predictor { $0.storage = .float32 }.predict(example)
    let field = try require(made.field?.samples)
    let expected = try DRIVEProtocolFixture.Reference.Photograph
      .floats(fixture.reference.photographs[index].whole)
    #expect(made.maps.count == 1 && field == example.field)
    #expect(mismatch(made.maps[0].samples, expected, within: Self.float32) == nil)
    #expect(zip(made.maps[0].samples, field).allSatisfy { $1 != 0 || $0 == 0 })
    // Other choices give other maps.
    for change: (inout SegmentationSettings) -> Void in [
      { $0.restoring = .bilinear }, { $0.averagesFlips = false }, { $0.view.region = .whole },
    ] {
      let other = try fixture.predictor {
        $0.storage = .float32
        change(&$0)
      }.predict(example)
      #expect(zip(other.maps[0].samples, expected).contains { abs($0 - $1) > 0.02 })
    }
  }

  @Test("Stored levels are img_as_ubyte's on every photograph")
  func levels() throws {
    let fixture = try DRIVEProtocolFixture()
    let (contents, predictor) = (try fixture.contents(), try fixture.predictor())
    for (sample, expected) in zip(contents.samples, fixture.reference.photographs) {
      let map = try predictor.predict(contents.reader.read(sample)).maps[0]
      let levels = map.samples.map { UInt8(($0 * 255).rounded()) }
      #expect(map.samples == levels.map { ThresholdGrid.evenly256.thresholds[Int($0)] })
      let reference = try fixture.levels(expected.name)
      let differing = reference.indices.filter { reference[$0] != levels[$0] }
      #expect(
        Set(differing).isSubset(of: expected.near),
        "\(sample.id): \(differing.count) pixels, the first at \(differing.first ?? -1)"
      )
      #expect(differing.allSatisfy { abs(Int(reference[$0]) - Int(levels[$0])) == 1 })
    }
  }

  @Test("Threshold and figures are those of scikit-learn")
  func figures() throws {
    let fixture = try DRIVEProtocolFixture()
    let (finished, expected) = (try fixture.run(pictures: .all), fixture.reference.test)
    let result = finished.result
    #expect(result.run.status == .passed)
    #expect(result.evaluationProtocol.name == "segmentation")
    #expect(result.evaluationProtocol.preset == "wnet-drive")
    #expect(result.dataset.splits.map(\.usedCount) == [4, 1, 4])
    // Thresholds are compared as float32, and recorded as its shortest decimal.
    let threshold = try require(Double("\(Float(fixture.reference.threshold))"))
    #expect(result.parameter("threshold of vessels") == .list([.real(threshold)]))
    var differing = 0
    for photograph in fixture.reference.photographs where photograph.id.hasPrefix("test/") {
      let name = "test_\(photograph.name)-vessels-probability.png"
      let file = finished.file.deletingLastPathComponent().appending(path: "pictures/\(name)")
      let (own, reference) = (try fixture.levels(at: file), try fixture.levels(photograph.name))
      let pixels = reference.indices.filter { own[$0] != reference[$0] }
      #expect(Set(pixels).isSubset(of: photograph.near), "\(photograph.id)")
      differing += pixels.count
    }
    // Where every level is the same, so are the figures.
    let tolerance = differing == 0 ? Self.double : Self.levels
    for (name, value) in [
      ("auc", expected.auc), ("ap", expected.ap), ("dice", expected.dice),
      ("sensitivity", expected.sensitivity), ("specificity", expected.specificity),
      ("accuracy", expected.accuracy),
    ] {
      let own = try result.number("\(name)-pooled")
      #expect(tolerance.accepts(own, value), "\(name): \(own), scikit-learn \(value)")
    }
    for (name, values) in [
      ("dice", fixture.reference.images.map(\.dice)), ("auc", fixture.reference.images.map(\.auc)),
    ] {
      let own = try result.number("\(name)-per-image")
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(tolerance.accepts(own, mean), "\(name): \(own), scikit-learn \(mean)")
    }
  }

  @Test("The bits are the same on 1, 2 and 4 threads")
  func threads() throws {
    let fixture = try DRIVEProtocolFixture()
    let one = try fixture.run(threads: 1, "one").result
    for threads in [2, 4] {
      let other = try fixture.run(threads: threads, "\(threads)").result
      #expect(other.measures(one), "\(threads) threads")
      #expect(other.evaluationProtocol == one.evaluationProtocol)
    }
  }
}
