import Results

/// How a query's candidates of one similarity are counted.
package enum RetrievalTies: String, Sendable, CaseIterable {
  /// Wrong candidates come before right ones: a model that can't tell them apart gains nothing.
  case pessimistic
  /// The expected rank where candidates of one similarity stand in random order.
  case mean
}

/// How N images found their N texts, and the texts their images.
///
/// A query's rank is the place of its first right candidate among all N, from 1. Right is the pair's
/// own partner alone, or each candidate whose text is the same. With b wrong candidates that are more
/// similar than the most similar right one, t wrong and r right ones as similar as that, the rank is
/// `b + t + 1` (pessimistic) or `b + (t + r + 1) / (r + 1)` (mean: the expected least of r places
/// drawn out of t + r).
///
/// A bootstrap draws queries; the candidates stay the same N.
package struct RetrievalPredictions: Predictions {
  /// There are no classes.
  package let classNames: [String] = []
  /// How many pairs there are (N).
  package let sampleCount: Int
  /// How often each query counts; N numbers.
  package private(set) var multiplicities: [Int32]
  /// Each image's rank of its text; N numbers from 1.
  package let imageToText: [Double]
  /// Each text's rank of its image; N numbers from 1.
  package let textToImage: [Double]
  /// Whether each query has the same similarity to all candidates, and there are two or more.
  let isIndifferent: Bool

  private let imageOrder: [Int]
  private let textOrder: [Int]

  /// Ranks all candidates of all queries.
  ///
  /// - Parameters:
  ///   - similarities: N × N finite numbers, row-major: image i and text j at `i * N + j`.
  ///   - texts: for each of the N texts a number that equal texts share; nil where only the pair's
  ///     own partner is right.
  ///   - ties: how candidates of one similarity are counted.
  /// - Throws: `MetricsError` when lengths don't fit or a similarity is not finite.
  /// - Complexity: O(N²).
  package init(similarities: [Double], texts: [Int]?, ties: RetrievalTies) throws {
    let subject = "retrieval"
    let count = Int(Double(similarities.count).squareRoot().rounded())
    try requireCount(similarities.count, of: "similarities", expected: count * count, in: subject)
    try requireFinite(similarities, columns: max(count, 1), in: subject)
    if let texts { try requireCount(texts.count, of: "texts", expected: count, in: subject) }
    let rights = texts ?? Array(0..<count)
    imageToText = (0..<count).map { image in
      rank(rights, rights[image], ties) { similarities[image * count + $0] }
    }
    textToImage = (0..<count).map { text in
      rank(rights, rights[text], ties) { similarities[$0 * count + text] }
    }
    isIndifferent = count > 1 && similarities.allSatisfy { $0 == similarities[0] }
    sampleCount = count
    multiplicities = Array(repeating: 1, count: count)
    imageOrder = Self.order(imageToText)
    textOrder = Self.order(textToImage)
  }

  /// The same ranks, counted otherwise.
  ///
  /// - Parameter multiplicities: how often each query counts; N numbers, none negative.
  /// - Returns: predictions that share everything else with these.
  package func counted(_ multiplicities: [Int32]) -> RetrievalPredictions {
    requireMultiplicities(multiplicities, sampleCount)
    var copy = self
    copy.multiplicities = multiplicities
    return copy
  }

  private static func order(_ ranks: [Double]) -> [Int] {
    ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
  }
}

extension RetrievalPredictions: MeasurablePredictions {
  var support: [Int] { [] }

  var measurements: [Measurement] {
    [
      Measurement(.imageToTextRecallAt1, recall(imageToText, at: 1)),
      Measurement(.imageToTextRecallAt5, recall(imageToText, at: 5)),
      Measurement(.imageToTextRecallAt10, recall(imageToText, at: 10)),
      Measurement(.imageToTextMedianRank, median(imageToText, imageOrder)),
      Measurement(.textToImageRecallAt1, recall(textToImage, at: 1)),
      Measurement(.textToImageRecallAt5, recall(textToImage, at: 5)),
      Measurement(.textToImageRecallAt10, recall(textToImage, at: 10)),
      Measurement(.textToImageMedianRank, median(textToImage, textOrder)),
    ]
  }

  /// The share of queries whose rank is at most `limit`.
  private func recall(_ ranks: [Double], at limit: Int) -> MetricValue {
    guard sampleCount > limit else {
      return .undefined(
        reason: "with \(sampleCount) candidates, each is among the first \(limit)"
      )
    }
    var found = 0
    var total = 0
    for (rank, multiplicity) in zip(ranks, multiplicities) {
      total += Int(multiplicity)
      if rank <= Double(limit) { found += Int(multiplicity) }
    }
    return .ratio(found, total, orUndefined: "there is no query")
  }

  /// The median of ranks; of an even number of queries the mean of the two in the middle.
  private func median(_ ranks: [Double], _ order: [Int]) -> MetricValue {
    let total = multiplicities.reduce(0) { $0 + Int($1) }
    guard total > 0 else { return .undefined(reason: "there is no query") }
    let middle = [(total - 1) / 2, total / 2].map { place in
      var passed = 0
      let query = order.first { query in
        passed += Int(multiplicities[query])
        return passed > place
      }
      return query.map { ranks[$0] } ?? 0
    }
    return .value((middle[0] + middle[1]) / 2)
  }
}

/// The rank of a query's first right candidate.
///
/// - Parameters:
///   - numbers: each candidate's number.
///   - wanted: the number of the right ones; at least one candidate has it.
///   - ties: how candidates of one similarity are counted.
///   - similarity: of the query and a candidate.
/// - Returns: a number from 1.
private func rank(
  _ numbers: [Int],
  _ wanted: Int,
  _ ties: RetrievalTies,
  _ similarity: (Int) -> Double
) -> Double {
  var best = -Double.infinity
  for (candidate, number) in numbers.enumerated() where number == wanted {
    best = max(best, similarity(candidate))
  }
  var (better, tiedWrong, tiedRight) = (0, 0, 0)
  for (candidate, number) in numbers.enumerated() {
    let value = similarity(candidate)
    if value > best {
      better += 1
    } else if value == best {
      if number == wanted { tiedRight += 1 } else { tiedWrong += 1 }
    }
  }
  switch ties {
  case .pessimistic: return Double(better + tiedWrong + 1)
  case .mean: return Double(better) + Double(tiedWrong + tiedRight + 1) / Double(tiedRight + 1)
  }
}
