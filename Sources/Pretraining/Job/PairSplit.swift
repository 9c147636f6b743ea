package import Imaging
package import Tokenization

/// The pairs of one split, ready for the encoders.
package struct PairSplit {
  /// The images.
  package let images: TrainingImageLoader
  /// The findings of each report, as queues keep them.
  package let labelRows: [[Bool]]
  /// The findings of each report, as losses compare them.
  package let labels: LabelMatrix
  /// How many findings the table knows.
  package let labelCount: Int
  private let tokens: TokenBatch

  /// Puts a split together.
  ///
  /// - Parameters:
  ///   - images: N images.
  ///   - reports: N reports without their eye marks.
  ///   - labels: the findings of each report.
  ///   - findingCount: how many findings the table knows.
  ///   - tokenizer: cuts reports into tokens.
  package init(
    _ images: TrainingImageLoader,
    reports: [String],
    labels: [[Bool]],
    findingCount: Int,
    tokenizer: CLIPTextTokenizer
  ) {
    precondition(
      images.count == reports.count && labels.count == reports.count,
      "\(images.count) images, \(reports.count) reports and \(labels.count) labels"
    )
    self.images = images
    labelRows = labels
    self.labels = LabelMatrix(labels, columns: findingCount)
    labelCount = findingCount
    tokens = tokenizer.encode(reports)
  }

  /// How many pairs there are.
  package var count: Int { images.count }

  /// The pictures that were asked for and can't be read.
  package var unreadable: [UnreadablePicture] { images.failures.map { .init($0.error) } }

  /// What is wrong with each picture that was asked for and can't be read, with its name.
  package var unreadablePictures: [String] { unreadable.map(\.description) }

  /// How many reports had more tokens than fit.
  package var truncatedCount: Int { tokens.truncated.count }

  /// Loads pairs.
  ///
  /// - Parameters:
  ///   - samples: which.
  ///   - epoch: which epoch, from 0.
  ///   - repetitions: how often the epoch has shown each of them before.
  /// - Returns: the pairs, and which they are: those without pictures that can't be read.
  package func pairs(
    _ samples: [Int],
    epoch: Int,
    repetitions: [Int]? = nil
  ) -> (indices: [Int], pairs: EncodedPairs) {
    let loaded = images.batch(
      epoch: epoch,
      samples: samples,
      repetitions: repetitions ?? samples.map { _ in 0 }
    )
    return (
      loaded.indices,
      EncodedPairs(
        count: loaded.indices.count,
        pixels: loaded.pixels,
        height: images.preprocessing.height,
        width: images.preprocessing.width,
        ids: loaded.indices.flatMap { tokens.row($0) },
        lengths: loaded.indices.map { tokens.lengths[$0] }
      )
    )
  }
}
