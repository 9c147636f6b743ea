import Foundation
import Pretraining
import TestSupport

/// The contrastive loss as DESIGN defines it, in double, as slow and plain as the formulas.
struct ReferenceLoss {
  /// Which loss.
  var objective: ContrastiveObjective
  /// The batch's labels.
  var labels: [[Bool]]
  /// The queue's, newest first.
  var queueLabels: [[Bool]]
  /// How many numbers a feature has.
  var width: Int
  /// Rows of `width`, one after the other.
  var imageQueue: [Double]
  /// As `imageQueue`.
  var textQueue: [Double]
  /// Which entries of the queue are pairs of the batch, by their places in both.
  var copies: [Int: Int] = [:]
  /// What texts are compared with in their batch; nil for the images.
  var imageTargets: [Double]?
  /// What images are compared with in their batch; nil for the texts.
  var textTargets: [Double]?
  /// What entries of the queue of images are coupled with; nil for `images`.
  var imageKeys: [Double]?
  /// What entries of the queue of texts are coupled with; nil for `texts`.
  var textKeys: [Double]?

  /// The mean of both directions.
  func loss(_ images: [Double], _ texts: [Double], scale: Double) -> Double {
    let fromImages = oneWay(images, (textTargets ?? texts) + textQueue, textKeys, scale: scale)
    let fromTexts = oneWay(texts, (imageTargets ?? images) + imageQueue, imageKeys, scale: scale)
    return (fromImages + fromTexts) / 2
  }

  private func oneWay(
    _ anchors: [Double],
    _ candidates: [Double],
    _ keys: [Double]?,
    scale: Double
  ) -> Double {
    let losses = labels.indices.map { anchor in
      func similarity(_ others: [Double], _ other: Int) -> Double {
        exp(scale)
          * (0..<width).reduce(0.0) { sum, column in
            sum + anchors[anchor * width + column] * others[other * width + column]
          }
      }
      var s = (0..<candidates.count / width).map { similarity(candidates, $0) }
      if let keys {
        let shift = s[anchor] - similarity(keys, anchor)
        for place in labels.count..<s.count { s[place] += shift }
      }
      return objective.loss == .softTargets
        ? softLoss(s, anchor)
        : log1p(weights(anchor).reduce(0.0) { $0 + $1.value * exp(s[$1.key] - s[anchor]) })
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  private func softLoss(_ s: [Double], _ anchor: Int) -> Double {
    let taken = objective.refillRule == .all ? labels + queueLabels : labels
    let shares = taken.map { exp(Self.cosine(labels[anchor], $0) / objective.targetTemperature) }
    let total = log(s.prefix(taken.count).reduce(0) { $0 + exp($1) })
    let sum = shares.reduce(0, +)
    return zip(s, shares).reduce(0.0) { $0 - $1.1 / sum * ($1.0 - total) }
  }

  /// The weight of each negative of an anchor, by its place among batch and queue.
  func weights(_ anchor: Int) -> [Int: Double] {
    let own = labels[anchor]
    let all = labels + queueLabels
    let negatives = all.indices.filter {
      $0 != anchor && copies[$0 - labels.count] != anchor
        && (objective.loss == .infoNCE || all[$0] != own)
    }
    let inBatch = negatives.filter { $0 < labels.count }
    let inQueue = negatives.filter { $0 >= labels.count }
    let room =
      switch objective.refillRule {
      case .nothing: 0
      case .all: inQueue.count
      case .vacancies: labels.count - 1 - inBatch.count
      }
    return (inBatch + inQueue.prefix(room)).reduce(into: [:]) { weights, place in
      weights[place] =
        objective.loss == .coupling
        ? pow(1 - Self.cosine(own, all[place]), objective.gamma) : 1
    }
  }

  /// 1 for two vectors of 0, 0 for one.
  static func cosine(_ a: [Bool], _ b: [Bool]) -> Double {
    let shared = zip(a, b).count { $0 && $1 }
    let sizes = (a.count { $0 }, b.count { $0 })
    guard sizes.0 > 0, sizes.1 > 0 else { return sizes == (0, 0) ? 1 : 0 }
    return Double(shared) / (sqrt(Double(sizes.0)) * sqrt(Double(sizes.1)))
  }
}

extension ReferenceLoss {
  /// What a recorded case asks for.
  ///
  /// - Throws: `RecordedCase.Failure` where something is missing.
  init(_ recorded: RecordedCase) throws {
    func doubles(_ name: String) throws -> [Double] { try recorded.floats(name).map(Double.init) }
    self.init(
      objective: try recorded.objective(),
      labels: try recorded.labels("labels"),
      queueLabels: try recorded.labels("queue_labels"),
      width: try recorded.shape("images")[1],
      imageQueue: try doubles("image_queue"),
      textQueue: try doubles("text_queue"),
      imageTargets: recorded.has("image_targets") ? try doubles("image_targets") : nil,
      textTargets: recorded.has("text_targets") ? try doubles("text_targets") : nil,
      imageKeys: recorded.has("image_keys") ? try doubles("image_keys") : nil,
      textKeys: recorded.has("text_keys") ? try doubles("text_keys") : nil
    )
  }
}

extension RecordedCase {
  /// The objective that a case's name says: LOSS-REFILL-WHAT.
  func objective() throws -> ContrastiveObjective {
    for loss in ContrastiveLoss.allCases {
      for refill in RefillRule.allCases
      where name.hasPrefix("\(loss.rawValue)-\(refill.rawValue)-") {
        return ContrastiveObjective(
          loss: loss,
          gamma: try number("gamma"),
          refill: refill,
          targetTemperature: try number("temperature")
        )
      }
    }
    throw UnknownObjective(name: name)
  }

  /// Rows of labels.
  func labels(_ name: String) throws -> [[Bool]] {
    let (shape, values) = (try shape(name), try floats(name))
    return (0..<shape[0]).map { row in
      values[row * shape[1]..<(row + 1) * shape[1]].map { $0 != 0 }
    }
  }
}

/// A case whose name says no objective.
struct UnknownObjective: Error {
  /// The case's.
  let name: String
}
