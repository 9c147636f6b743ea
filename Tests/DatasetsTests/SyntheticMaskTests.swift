import Datasets
import Imaging
import Parallelism
import Testing

@Suite("Masks of synthetic photographs")
struct SyntheticMaskTests {
  private static let size = 112
  private static let drawn = SyntheticCollection(seed: 21, count: 60, size: size)
    .samples(0..<60, on: WorkerPool(threadCount: 2))
  private var samples: [SyntheticSample] { Self.drawn }

  private func mask(_ sample: SyntheticSample, _ kind: SyntheticMask) -> [Bool] {
    (sample.masks[kind] ?? []).map { $0 == 255 }
  }

  @Test func valuesAreZeroOrAll() {
    for sample in samples {
      for (kind, mask) in sample.masks {
        #expect(mask.allSatisfy { $0 == 0 || $0 == 255 }, "\(sample.id): \(kind)")
      }
    }
  }

  @Test func masksLieInTheField() {
    for sample in samples {
      let field = mask(sample, .field)
      for kind in SyntheticMask.allCases {
        let outside = zip(mask(sample, kind), field).contains { $0 && !$1 }
        #expect(!outside, "\(sample.id): \(kind)")
      }
      let (disc, cup) = (mask(sample, .disc), mask(sample, .cup))
      #expect(!zip(cup, disc).contains { $0 && !$1 }, "\(sample.id): a cup outside its disc")
      #expect(!zip(mask(sample, .crescent), disc).contains { $0 && $1 })
      #expect(disc.contains(true) && cup.contains(true) && mask(sample, .vessels).contains(true))
    }
  }

  /// A lesion's label is set exactly where its mask isn't empty.
  @Test(arguments: [32, 224])
  func labelsFollowFromMasks(size: Int) {
    let collection = SyntheticCollection(seed: 22, count: 48, size: size)
    var positives = 0
    for sample in collection.samples(0..<48, on: WorkerPool(threadCount: 2)) {
      for kind in SyntheticMask.allCases {
        guard let finding = kind.finding else { continue }
        let isPresent = mask(sample, kind).contains(true)
        #expect(isPresent == sample.record.findings.contains(finding), "\(sample.id): \(kind)")
        positives += isPresent ? 1 : 0
      }
    }
    #expect(positives > 20)
  }

  /// The mean green of what a mask covers and of a ring around it; nil for an empty mask.
  private func greens(_ sample: SyntheticSample, _ kind: SyntheticMask) -> (Double, Double)? {
    let (mask, field) = (mask(sample, kind), mask(sample, .field))
    var near = mask
    for index in mask.indices where mask[index] {
      for row in -4...4 {
        for column in -4...4 {
          let place = index + row * Self.size + column
          if mask.indices.contains(place) { near[place] = true }
        }
      }
    }
    func mean(_ isChosen: (Int) -> Bool) -> Double {
      let values = mask.indices.filter(isChosen).map { Int(sample.image.pixels[$0 * 3 + 1]) }
      return Double(values.reduce(0, +)) / Double(max(values.count, 1))
    }
    guard mask.contains(true) else { return nil }
    return (mean { mask[$0] }, mean { near[$0] && !mask[$0] && field[$0] })
  }

  @Test func difficultyMakesBloodFainter() {
    var contrasts: [Double] = []
    for difficulty in [0.0, 1.0] {
      let collection = SyntheticCollection(
        seed: 23,
        count: 40,
        size: Self.size,
        difficulty: difficulty
      )
      let bleeding = (0..<40).filter { collection.record($0).findings.contains(.haemorrhage) }
      let found = bleeding.compactMap { greens(collection.sample($0), .haemorrhages) }
      #expect(found.count > 3)
      contrasts.append(found.reduce(0) { $0 + 1 - $1.0 / $1.1 } / Double(found.count))
    }
    #expect(contrasts[1] < 0.85 * contrasts[0], "\(contrasts)")
  }

  /// What is drawn is seen: blood is darker than what lies around it, the rest lighter.
  @Test(arguments: [SyntheticMask.disc, .cup, .haemorrhages, .exudates, .cottonWool, .drusen])
  func structuresAreVisible(kind: SyntheticMask) {
    var seen = 0
    for sample in samples where !sample.record.findings.contains(.blur) {
      // A crescent is as pale as the disc that it borders.
      if kind == .disc && sample.record.findings.contains(.myopicCrescent) { continue }
      guard let (inside, around) = greens(sample, kind) else { continue }
      let isRight = kind == .haemorrhages ? inside < around * 0.99 : inside > around * 1.01
      #expect(isRight, "\(sample.id): \(kind) \(inside), around it \(around)")
      seen += 1
    }
    #expect(seen > 2)
  }

  @Test func surroundIsBlack() {
    for sample in samples {
      let pixels = sample.image.pixels
      // The corners never lie in the field.
      #expect(
        (0..<3).allSatisfy { pixels[$0] < 20 && pixels[pixels.count - 3 + $0] < 20 },
        "\(sample.id)"
      )
    }
  }

  /// A right eye's disc lies right of its fovea's side, a left eye's left of it.
  @Test func discsLieNasally() {
    for sample in samples {
      let disc = mask(sample, .disc)
      let columns = disc.indices.filter { disc[$0] }.map { $0 % Self.size }
      let mean = Double(columns.reduce(0, +)) / Double(max(columns.count, 1))
      #expect((mean > Double(Self.size) / 2) == (sample.eye == .right), "\(sample.id)")
    }
  }
}
