package import Foundation
package import Parallelism

/// Reads, resizes and normalises images in batches, in order, on a worker pool.
///
/// A window of images is decoded ahead, many threads at once, and kept as 8-bit pixels; batches are
/// cut from it and normalised. Memory: at most `memoryBudget` for the window (but at least one batch),
/// plus one batch of floats, plus what each thread needs for the image under way (see
/// ``Preprocessor``). The batches are the same bits for any number of threads and any budget.
package struct ImageLoader: Sendable {
  /// An image to load.
  package struct Source: Sendable, Equatable {
    /// What the caller calls it; errors go by path.
    package var identifier: String
    /// The file.
    package var url: URL

    /// Names an image.
    ///
    /// - Parameters:
    ///   - identifier: what the caller calls it.
    ///   - url: the file.
    package init(identifier: String, url: URL) {
      self.identifier = identifier
      self.url = url
    }
  }

  /// Some consecutive images.
  package struct Batch: Sendable {
    /// Which of the sources `pixels` holds, ascending.
    package var indices: [Int]
    /// `indices.count × height × width × 3` normalised floats.
    package var pixels: [Float]
    /// Which of the sources could not be read, and why.
    package var failures: [Failure]
  }

  /// An image that could not be read.
  package struct Failure: Sendable, Equatable {
    /// Which of the sources.
    package var index: Int
    package var error: ImagingError
  }

  /// How large the window is where the caller doesn't say: 16 MiB, 111 images of 224 × 224.
  ///
  /// Larger ones keep threads busier at a window's end, and the first batch waiting longer.
  package static let defaultMemoryBudget = 16 << 20

  /// How many images a batch is cut from; fewer where some fail, and in the last batch.
  package let batchSize: Int
  /// How many images are decoded ahead.
  package let windowSize: Int

  private let sources: [Source]
  private let preprocessor: Preprocessor
  private let pool: WorkerPool
  private var window: [Result<[UInt8], ImagingError>] = []
  private var windowStart = 0
  private var position = 0

  /// Prepares to load images.
  ///
  /// - Parameters:
  ///   - sources: which images, in which order.
  ///   - preprocessing: how each becomes a model's input.
  ///   - batchSize: how many images a batch is cut from, at least 1.
  ///   - pool: decodes them.
  ///   - memoryBudget: how many bytes of 8-bit pixels are kept ahead.
  ///   - pixelLimit: how many pixels an image may have.
  package init(
    _ sources: [Source],
    preprocessing: Preprocessing,
    batchSize: Int,
    pool: WorkerPool,
    memoryBudget: Int = ImageLoader.defaultMemoryBudget,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) {
    precondition(batchSize >= 1, "a batch of \(batchSize) images")
    self.sources = sources
    self.batchSize = batchSize
    self.pool = pool
    preprocessor = Preprocessor(preprocessing, pixelLimit: pixelLimit)
    let batches = memoryBudget / (preprocessing.sampleCount * batchSize)
    windowSize = max(batches, 1) * batchSize
  }

  /// Loads the next batch.
  ///
  /// - Returns: the batch; nil when all images have been handed out.
  package mutating func next() -> Batch? {
    guard position < sources.count else { return nil }
    if position >= windowStart + window.count { decodeWindow() }
    let range = position..<min(position + batchSize, windowStart + window.count)
    position = range.upperBound
    var batch = Batch(indices: [], pixels: [], failures: [])
    var images: [[UInt8]] = []
    for index in range {
      switch window[index - windowStart] {
      case .success(let pixels):
        batch.indices.append(index)
        images.append(pixels)
      case .failure(let error):
        batch.failures.append(Failure(index: index, error: error))
      }
      window[index - windowStart] = .success([])  // its pixels are needed no longer
    }
    batch.pixels = normalized(images)
    return batch
  }

  /// Calls `body` with every batch that is left, in order.
  ///
  /// - Parameter body: receives a batch.
  /// - Throws: what `body` throws.
  package mutating func forEachBatch(_ body: (Batch) throws -> Void) rethrows {
    while let batch = next() { try body(batch) }
  }

  private mutating func decodeWindow() {
    let (start, count) = (position, min(windowSize, sources.count - position))
    let results = Monitor<[Result<[UInt8], ImagingError>]>(
      Array(repeating: .success([]), count: count)
    )
    let (sources, preprocessor) = (sources, preprocessor)
    pool.forEach(count) { offset in
      let path = sources[start + offset].url.path(percentEncoded: false)
      let result = Result { try preprocessor.pixels(ofFile: path) }.mapError { error in
        error as? ImagingError ?? ImagingError(.unreadable(detail: "\(error)"), path: path)
      }
      results.withLock { $0[offset] = result }
    }
    window = results.withLock { $0 }
    windowStart = start
  }

  private func normalized(_ images: [[UInt8]]) -> [Float] {
    let size = preprocessor.preprocessing.sampleCount
    let total = images.count * size
    return unsafe [Float](unsafeUninitializedCapacity: total) { values, count in
      let writes = unsafe DisjointWrites(UnsafeMutableBufferPointer(rebasing: values[..<total]))
      pool.forEach(images.count) { index in
        unsafe preprocessor.normalize(
          images[index],
          into: writes[index * size..<(index + 1) * size]
        )
      }
      count = total
    }
  }
}
