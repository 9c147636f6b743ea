/// A decision threshold that was chosen for its Dice.
package struct DiceThreshold: Equatable, Sendable {
  /// The threshold.
  package let threshold: Float
  /// What it decides positive.
  package let rule: ThresholdRule
  /// Dice over all pixels of the images that it was chosen on.
  package let pooledDice: Double
}

extension BinarySegmentation {
  /// The first of the grid's thresholds, from the lowest, with the highest Dice over pooled pixels.
  ///
  /// With `ThresholdGrid.evenly256` on the training images, the rule of the DRIVE protocol.
  ///
  /// - Returns: nil without a positive pixel, for which no threshold is better than another.
  /// - Complexity: O(T) times the number of images.
  /// - Note: Galdran et al., "The little W-Net that could", 2020, whose code takes `argmax`, the
  ///   first maximum.
  package func bestGridThreshold() -> DiceThreshold? {
    var best: DiceThreshold?
    for index in grid.thresholds.indices {
      let pooled = counts(at: index).pooled
      guard pooled.support > 0 else { return nil }
      let dice = pooled.dice
      guard dice > best?.pooledDice ?? -1 else { continue }
      best = DiceThreshold(
        threshold: grid.thresholds[index],
        rule: grid.rule,
        pooledDice: dice
      )
    }
    return best
  }
}

extension PooledRanking {
  /// The highest of the probabilities that, as thresholds, have the highest Dice over pooled pixels.
  ///
  /// Dice is that of `probability >= threshold` to the last pixel also where probabilities were pooled
  /// in levels; there only the levels' lower ends were tried.
  ///
  /// - Returns: nil without a positive pixel, for which no threshold is better than another.
  /// - Complexity: O(G).
  package func bestDiceThreshold() -> DiceThreshold? {
    guard positives > 0 else { return nil }
    var best: DiceThreshold?
    var (found, decided) = (0, 0)
    forEachGroup { lowest, positivesHere, negativesHere in
      found += positivesHere
      decided += positivesHere + negativesHere
      let dice = 2 * Double(found) / Double(decided + positives)
      guard dice > best?.pooledDice ?? -1 else { return }
      best = DiceThreshold(threshold: lowest, rule: .atLeast, pooledDice: dice)
    }
    return best
  }
}

extension BinaryCounts {
  /// `2 TP / (2 TP + FP + FN)`, where something is positive.
  fileprivate var dice: Double {
    2 * Double(truePositives) / Double(2 * truePositives + falsePositives + falseNegatives)
  }
}
