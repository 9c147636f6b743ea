import Datasets
package import Metrics
import Models
import Parallelism

/// Which candidates of a query are right.
package enum RetrievalMatch: String, Sendable, CaseIterable {
  /// The pair's own partner alone.
  case exactPair = "exact-pair"
  /// Each candidate whose text, its leading eye mark aside, is the query's: "正常眼底" is written often.
  case sameText = "same-text"
}

/// How images are searched by texts and texts by images.
package struct RetrievalSettings: Equatable, Sendable {
  /// Which candidates are right.
  package var match: RetrievalMatch
  /// How candidates of one similarity are counted.
  package var ties: RetrievalTies

  /// The usual settings: the pair's own partner, last among equals.
  ///
  /// - Parameters:
  ///   - match: which candidates are right.
  ///   - ties: how candidates of one similarity are counted.
  package init(match: RetrievalMatch = .exactPair, ties: RetrievalTies = .pessimistic) {
    self.match = match
    self.ties = ties
  }
}

/// N reports as a text encoder sees them: each text once.
struct EncodedReports {
  /// For each of the N reports the number of its text; equal texts have equal numbers.
  let numbers: [Int]
  /// U texts, in the order in which they first appear.
  let texts: [String]
  /// U × `width` features as the model gives them.
  let features: [Float]
  /// How many numbers a feature has.
  let width: Int

  /// Encodes reports.
  ///
  /// Equal texts share their features' bits, so that they tie.
  ///
  /// - Parameters:
  ///   - reports: N texts, at least one.
  ///   - bundle: the model.
  /// - Throws: `ModelsError` without a text encoder or vocabulary; `EvaluationError` where it gives
  ///   no numbers.
  init(_ reports: [String], _ bundle: ModelBundle) throws {
    var known: [String: Int] = [:]
    var texts: [String] = []
    numbers = reports.map { report in
      if let number = known[report] { return number }
      known[report] = texts.count
      texts.append(report)
      return texts.count - 1
    }
    self.texts = texts
    features = try bundle.finiteFeatures(ofTexts: texts)
    width = features.count / max(texts.count, 1)
  }

  private init(numbers: [Int], texts: [String], features: [Float], width: Int) {
    self.numbers = numbers
    self.texts = texts
    self.features = features
    self.width = width
  }

  /// Some of the reports.
  ///
  /// - Parameter indices: which, each in `0..<N`.
  /// - Returns: the reports in that order; texts that none of them has stay.
  func selecting(_ indices: [Int]) -> EncodedReports {
    EncodedReports(
      numbers: indices.map { numbers[$0] },
      texts: texts,
      features: features,
      width: width
    )
  }

  /// The cosines of images with the reports.
  ///
  /// - Parameters:
  ///   - images: N features of `width` numbers, of any length.
  ///   - pool: one row per thread at a time.
  /// - Returns: N × N cosines, row-major: image i and report j at `i * N + j`. Reports of one text
  ///   have equal columns, bit for bit.
  func cosines(with images: [ArraySlice<Float>], on pool: WorkerPool) -> [Double] {
    let directions = texts.indices.map { text in
      unitLength(features[text * width..<(text + 1) * width].map(Double.init))
    }
    return pool.mapChunks(of: images.count, grain: 1) { range in
      range.flatMap { row in
        let image = unitLength(images[row].map(Double.init))
        let similarities = directions.map { text in
          var sum = 0.0
          for column in 0..<width { sum += image[column] * text[column] }
          return sum
        }
        return numbers.map { similarities[$0] }
      }
    }.flatMap(\.self)
  }
}
