import Metrics
import Randomness
import Results
import TestSupport
import Testing

/// Two masks with SciPy's distances.
struct DistanceCase: Decodable, Sendable, CustomStringConvertible {
  struct Expected: Decodable, Sendable {
    let transform: [Double]?
    let hd95: Double?
  }

  let name: String
  let height: Int
  let width: Int
  let first: String
  let second: String
  let spacing: [Double]
  let expected: Expected

  var description: String { "\(name), \(spacing)" }
}

@Suite("Distances between masks")
struct SegmentationDistanceTests {
  private static let cases =
    (try? references("segmentation-distances.json", of: DistanceCase.self)) ?? []

  @Test("There are cases") func present() { #expect(Self.cases.count == 57) }

  @Test("The transform equals SciPy's", arguments: cases)
  func transform(_ example: DistanceCase) {
    let first = mask(example.first, width: example.width, height: example.height)
    let spacing = PixelSpacing(rows: example.spacing[0], columns: example.spacing[1])
    let found = distanceTransform(to: first, spacing: spacing)
    #expect((found == nil) == (example.expected.transform == nil))
    guard let found, let expected = example.expected.transform else { return }
    #expect(mismatch(found, expected, within: scikitLearn) == nil)
  }

  @Test("The 95th percentile equals MedPy's definition, both ways round", arguments: cases)
  func hausdorff(_ example: DistanceCase) {
    let first = mask(example.first, width: example.width, height: example.height)
    let second = mask(example.second, width: example.width, height: example.height)
    let spacing = PixelSpacing(rows: example.spacing[0], columns: example.spacing[1])
    let there = hausdorffDistance95(first, second, spacing: spacing, of: "disc")
    let back = hausdorffDistance95(second, first, spacing: spacing, of: "disc")
    #expect(disagreement(there, example.expected.hd95) == nil)
    #expect(there.number == back.number)
  }

  @Test("The transform equals a search through all set pixels", arguments: 0..<30)
  func exhaustive(_ seed: Int) throws {
    var random = RandomSource(seed: 90, UInt32(seed))
    let (width, height) = (1 + random.nextIndex(below: 40), 1 + random.nextIndex(below: 25))
    let step = 1 + random.nextIndex(below: 60)
    var pixels = (0..<width * height).map { _ in random.nextIndex(below: step) == 0 }
    pixels[random.nextIndex(below: pixels.count)] = true
    let mask = BinaryMask(width: width, height: height, pixels: pixels)
    let spacing = PixelSpacing(
      rows: random.nextUniform(in: 0.1..<2),
      columns: random.nextUniform(in: 0.1..<2)
    )
    let sites = pixels.indices.filter { pixels[$0] }
    let expected: [Double] = pixels.indices.map { pixel in
      sites.map { site -> Double in
        let rows = Double(pixel / width - site / width) * spacing.rows
        let columns = Double(pixel % width - site % width) * spacing.columns
        return (rows * rows + columns * columns).squareRoot()
      }.min() ?? .infinity
    }
    let found = try #require(distanceTransform(to: mask, spacing: spacing))
    #expect(mismatch(found, expected, within: scikitLearn, context: "seed \(seed)") == nil)
  }

  @Test("An empty mask has no distance and is named")
  func empty() {
    let none = mask("000000", width: 3, height: 2)
    let some = mask("010000", width: 3, height: 2)
    #expect(
      hausdorffDistance95(none, some, of: "disc")
        == .undefined(reason: "class \"disc\" is empty in prediction")
    )
    #expect(
      hausdorffDistance95(none, none, of: "disc")
        == .undefined(reason: "class \"disc\" is empty in prediction and truth")
    )
    #expect(hausdorffDistance95(some, some, of: "disc") == .value(0))
    #expect(none.bounds == nil)
  }

  @Test("The border of a block is its rim, at the image's edge as well")
  func border() {
    let block = mask("11110" + "11110" + "11110" + "00000", width: 5, height: 4)
    #expect(block.border == mask("11110" + "10010" + "11110" + "00000", width: 5, height: 4))
    #expect(mask("11", width: 2, height: 1).border == mask("11", width: 2, height: 1))
  }
}

/// Discs and cups of a few images with NumPy's ratios.
struct CupCase: Decodable, Sendable {
  struct Picture: Decodable, Sendable {
    /// Disc and cup.
    let predicted: [String]
    let truth: [String]
    let ratios: [Double?]
  }

  let height: Int
  let width: Int
  let pictures: [Picture]
  let meanAbsoluteError: Double
  let bias: Double
  let standardDeviation: Double
  let defined: Int
}

@Suite("Cup-to-disc ratios")
struct CupToDiscTests {
  @Test("Ratios and their errors equal NumPy's")
  func reference() throws {
    let example = try #require(references("segmentation-cups.json", of: CupCase.self).first)
    var errors = CupToDiscErrors()
    for (index, picture) in example.pictures.enumerated() {
      let ratios = [picture.predicted, picture.truth].map { pair in
        verticalCupToDiscRatio(
          cup: mask(pair[1], width: example.width, height: example.height),
          disc: mask(pair[0], width: example.width, height: example.height)
        )
      }
      for (ratio, expected) in zip(ratios, picture.ratios) {
        #expect(disagreement(ratio, expected) == nil)
      }
      errors.add(name: "image \(index)", predicted: ratios[0], truth: ratios[1])
    }
    #expect(disagreement(errors.signed.mean, example.bias) == nil)
    #expect(disagreement(errors.absolute.mean, example.meanAbsoluteError) == nil)
    let deviation = try #require(errors.signed.standardDeviation)
    #expect(scikitLearn.accepts(deviation, example.standardDeviation))
    #expect(errors.signed.imageCount == example.defined && errors.undefinedCount == 1)
    #expect(errors.signed.leftOut.map(\.name) == ["image 2"])
    #expect(errors.signed.leftOut[0].reason == "predicted: there is no disc")
  }

  @Test("A disc without a cup has the ratio 0; heights count, not widths")
  func simple() {
    let disc = mask("0110" + "0110" + "0110", width: 4, height: 3)
    #expect(
      verticalCupToDiscRatio(cup: mask("000000000000", width: 4, height: 3), disc: disc)
        == .value(0)
    )
    #expect(
      verticalCupToDiscRatio(cup: mask("000001100000", width: 4, height: 3), disc: disc)
        == .value(1.0 / 3)
    )
  }
}
