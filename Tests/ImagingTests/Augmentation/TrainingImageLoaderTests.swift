import Foundation
import Imaging
import Parallelism
import TestSupport
import Testing

@Suite struct TrainingImageLoaderTests {
  private static let preprocessing = Preprocessing(
    width: 20,
    height: 12,
    mean: [0.5, 0.4, 0.3],
    standardDeviation: [0.2, 0.3, 0.4]
  )

  /// Every 7th fixture file, two files that can't be read and a drawn picture.
  private static let pictures: [TrainingImageLoader.Picture] = {
    let folder = Fixtures.directory.appending(path: "Imaging/files")
    let names = ExpectedImages.shared.decoded.map(\.name).enumerated()
      .filter { $0.offset % 7 == 0 }.map(\.element)
    var pictures = (names.prefix(3) + ["missing-a"] + names.dropFirst(3) + ["missing-b"]).map {
      TrainingImageLoader.Picture.file(.init(identifier: $0, url: folder.appending(path: $0)))
    }
    pictures.append(.drawn(identifier: "drawn") { generatedImage(width: 41, height: 37) })
    return pictures
  }()

  private static let unreadable = [3, pictures.count - 2]

  private func loader(
    _ policy: AugmentationPolicy,
    seed: UInt64 = 5,
    threads: Int = 2,
    budget: Int = TrainingImageLoader.defaultMemoryBudget,
    preprocessing: Preprocessing = Self.preprocessing
  ) -> TrainingImageLoader {
    TrainingImageLoader(
      Self.pictures,
      preprocessing: preprocessing,
      policy: policy,
      seed: seed,
      pool: WorkerPool(threadCount: threads),
      memoryBudget: budget
    )
  }

  @Test(arguments: [
    Preprocessing.ResizeMode.stretch, .shortestSide(33), .foregroundCropPadSquare(threshold: 10),
  ])
  func withoutAPolicyThePixelsAreTheImageLoaders(_ mode: Preprocessing.ResizeMode) throws {
    var preprocessing = Self.preprocessing
    preprocessing.resizeMode = mode
    let sources = Self.pictures.compactMap { picture -> ImageLoader.Source? in
      if case .file(let source) = picture { source } else { nil }
    }
    var plain = ImageLoader(
      sources,
      preprocessing: preprocessing,
      batchSize: sources.count,
      pool: WorkerPool(threadCount: 1)
    )
    let next = plain.next()
    let expected = try #require(next)
    let training = TrainingImageLoader(
      sources,
      preprocessing: preprocessing,
      policy: .none,
      seed: 1,
      pool: WorkerPool(threadCount: 2)
    )
    for epoch in 0..<2 {
      let batch = training.batch(epoch: epoch, samples: Array(sources.indices))
      #expect(batch.indices == expected.indices && batch.pixels == expected.pixels)
      #expect(batch.failures == (epoch == 0 ? expected.failures : []))
    }
    #expect(training.failures == expected.failures)
  }

  /// Threads, budget, order, batch size and history have no part in a sample's pixels.
  @Test(arguments: [1, 4], [0, 5000, 1 << 30])
  func bitsDependOnTheSampleAlone(_ threads: Int, _ budget: Int) {
    let all = Array(Self.pictures.indices)
    let size = Self.preprocessing.sampleCount
    for policy in AugmentationPolicy.named.values {
      let reference = loader(policy, threads: 1).batch(epoch: 3, samples: all)
      let other = loader(policy, threads: threads, budget: budget)
      _ = other.batch(epoch: 2, samples: Array(all.prefix(5)))
      for start in stride(from: 0, to: all.count, by: 4) {
        let samples = Array(all[start..<min(start + 4, all.count)].reversed())
        let batch = other.batch(epoch: 3, samples: samples)
        #expect(batch.indices == samples.filter { !Self.unreadable.contains($0) })
        for (row, index) in batch.indices.enumerated() {
          let place = reference.indices.firstIndex(of: index) ?? 0
          #expect(
            batch.pixels[row * size..<(row + 1) * size]
              == reference.pixels[place * size..<(place + 1) * size],
            "sample \(index)"
          )
        }
      }
      #expect(other.keptBytes <= budget)
    }
  }

  @Test func seedsEpochsSamplesAndRepetitionsDiffer() {
    let drawn = Self.pictures.count - 1
    func pixels(_ seed: UInt64, _ epoch: Int, _ repetition: Int?) -> [Float] {
      loader(.light, seed: seed).batch(
        epoch: epoch,
        samples: [drawn],
        repetitions: repetition.map { [$0] }
      ).pixels
    }
    let first = pixels(1, 0, nil)
    #expect(first == pixels(1, 0, 0))
    #expect(first != pixels(2, 0, nil))
    #expect(first != pixels(1 << 32 | 1, 0, nil))
    #expect(first != pixels(1, 1, nil))
    #expect(first != pixels(1, 0, 1))
    let twins = TrainingImageLoader(
      Array(repeating: Self.pictures[drawn], count: 2),
      preprocessing: Self.preprocessing,
      policy: .light,
      seed: 1,
      pool: WorkerPool(threadCount: 1)
    ).batch(epoch: 0, samples: [0, 1]).pixels
    let size = Self.preprocessing.sampleCount
    #expect(twins[..<size] != twins[size...])
  }

  @Test func unreadableFilesAreNamedOnceAndTheRestIsThere() throws {
    let loader = loader(.light)
    let (first, second) = (Self.unreadable[0], Self.unreadable[1])
    let batch = loader.batch(epoch: 0, samples: [1, first, 2, first])
    #expect(batch.indices == [1, 2])
    #expect(batch.pixels.count == 2 * Self.preprocessing.sampleCount)
    #expect(batch.failures.map(\.index) == [first])
    let error = try #require(batch.failures.first?.error)
    #expect(error.reason == .notFound && error.path.hasSuffix("missing-a"))
    #expect(loader.batch(epoch: 1, samples: [first]).failures.isEmpty)
    let last = loader.batch(epoch: 1, samples: [second, first])
    #expect(last.indices.isEmpty && last.pixels.isEmpty)
    #expect(last.failures.map(\.index) == [second])
    #expect(loader.failures.map(\.index) == [first, second])
  }

  @Test func imagesAreKeptUpToTheBudget() {
    let all = Array(Self.pictures.indices)
    let image = 20 * 12 * 3
    let three = loader(.none, budget: 3 * image + 1)
    _ = three.batch(epoch: 0, samples: all)
    #expect(three.keptBytes == 3 * image)
    let none = loader(.none, budget: image - 1)
    _ = none.batch(epoch: 0, samples: all)
    #expect(none.keptBytes == 0)
    let whole = loader(.none)
    _ = whole.batch(epoch: 0, samples: all + all)
    #expect(whole.keptBytes == (all.count - Self.unreadable.count) * image)
  }
}
