import Datasets
import Imaging
import Parallelism
import Testing

@Suite("Synthetic fundus collection")
struct SyntheticCollectionTests {
  /// FNV-1a over the pixels and the masks.
  private func checksum(_ samples: [SyntheticSample]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for sample in samples {
      for byte in sample.image.pixels { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      for (_, mask) in sample.masks.sorted(by: { $0.key < $1.key }) {
        for value in mask { hash = (hash ^ UInt64(value)) &* 0x100_0000_01b3 }
      }
    }
    return hash
  }

  @Test func bitsDoNotDependOnThreads() {
    let collection = SyntheticCollection(seed: 3, count: 12, size: 72)
    let alone = collection.samples(0..<12, on: WorkerPool(threadCount: 1))
    let together = collection.samples(0..<12, on: WorkerPool(threadCount: 4))
    #expect(alone == together)
    #expect(alone[7] == collection.sample(7))
  }

  /// Kept photographs are those of the sample, of this collection and of no other.
  @Test func photographsAreThoseOfSamples() {
    let collections = [
      SyntheticCollection(seed: 3, count: 6, size: 48),
      SyntheticCollection(seed: 4, count: 6, size: 48),
      SyntheticCollection(seed: 3, count: 6, size: 56),
      SyntheticCollection(seed: 3, count: 6, size: 48, difficulty: 0.1),
      SyntheticCollection(seed: 3, count: 6, size: 48, healthy: 1),
      SyntheticCollection(seed: 3, count: 5, size: 48),
    ]
    let pool = WorkerPool(threadCount: 3)
    for round in 0..<2 {
      for collection in collections {
        let images = pool.mapChunks(of: 15, grain: 1) { collection.photograph($0.lowerBound % 5) }
        let samples = collection.samples(0..<5, on: pool).map(\.image)
        #expect(images == samples + samples + samples, "round \(round)")
      }
    }
  }

  @Test func keptPhotographsStayWithinTheBudget() {
    let collection = SyntheticCollection(seed: 3, count: 6, size: 48)
    let kept = DrawnPhotographs(memoryBudget: 2 * 48 * 48 * 3 + 1)
    var drawn: [Int] = []
    func photograph(_ index: Int) -> ImageBuffer {
      kept.photograph(DrawnPhotographs.Key(index, of: collection)) {
        drawn.append(index)
        return collection.sample(index).image
      }
    }
    for index in [0, 1, 2, 0, 1, 2, 2] {
      #expect(photograph(index) == collection.sample(index).image)
    }
    #expect(drawn == [0, 1, 2, 2, 2])
    #expect(kept.keptBytes == 2 * 48 * 48 * 3)
  }

  /// The bits of version 1: whoever changes them raises `SyntheticCollection.version`.
  @Test func bitsStayAsTheyWere() {
    let collection = SyntheticCollection(seed: 5, count: 16, size: 96)
    let samples = collection.samples(0..<16, on: WorkerPool(threadCount: 2))
    #expect(SyntheticCollection.version == 1)
    #expect(checksum(samples) == 13_823_103_270_964_486_866)
    let report =
      "右眼：视乳头界清，杯盘比增大，C/D约0.6；黄斑中心凹反光存在；后极部视网膜无明显出血、渗出及微动脉瘤。"
      + "考虑青光眼，建议查视野及眼压。"
    #expect(samples[0].report == report)
  }

  /// Diseases keep their proportions, and what is not said changes nothing.
  @Test func healthySharesAreKept() {
    func shares(_ collection: SyntheticCollection) -> [SyntheticGrade: Double] {
      let grades = (0..<2000).map { collection.record($0).grade }
      return Dictionary(grouping: grades, by: \.self).mapValues { Double($0.count) / 2000 }
    }
    let usual = SyntheticCollection(seed: 9, count: 2000, size: 64)
    let stated = SyntheticCollection(seed: 9, count: 2000, size: 64, healthy: 0.22)
    #expect(usual.record(17) == stated.record(17))
    // Of ill patients 12 % of the eyes are normal.
    let screened = shares(SyntheticCollection(seed: 9, count: 2000, size: 64, healthy: 0.6))
    #expect(abs((screened[.normal] ?? 0) - 0.648) < 0.04)
    #expect(abs((screened[.diabeticRetinopathy] ?? 0) - 0.88 * 0.4 * 0.3 / 0.78) < 0.03)
    #expect(shares(SyntheticCollection(seed: 9, count: 2000, size: 64, healthy: 1)) == [.normal: 1])
    let ill = shares(SyntheticCollection(seed: 9, count: 2000, size: 64, healthy: 0))
    #expect(abs((ill[.normal] ?? 0) - 0.12) < 0.03)
  }

  @Test func seedsGiveDifferentPictures() {
    let first = SyntheticCollection(seed: 1, count: 1, size: 48).sample(0)
    let second = SyntheticCollection(seed: 2, count: 1, size: 48).sample(0)
    #expect(first.image != second.image)
  }

  @Test(arguments: [33, 97, 224, 301])
  func sizesMayBeOdd(size: Int) {
    let sample = SyntheticCollection(seed: 4, count: 3, size: size).sample(2)
    #expect(sample.image.width == size && sample.image.height == size)
    #expect(sample.image.pixels.count == size * size * 3)
    #expect(sample.masks.count == SyntheticMask.allCases.count)
    #expect(sample.masks.values.allSatisfy { $0.count == size * size })
  }

  @Test func absurdSizesAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = SyntheticCollection(count: 1, size: 8) }
    await #expect(processExitsWith: .failure) { _ = SyntheticCollection(count: -1) }
    await #expect(processExitsWith: .failure) { _ = SyntheticCollection(count: 2).record(2) }
  }

  @Test func recordsDoNotDependOnSizes() {
    let small = SyntheticCollection(seed: 9, count: 40, size: 32)
    let large = SyntheticCollection(seed: 9, count: 60, size: 512)
    for index in 0..<40 { #expect(small.record(index) == large.record(index)) }
    #expect(small.sample(11).record == large.record(11))
  }

  @Test func patientsStayInOneSplit() {
    let collection = SyntheticCollection(seed: 6, count: 401)
    var splits: [String: Set<SyntheticSplit>] = [:]
    var eyes: [String: [SyntheticEye]] = [:]
    for index in 0..<collection.count {
      let record = collection.record(index)
      splits[record.patient, default: []].insert(record.split)
      eyes[record.patient, default: []].append(record.eye)
    }
    #expect(splits.count == 201)
    #expect(splits.values.allSatisfy { $0.count == 1 })
    #expect(eyes["P00000"] == [.right, .left])
    #expect(eyes["P00200"] == [.right])
    let sizes = SyntheticSplit.allCases.map { collection.indices(of: $0).count }
    #expect(sizes.reduce(0, +) == 401)
    #expect(sizes[0] == 240 || sizes[0] == 241)
    #expect(sizes[1] == 80 || sizes[1] == 81)
    for split in SyntheticSplit.allCases {
      #expect(collection.indices(of: split).allSatisfy { collection.record($0).split == split })
    }
  }

  @Test func everyLabelAndGradeOccurs() {
    let collection = SyntheticCollection(count: 1000)
    let records = (0..<1000).map(collection.record)
    for finding in SyntheticFinding.allCases {
      let count = records.count { $0.findings.contains(finding) }
      #expect(count >= 50 && count <= 500, "\(finding): \(count) of 1000")
    }
    for grade in SyntheticGrade.allCases {
      let count = records.count { $0.grade == grade }
      #expect(count >= 100 && count <= 400, "\(grade): \(count) of 1000")
    }
  }

  @Test func labelsAgreeWithGrades() {
    let collection = SyntheticCollection(seed: 12, count: 2000)
    for index in 0..<2000 {
      let record = collection.record(index)
      #expect(!record.findings.isEmpty)
      #expect(record.labels.count == 10 && record.labels.contains(true))
      #expect(record.findings.contains(.largeCup) == (record.cupToDiscRatio >= 0.6))
      if record.findings.contains(.normal) {
        #expect(record.grade == .normal, "\(record.id): normal and \(record.grade)")
        #expect(record.findings.isSubset(of: [.normal, .blur]))
      }
      switch record.grade {
      case .normal: #expect(!record.findings.contains(.haemorrhage))
      case .diabeticRetinopathy: #expect(record.findings.contains(.microaneurysm))
      case .macularDegeneration: #expect(record.findings.contains(.drusen))
      case .glaucoma: #expect(record.findings.contains(.largeCup))
      case .myopia: #expect(!record.findings.isDisjoint(with: [.myopicCrescent, .tessellation]))
      }
    }
  }
}
