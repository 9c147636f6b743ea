import Autograd
import Layers
import Metrics
package import Models
import Results
package import Tensors
package import Tokenization
package import Training

/// How good an encoder of images and texts is on pairs that it didn't learn from.
///
/// Two measures: how often a report is found for its photograph, and a photograph for its report, among
/// a batch (recall at 1); and how well a finding's name ranks photographs with it above those without
/// (zero-shot AUC, the mean over findings that some reports state and others don't).
package final class PretrainingValidation {
  /// A finding and how it is called.
  package struct FindingName: Sendable {
    /// Its name in tables.
    package var name: String
    /// The text that it is asked for with.
    package var prompt: String

    /// States a finding's name.
    ///
    /// - Parameters:
    ///   - name: its name in tables.
    ///   - prompt: the text that it is asked for with.
    package init(name: String, prompt: String) {
      self.name = name
      self.prompt = prompt
    }
  }

  /// What a validation measured.
  package struct Scores: Codable, Equatable, Sendable {
    /// How often a photograph's own report is the nearest of its batch, in 0...1.
    package var imageToText: Double
    /// How often a report's own photograph is the nearest of its batch, in 0...1.
    package var textToImage: Double
    /// Among how many pairs a report or a photograph is looked for: the mean over batches.
    package var batch: Double
    /// The mean zero-shot AUC over findings; nil where no finding has one.
    package var zeroShotAUC: Double?
    /// How many findings have an AUC.
    package var findingCount: Int
  }

  private let pairs: PairSplit
  private let findings: [FindingName]
  private let prompts: TokenBatch
  private let batch: Int
  private let observe: (Scores) throws -> Void

  /// Prepares a validation.
  ///
  /// - Parameters:
  ///   - pairs: the pairs, their images unchanged.
  ///   - findings: the findings, in the order of the pairs' labels.
  ///   - tokenizer: cuts prompts into tokens.
  ///   - batch: among how many pairs recall is measured, at least 2; batches are about the same size.
  ///   - observe: is told each validation's scores.
  /// - Throws: ``PretrainingError`` for too few pairs.
  package init(
    _ pairs: PairSplit,
    findings: [FindingName],
    tokenizer: CLIPTextTokenizer,
    batch: Int,
    observe: @escaping (Scores) throws -> Void = { _ in }
  ) throws {
    guard pairs.count >= 2 else {
      throw PretrainingError(
        .tooFewPairs(split: "validation", found: pairs.count, needed: 2, unreadable: [])
      )
    }
    self.pairs = pairs
    self.findings = findings
    self.batch = batch
    self.observe = observe
    prompts = tokenizer.encode(findings.map(\.prompt))
  }

  /// The score that chooses the epoch: the zero-shot AUC, or where there is none the recall.
  package func score(of model: Model, on device: Device) throws -> ValidationScore {
    let scores: Scores
    do {
      scores = try self.scores(of: model, on: device)
    } catch let error as PretrainingError {
      // The next step will say which tensor it began in.
      guard case .nonFiniteFeatures = error.reason else { throw error }
      return ValidationScore(undefined: "zero-shot macro AUC", "\(error)", higherIsBetter: true)
    }
    try observe(scores)
    guard let area = scores.zeroShotAUC else {
      return ValidationScore(
        "recall@1",
        (scores.imageToText + scores.textToImage) / 2,
        higherIsBetter: true
      )
    }
    return ValidationScore("zero-shot macro AUC", area, higherIsBetter: true)
  }

  /// Measures a model.
  ///
  /// - Parameters:
  ///   - model: with a text encoder.
  ///   - device: where it runs.
  /// - Returns: what was measured.
  /// - Throws: ``PretrainingError`` where features aren't finite; `MetricsError`.
  package func scores(of model: Model, on device: Device) throws -> Scores {
    guard let text = model.text else {
      throw PretrainingError(.noTextEncoder(architecture: model.architecture.name))
    }
    let executor = InferenceExecutor(on: device)
    let names =
      findings.isEmpty
      ? Tensor([], shape: [0, model.image.width(of: .projected)], on: device)
      : text.features(ids: prompts.ids, lengths: prompts.lengths, on: executor)
        .normalized(on: device)
    var (found, asked, batches, counted) = ([0, 0], 0, 0, [Int]())
    var cosines: [Double] = []
    for range in PairEncoder.chunks(of: pairs.count, size: batch) {
      let (indices, loaded) = pairs.pairs(Array(range), epoch: 0)
      guard loaded.count > 0 else { continue }
      let (images, texts) = PairEncoder(chunk: nil)
        .features(of: loaded, model, on: executor)
      let tape = Tape(on: device)
      let similarities = tape.matrixProduct(Variable(images), Variable(texts)).value.elements
      let named = tape.matrixProduct(Variable(images), Variable(names)).value.elements
      guard similarities.allSatisfy(\.isFinite), named.allSatisfy(\.isFinite) else {
        throw PretrainingError(
          .nonFiniteFeatures(detail: "validation pair \(indices[0]) or a later one of its batch")
        )
      }
      cosines += named.map(Double.init)
      counted += indices
      // A batch of one has nothing to confuse.
      guard loaded.count > 1 else { continue }
      let hits = Self.hits(similarities, count: loaded.count)
      found = [found[0] + hits.rows, found[1] + hits.columns]
      asked += loaded.count
      batches += 1
    }
    guard asked > 0 else {
      throw PretrainingError(
        .tooFewPairs(
          split: "validation",
          found: counted.count,
          needed: 2,
          unreadable: pairs.unreadablePictures
        )
      )
    }
    let areas = try areas(cosines, of: counted)
    return Scores(
      imageToText: Double(found[0]) / Double(asked),
      textToImage: Double(found[1]) / Double(asked),
      batch: Double(asked) / Double(batches),
      zeroShotAUC: areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count),
      findingCount: areas.count
    )
  }

  /// How many rows, and columns, have their largest element on the diagonal; ties don't count.
  package static func hits(_ similarities: [Float], count: Int) -> (rows: Int, columns: Int) {
    func isLargest(_ own: Int, _ others: (Int) -> Int) -> Bool {
      (0..<count).allSatisfy {
        others($0) == own || similarities[others($0)] < similarities[own]
      }
    }
    let rows = (0..<count).count { row in isLargest(row * count + row) { row * count + $0 } }
    let columns = (0..<count).count { row in isLargest(row * count + row) { $0 * count + row } }
    return (rows, columns)
  }

  /// The AUC of each finding that some of the pairs have and others don't.
  private func areas(_ cosines: [Double], of indices: [Int]) throws -> [Double] {
    guard !findings.isEmpty else { return [] }
    let predictions = try MultilabelPredictions(
      scores: cosines,
      labels: indices.flatMap { pairs.labelRows[$0] },
      classNames: findings.map(\.name)
    )
    return multilabelAUROC(predictions).perClass.compactMap(\.number)
  }
}
