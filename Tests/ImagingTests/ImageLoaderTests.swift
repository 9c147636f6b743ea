import Foundation
import Imaging
import Parallelism
import TestSupport
import Testing

@Suite struct ImageLoaderTests {
  private static let preprocessing = Preprocessing(
    width: 20,
    height: 12,
    mean: [0.5, 0.4, 0.3],
    standardDeviation: [0.2, 0.3, 0.4]
  )

  /// All fixture files, and among them three that can't be read.
  private func sources() -> [ImageLoader.Source] {
    let folder = Fixtures.directory.appending(path: "Imaging/files")
    var sources = ExpectedImages.shared.decoded.map {
      ImageLoader.Source(identifier: $0.name, url: folder.appending(path: $0.name))
    }
    for index in [0, 17, 100] {
      sources.insert(
        .init(identifier: "missing", url: folder.appending(path: "missing-\(index)")),
        at: index
      )
    }
    return sources
  }

  private func batches(threads: Int, batchSize: Int, budget: Int) -> [ImageLoader.Batch] {
    var loader = ImageLoader(
      sources(),
      preprocessing: Self.preprocessing,
      batchSize: batchSize,
      pool: WorkerPool(threadCount: threads),
      memoryBudget: budget
    )
    var batches: [ImageLoader.Batch] = []
    loader.forEachBatch { batches.append($0) }
    return batches
  }

  @Test func eachImageComesOnceAndInOrder() throws {
    let sources = sources()
    let preprocessor = Preprocessor(Self.preprocessing)
    let batches = batches(threads: 2, batchSize: 8, budget: 0)
    #expect(batches.count == (sources.count + 7) / 8)
    let failed = batches.flatMap(\.failures)
    #expect(failed.map(\.index) == [0, 17, 100])
    #expect(
      failed.allSatisfy { $0.error.reason == .notFound && $0.error.path.contains("missing-") }
    )
    let loaded = batches.flatMap(\.indices)
    #expect(loaded == sources.indices.filter { sources[$0].identifier != "missing" })
    for batch in batches {
      #expect(batch.indices.count + batch.failures.count <= 8)
      let expected = try batch.indices.flatMap { index in
        preprocessor.normalized(
          try preprocessor.pixels(ofFile: sources[index].url.path(percentEncoded: false))
        )
      }
      #expect(batch.pixels == expected)
    }
  }

  @Test(arguments: [0, 20 * 12 * 3 * 30, 1 << 26])
  func bitsDoNotDependOnThreadsOrBudget(_ budget: Int) {
    let reference = batches(threads: 1, batchSize: 7, budget: 1 << 26)
    let batches = batches(threads: 4, batchSize: 7, budget: budget)
    #expect(batches.map(\.indices) == reference.map(\.indices))
    #expect(batches.map(\.pixels) == reference.map(\.pixels))
    #expect(batches.map(\.failures) == reference.map(\.failures))
  }

  @Test func theWindowKeepsToItsBudget() {
    let image = Self.preprocessing.sampleCount
    func window(_ budget: Int) -> Int {
      ImageLoader(
        [],
        preprocessing: Self.preprocessing,
        batchSize: 4,
        pool: WorkerPool(threadCount: 1),
        memoryBudget: budget
      ).windowSize
    }
    #expect(window(0) == 4)
    #expect(window(image * 9) == 8)
    #expect(window(image * 12) == 12)
  }

  @Test func noImagesGiveNoBatch() {
    var loader = ImageLoader(
      [],
      preprocessing: .vilref,
      batchSize: 4,
      pool: WorkerPool(threadCount: 1)
    )
    #expect(loader.next() == nil)
  }

  @Test func theBenchmarkRuns() throws {
    let paths = ExpectedImages.files("jpeg-4").map {
      Fixtures.directory.appending(path: "Imaging/files/\($0.name)").path(percentEncoded: false)
    }
    let result = try DecodeBenchmark.run(paths: paths, threads: 2, repetitions: 3)
    #expect(result.seconds.count == 3 && result.images == 3)
    #expect(result.seconds.allSatisfy { $0 > 0 })
    #expect(throws: ImagingError.self) {
      try DecodeBenchmark.run(paths: paths + ["nowhere"], threads: 1, repetitions: 1)
    }
  }
}
