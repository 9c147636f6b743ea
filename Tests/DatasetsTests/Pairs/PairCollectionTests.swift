import Datasets
import Foundation
import Imaging
import Parallelism
import Testing

@Suite("Collections of pairs")
struct PairCollectionTests {
  private let drawn = SyntheticCollection(seed: 5, count: 41, size: 32, difficulty: 0.5)

  @Test("Drawn pairs follow the generator, with both eyes of a patient in one split")
  func synthetic() throws {
    let collection = PairCollection.synthetic(drawn)
    #expect(collection.pairs.count == 41)
    for pair in collection.pairs {
      guard case .synthetic(let index) = pair.image else {
        Issue.record("\(pair.id) is a file")
        continue
      }
      let record = drawn.record(index)
      #expect(pair.id == record.id)
      #expect(pair.rawReport == record.report)
      #expect(pair.report == String(record.report.dropFirst(3)))
      #expect(pair.labels == nil)
    }
    let bySplit = Dictionary(grouping: collection.pairs) { $0.group ?? "" }
      .mapValues { Set($0.map(\.split)) }
    #expect(bySplit.count == 21)
    #expect(bySplit.values.allSatisfy { $0.count == 1 })
    let splits = try collection.splits()
    #expect(splits.validationOrigin == .makers)
    let sorted = (splits.train + splits.validation + splits.test).sorted()
    #expect(sorted == Array(0..<41))
  }

  @Test("Threads and labels change nothing else; the generator's facts change the identity")
  func syntheticIdentity() {
    let plain = PairCollection.synthetic(drawn)
    let labelled = PairCollection.synthetic(drawn, on: WorkerPool(threadCount: 3), isLabelled: true)
    #expect(labelled.identity == plain.identity)
    #expect(labelled.pairs.map(\.report) == plain.pairs.map(\.report))
    let truth = drawn.record(0)
    let pair = labelled.pairs.first { $0.id == truth.id }
    #expect(pair?.labels?.count == SyntheticFinding.allCases.count)
    #expect(
      pair?.labels?.filter(\.value).map(\.key).sorted() == truth.findings.map(\.rawValue).sorted()
    )
    let others = [
      SyntheticCollection(seed: 6, count: 41, size: 32, difficulty: 0.5),
      SyntheticCollection(seed: 5, count: 40, size: 32, difficulty: 0.5),
      SyntheticCollection(seed: 5, count: 41, size: 33, difficulty: 0.5),
      SyntheticCollection(seed: 5, count: 41, size: 32, difficulty: 0.4),
    ].map { PairCollection.synthetic($0).identity }
    #expect(Set(others + [plain.identity]).count == 5)
  }

  @Test("A loader takes the pictures as they are")
  func pictures() throws {
    let pool = WorkerPool(threadCount: 2)
    let preprocessing = Preprocessing(
      width: 20,
      height: 24,
      mean: [0.5, 0.4, 0.3],
      standardDeviation: [0.2, 0.3, 0.4]
    )
    let collection = PairCollection.synthetic(drawn)
    let loader = TrainingImageLoader(
      collection.pictures,
      preprocessing: preprocessing,
      policy: .none,
      seed: 1,
      pool: pool
    )
    let batch = loader.batch(epoch: 0, samples: [7, 2])
    let preprocessor = Preprocessor(preprocessing)
    let wanted = try [7, 2].flatMap { index in
      guard case .synthetic(let number) = collection.pairs[index].image else { return [Float]() }
      return preprocessor.normalized(try preprocessor.pixels(of: drawn.sample(number).image))
    }
    #expect(batch.pixels == wanted)
  }

  @Test("Files are loaded under their names; a broken one is named")
  func files() throws {
    let folder = try TemporaryFolder()
    try folder.write("no image", "images/b.png")
    let file = folder.url.appending(path: "images/a.png").path(percentEncoded: false)
    try PNGWriter.write(drawn.sample(0).image, to: file, compressionLevel: 1)
    let table = try folder.write("image,report\na,出血\nb,渗出\n", "pairs.csv")
    let collection = try PairCollection.reading(
      table: table,
      images: folder.url.appending(path: "images")
    )
    let loader = TrainingImageLoader(
      collection.pictures,
      preprocessing: .vilref,
      policy: .none,
      seed: 1,
      pool: WorkerPool(threadCount: 1)
    )
    let batch = loader.batch(epoch: 0, samples: [0, 1])
    #expect(batch.indices == [0])
    #expect(batch.failures.count == 1)
  }

  /// 30 pairs of 10 patients and 5 without one, all to be divided.
  private var undivided: PairCollection {
    let grouped = (0..<30).map {
      ReportPair(id: "p\($0)", image: .synthetic(index: $0), rawReport: "出血", group: "\($0 % 10)")
    }
    let alone = (30..<35).map {
      ReportPair(id: "p\($0)", image: .synthetic(index: $0), rawReport: "出血")
    }
    return PairCollection(name: "undivided", pairs: grouped + alone)
  }

  @Test("A share of whole groups validates where no split is named", arguments: [0.05, 0.2, 0.5])
  func division(_ share: Double) throws {
    let collection = undivided
    let splits = try collection.splits(validationShare: share, seed: 3)
    let all = (splits.train + splits.validation).sorted()
    #expect(all == Array(0..<35))
    #expect(splits.test.isEmpty)
    #expect(abs(Double(splits.validation.count) - share * 35) <= 3)
    let groups = { (indices: [Int]) in Set(indices.compactMap { collection.pairs[$0].group }) }
    #expect(groups(splits.train).isDisjoint(with: groups(splits.validation)))
    #expect(splits.validationOrigin == .made(share: share, seed: 3))
    #expect(try collection.splits(validationShare: share, seed: 3) == splits)
    let others = try (4..<9).map { try collection.splits(validationShare: share, seed: $0) }
    #expect(others.contains { $0.validation != splits.validation })
  }

  @Test("A division that would leave nothing is refused", arguments: [0, 1, -0.1, 0.999, .nan])
  func impossible(_ share: Double) {
    #expect(throws: DatasetsError.self) { try undivided.splits(validationShare: share) }
  }

  @Test("Pairs of test never train, and validation alone can't")
  func namedSplits() throws {
    let pairs = ["train", "test", "train", "train"].enumerated().map { index, split in
      ReportPair(id: "\(index)", image: .synthetic(index: index), rawReport: "出血", split: split)
    }
    let splits = try PairCollection(name: "x", pairs: pairs).splits(validationShare: 0.4)
    #expect(splits.test == [1])
    #expect(splits.validation.count == 1)
    let validating = pairs.map {
      ReportPair(id: $0.id, image: $0.image, rawReport: "出血", split: "validation")
    }
    #expect(throws: DatasetsError.self) {
      try PairCollection(name: "x", pairs: validating).splits()
    }
  }
}
