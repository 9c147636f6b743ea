import Metrics
import Randomness
import Results
import TestSupport
import Testing

@Suite("Pooled probabilities")
struct PooledScoresTests {
  /// Scores crowded at both ends, with ties, that lean towards their truth.
  private func pixels(_ count: Int, seed: UInt64) -> [(score: Float, isPositive: Bool)] {
    var random = RandomSource(seed: seed, 0)
    return (0..<count).map { _ in
      let isPositive = random.nextIndex(below: 10) < 3
      let raw = Float(random.nextIndex(below: 1 << 20)) / Float(1 << 20)
      let leaning = isPositive ? 1 - raw * raw : raw * raw
      return (leaning * leaning, isPositive)
    }
  }

  private func ranking(
    _ pixels: [(score: Float, isPositive: Bool)],
    _ pooling: ScorePooling
  ) -> PooledRanking {
    var pool = PooledScores(pooling)
    for pixel in pixels { pool.add(pixel.score, isPositive: pixel.isPositive) }
    return pool.ranking()
  }

  @Test("Many compactions equal the sorted predictions of the other metrics")
  func compactions() throws {
    let pixels = pixels(300_001, seed: 5)
    let ranking = ranking(pixels, .exact)
    let predictions = try BinaryPredictions(
      scores: pixels.map { Double($0.score) },
      labels: pixels.map(\.isPositive)
    )
    let auc = try #require(binaryAUROC(predictions).number)
    let ap = try #require(binaryAveragePrecision(predictions).number)
    #expect(disagreement(ranking.areaUnderROC(of: "it").value, auc) == nil)
    #expect(disagreement(ranking.averagePrecision(of: "it").value, ap) == nil)
    #expect(ranking.resolution == .exact(distinctValues: Set(pixels.map(\.score)).count))
    #expect(ranking.positives == pixels.count { $0.isPositive })
    let best = try #require(ranking.bestDiceThreshold())
    let found = pixels.count { $0.isPositive && $0.score >= best.threshold }
    let decided = pixels.count { $0.score >= best.threshold }
    #expect(best.pooledDice == 2 * Double(found) / Double(decided + ranking.positives))
  }

  @Test("Levels lie within the bound that they state, and it is small", arguments: 1...4)
  func levels(_ seed: UInt64) throws {
    let pixels = pixels(40_003, seed: seed)
    let (exact, coarse) = (ranking(pixels, .exact), ranking(pixels, .levels))
    #expect(coarse.resolution == .levels(516_097) && coarse.resolution.name == "516097-levels")
    #expect(coarse.positives == exact.positives && coarse.negatives == exact.negatives)
    for (area, reference) in [
      (coarse.areaUnderROC(of: "it"), exact.areaUnderROC(of: "it")),
      (coarse.averagePrecision(of: "it"), exact.averagePrecision(of: "it")),
    ] {
      let (number, truth) = (try #require(area.value.number), try #require(reference.value.number))
      #expect(abs(number - truth) <= area.errorBound)
      #expect(area.errorBound > 0 && area.errorBound < 1e-3)
    }
    let best = try #require(coarse.bestDiceThreshold())
    let found = pixels.count { $0.isPositive && $0.score >= best.threshold }
    let decided = pixels.count { $0.score >= best.threshold }
    #expect(best.pooledDice == 2 * Double(found) / Double(decided + coarse.positives))
  }

  @Test("The bound also holds where each level holds all there is")
  func worstOrder() throws {
    // Two floats of one level: the positives rank lowest, or highest.
    let (low, high) = (Float(0.25), Float(0.25).nextUp)
    for (positive, area) in [(high, 1.0), (low, 0.0)] {
      let negative = positive == high ? low : high
      let coarse = ranking(
        [(positive, true), (positive, true), (negative, false), (negative, false)],
        .levels
      )
      let auc = coarse.areaUnderROC(of: "it")
      #expect(auc.value == .value(0.5) && auc.errorBound == 0.5)
      let ap = coarse.averagePrecision(of: "it")
      let exact = area == 1 ? 1 : 0.5
      #expect(abs(try #require(ap.value.number) - exact) <= ap.errorBound)
    }
  }

  @Test("Too many distinct values turn to levels, the same as levels from the start")
  func coarsening() {
    let pixels = pixels(150_000, seed: 9)
    let turned = ranking(pixels, .exact(distinctLimit: 1000))
    let coarse = ranking(pixels, .levels)
    #expect(turned.resolution == coarse.resolution)
    #expect(turned.areaUnderROC(of: "it") == coarse.areaUnderROC(of: "it"))
    #expect(turned.averagePrecision(of: "it") == coarse.averagePrecision(of: "it"))
    let few = pixels.map { (score: ($0.score * 255).rounded() / 255, isPositive: $0.isPositive) }
    #expect(ranking(few, .exact(distinctLimit: 256)).resolution == .exact(distinctValues: 256))
  }

  @Test("A ranking doesn't see later pixels, and zeros of both signs tie")
  func snapshots() {
    var pool = PooledScores()
    pool.add(0, isPositive: true)
    pool.add(-0.0, isPositive: false)
    let early = pool.ranking()
    pool.add(1, isPositive: true)
    #expect(early.positives == 1 && pool.ranking().positives == 2)
    #expect(early.areaUnderROC(of: "it").value == .value(0.5))
    #expect(pool.ranking().areaUnderROC(of: "it").value == .value(0.75))
    #expect(pool.ranking().resolution == .exact(distinctValues: 2))
  }

  @Test("No pixel, or those of one kind, have no area and say so")
  func undefined() {
    var pool = PooledScores()
    #expect(pool.ranking().areaUnderROC(of: "it").value.undefinedReason != nil)
    #expect(pool.ranking().bestDiceThreshold() == nil)
    pool.add(0.5, isPositive: true)
    #expect(
      pool.ranking().areaUnderROC(of: "it").value
        == .undefined(reason: "it has no negative pixel")
    )
    #expect(pool.ranking().averagePrecision(of: "it").value == .value(1))
  }
}
