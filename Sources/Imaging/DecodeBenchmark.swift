import Parallelism
import Synchronization

/// Times how fast photographs become a model's input; `benchmarks/decode_resize.py` compares it with
/// Pillow.
package struct DecodeBenchmark: Sendable, Codable {
  /// The wall-clock time of each repetition over all images.
  package var seconds: [Double]
  /// How many images each repetition prepared.
  package var images: Int
  /// The variant of the resize that ran.
  package var kernel: String

  /// Reads, decodes, resizes (ViLReF's 224 × 224) and normalises every image, again and again.
  ///
  /// - Parameters:
  ///   - paths: the images; all must be readable.
  ///   - threads: how many threads work, at least 1.
  ///   - repetitions: how often all images are prepared, at least 1.
  /// - Returns: the times.
  /// - Throws: `ImagingError` of the first image, in order, that can't be read.
  package static func run(
    paths: [String],
    threads: Int,
    repetitions: Int
  ) throws -> DecodeBenchmark {
    let pool = WorkerPool(threadCount: threads)
    let preprocessor = Preprocessor(.vilref)
    var benchmark = DecodeBenchmark(
      seconds: [],
      images: paths.count,
      kernel: ResizeKernel.best.name
    )
    for _ in 0..<repetitions {
      let failure = Mutex<(index: Int, error: any Error)?>(nil)
      let start = ContinuousClock.now
      pool.forEach(paths.count) { index in
        do {
          let values = preprocessor.normalized(try preprocessor.pixels(ofFile: paths[index]))
          precondition(values.count == preprocessor.preprocessing.sampleCount)
        } catch {
          failure.withLock { first in
            if first.map({ index < $0.index }) ?? true { first = (index, error) }
          }
        }
      }
      benchmark.seconds.append((ContinuousClock.now - start) / .seconds(1))
      if let first = failure.withLock(\.self) { throw first.error }
    }
    return benchmark
  }
}
