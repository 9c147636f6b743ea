import Layers
import Models
import Pretraining
import Tensors
import Testing
import Tokenization
import Training

/// What chooses an epoch: recall within batches, and the findings' zero-shot AUC.
struct PretrainingValidationTests {
  private let device = Device(threadCount: 2)

  @Test func aHitIsTheLargestOfItsRowOrColumn() {
    // Rows 0 and 2 are right; columns 0 and 1 are.
    let similarities: [Float] = [
      0.9, 0.1, 0.2,
      0.8, 0.7, 0.6,
      -0.3, 0.4, 0.5,
    ]
    #expect(PretrainingValidation.hits(similarities, count: 3) == (rows: 2, columns: 2))
    #expect(PretrainingValidation.hits([1, 2, 3, 4], count: 2) == (rows: 1, columns: 1))
    #expect(PretrainingValidation.hits([1, 0, 0, 1], count: 2) == (rows: 2, columns: 2))
  }

  @Test func tiesAndNumbersThatAreNoneAreNoHits() {
    #expect(PretrainingValidation.hits([1, 1, 0, 1], count: 2) == (rows: 1, columns: 1))
    #expect(PretrainingValidation.hits([1, 1, 1, 1], count: 2) == (rows: 0, columns: 0))
    #expect(PretrainingValidation.hits([.nan, 0, 0, .nan], count: 2) == (rows: 0, columns: 0))
  }

  private func cosine(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
    func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return product(one, other) / (product(one, one) * product(other, other)).squareRoot()
  }

  /// The share of pairs of one with and one without a finding that are in order.
  private func area(_ scores: [Double], _ labels: [Bool]) -> Double? {
    let with = scores.indices.filter { labels[$0] }
    let without = scores.indices.filter { !labels[$0] }
    guard !with.isEmpty, !without.isEmpty else { return nil }
    let ordered = with.reduce(0.0) { sum, one in
      sum + without.reduce(0.0) { $0 + (scores[one] > scores[$1] ? 1 : 0) }
    }
    return ordered / Double(with.count * without.count)
  }

  /// Seven pairs in batches of at most three: two, two and three.
  @Test func scoresAreThoseOfItsFeatures() throws {
    let pairs = try TinyPairs(on: device)
    let model = try pairs.model(seed: 21)
    let text = try #require(model.text)
    let split = pairs.split(7, from: 100)
    let loaded = split.pairs(Array(0..<7), epoch: 0).pairs
    let executor = InferenceExecutor(on: device)
    let pixels = Tensor(loaded.pixels, shape: [7, 15, 15, 3], on: device)
    let images = model.features(of: pixels, .projected, on: executor)[0].elements
    let texts = text.features(ids: loaded.ids, lengths: loaded.lengths, on: executor).elements
    let tokens = pairs.tokenizer.encode(TinyPairs.findings.map(\.prompt))
    let names = text.features(ids: tokens.ids, lengths: tokens.lengths, on: executor).elements
    func row(_ values: [Float], _ index: Int) -> ArraySlice<Float> {
      values[index * 7..<(index + 1) * 7]
    }
    var (toText, toImage) = (0, 0)
    for batch in [0..<2, 2..<4, 4..<7] {
      for own in batch {
        func isNearest(_ cosine: (Int) -> Double) -> Bool {
          batch.allSatisfy { $0 == own || cosine($0) < cosine(own) }
        }
        toText += isNearest { cosine(row(images, own), row(texts, $0)) } ? 1 : 0
        toImage += isNearest { cosine(row(images, $0), row(texts, own)) } ? 1 : 0
      }
    }
    let areas = (0..<3).compactMap { finding in
      area(
        (0..<7).map { cosine(row(images, $0), row(names, finding)) },
        split.labelRows.map { $0[finding] }
      )
    }
    var seen: [PretrainingValidation.Scores] = []
    let validation = try PretrainingValidation(
      split,
      findings: TinyPairs.findings,
      tokenizer: pairs.tokenizer,
      batch: 3,
      observe: { seen.append($0) }
    )
    let score = try validation.score(of: model, on: device)
    let scores = try #require(seen.first)
    #expect(seen.count == 1 && scores.batch == 7.0 / 3)
    #expect(scores.imageToText == Double(toText) / 7)
    #expect(scores.textToImage == Double(toImage) / 7)
    #expect(scores.findingCount == 3 && areas.count == 3)
    let mean = areas.reduce(0, +) / 3
    #expect(abs((scores.zeroShotAUC ?? 0) - mean) < 1e-12)
    #expect(score.name == "zero-shot macro AUC" && score.higherIsBetter)
    #expect(score.value == scores.zeroShotAUC)
  }

  @Test func withoutFindingsTheRecallChooses() throws {
    let pairs = try TinyPairs(on: device)
    let model = try pairs.model()
    // No finding is asked for; or all pairs have the same ones, so that none has an AUC.
    let same = pairs.split(7, from: 100)
    let validations = [
      try PretrainingValidation(same, findings: [], tokenizer: pairs.tokenizer, batch: 7),
      try PretrainingValidation(
        PairSplit(
          same.images,
          reports: (0..<7).map(TinyPairs.report),
          labels: Array(repeating: [true, false, false], count: 7),
          findingCount: 3,
          tokenizer: pairs.tokenizer
        ),
        findings: TinyPairs.findings,
        tokenizer: pairs.tokenizer,
        batch: 7
      ),
    ]
    for validation in validations {
      let scores = try validation.scores(of: model, on: device)
      #expect(scores.zeroShotAUC == nil && scores.findingCount == 0)
      let score = try validation.score(of: model, on: device)
      #expect(score.name == "recall@1")
      #expect(score.value == (scores.imageToText + scores.textToImage) / 2)
    }
  }

  @Test func featuresWithoutNumbersGiveNoScore() throws {
    let pairs = try TinyPairs(on: device)
    let model = try pairs.model()
    let projection = try #require(model.parameters["text_projection"])
    let values = Array(repeating: Float.nan, count: projection.count)
    projection.load(Tensor(values, shape: projection.shape, on: device))
    let score = try pairs.validation().score(of: model, on: device)
    #expect(score.value == nil && score.name == "zero-shot macro AUC")
    #expect(score.reason?.contains("infinite or no numbers") == true, "\(score)")
  }

  @Test func picturesThatCannotBeReadAreLeftOut() throws {
    let pairs = try TinyPairs(on: device)
    let model = try pairs.model()
    func scores(_ split: PairSplit, batch: Int) throws -> PretrainingValidation.Scores {
      try PretrainingValidation(
        split,
        findings: TinyPairs.findings,
        tokenizer: pairs.tokenizer,
        batch: batch
      ).scores(of: model, on: device)
    }
    let cut = try scores(pairs.split(8, from: 100, missing: [7]), batch: 8)
    let whole = try scores(pairs.split(7, from: 100), batch: 7)
    #expect(cut == whole && cut.batch == 7)
    #expect {
      try scores(pairs.split(3, missing: [0, 2]), batch: 3)
    } throws: {
      "\($0)".contains("the validation split has 1 usable pair,")
        && "\($0)".contains("2 pictures can't be read, such as /nowhere/0.png: ")
    }
  }
}
