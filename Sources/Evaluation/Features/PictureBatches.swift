import Datasets
import Foundation
import Imaging
import Parallelism

/// Pictures of a data set, from files or drawn, as batches of a model's input.
struct PictureBatches {
  /// A batch: which of the pictures, and their floats.
  struct Batch {
    var indices: [Int]
    var pixels: [Float]
    var failures: [(index: Int, reason: String)]
  }

  private let sources: [ImageSource]
  private let collection: SyntheticCollection?
  private let preprocessing: Preprocessing
  private let batchSize: Int
  private let pool: WorkerPool

  /// Prepares to read pictures.
  ///
  /// - Parameters:
  ///   - sources: which pictures, in which order.
  ///   - collection: draws those that are drawn.
  ///   - preprocessing: how each becomes a model's input.
  ///   - batchSize: how many a batch has at most.
  ///   - pool: reads and draws them.
  init(
    _ sources: [ImageSource],
    collection: SyntheticCollection?,
    preprocessing: Preprocessing,
    batchSize: Int,
    pool: WorkerPool
  ) {
    self.sources = sources
    self.collection = collection
    self.preprocessing = preprocessing
    self.batchSize = batchSize
    self.pool = pool
  }

  /// Calls `body` with each batch, files first.
  ///
  /// - Parameter body: receives a batch.
  func forEach(_ body: (Batch) -> Void) {
    let files = sources.enumerated().compactMap { index, source -> (Int, URL)? in
      if case .file(let url) = source { (index, url) } else { nil }
    }
    var loader = ImageLoader(
      files.map { ImageLoader.Source(identifier: String($0.0), url: $0.1) },
      preprocessing: preprocessing,
      batchSize: batchSize,
      pool: pool
    )
    loader.forEachBatch { batch in
      body(
        Batch(
          indices: batch.indices.map { files[$0].0 },
          pixels: batch.pixels,
          failures: batch.failures.map { (files[$0.index].0, "\($0.error)") }
        )
      )
    }
    let drawn = sources.enumerated().compactMap { index, source -> (Int, Int)? in
      if case .synthetic(let number) = source { (index, number) } else { nil }
    }
    guard let collection else { return }
    let preprocessor = Preprocessor(preprocessing)
    for start in stride(from: 0, to: drawn.count, by: batchSize) {
      let part = Array(drawn[start..<min(start + batchSize, drawn.count)])
      let drawings = pool.mapChunks(of: part.count, grain: 1) { range in
        range.map { offset in
          let name = "drawn picture \(part[offset].1)"
          return Result {
            try preprocessor.pixels(of: collection.photograph(part[offset].1), name: name)
          }
        }
      }.flatMap(\.self)
      var batch = Batch(indices: [], pixels: [], failures: [])
      for ((index, _), drawing) in zip(part, drawings) {
        switch drawing {
        case .success(let pixels):
          batch.indices.append(index)
          batch.pixels += preprocessor.normalized(pixels)
        case .failure(let error):
          batch.failures.append((index, "\(error)"))
        }
      }
      body(batch)
    }
  }
}
