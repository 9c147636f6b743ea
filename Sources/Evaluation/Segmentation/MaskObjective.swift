import Autograd
import Datasets
import Imaging
import Kernels
import Training

/// The loss of logits against masks: cross-entropy and soft Dice.
///
/// Of a cascade each network's logits are compared with the masks and the losses averaged (Galdran et
/// al. 2020, equation 1, weighs both nets alike).
struct MaskObjective {
  /// How logits stand for classes.
  let form: MaskLogits
  /// What the logarithmic loss counts.
  let crossEntropyWeight: Float
  /// What the soft Dice loss counts.
  let diceWeight: Float

  /// The mean loss of a batch.
  ///
  /// - Parameters:
  ///   - logits: one or more values [B, H, W, C].
  ///   - planes: of each of B pictures one plane per class, or one of labels.
  ///   - tape: what operations are noted on.
  /// - Returns: the loss with how many pictures it is of; nil where no pixel counts.
  func loss(
    of logits: [Variable],
    _ planes: [[Plane<UInt8>]],
    on tape: Tape
  ) -> BatchLoss? {
    let targets = targets(planes)
    guard MaskLoss.judgedCount(of: targets) > 0 else { return nil }
    let loss = MaskLoss(
      form: form.kind == .exclusive ? .softmax : .sigmoid,
      crossEntropyWeight: crossEntropyWeight,
      diceWeight: diceWeight
    )
    let losses = logits.map { tape.maskLoss($0, targets: targets, loss) }
    let sum = losses.dropFirst().reduce(losses[0]) { tape.add($0, $1) }
    let mean = losses.count == 1 ? sum : tape.scaled(sum, by: 1 / Float(losses.count))
    return BatchLoss(mean, weight: Double(planes.count))
  }

  /// The masks in the order of the logits, a byte per logit, or per pixel where classes exclude each
  /// other; 255 where nothing counts.
  private func targets(_ planes: [[Plane<UInt8>]]) -> [UInt8] {
    guard planes[0].count > 1 else { return planes.flatMap { $0[0].samples } }
    let (size, count) = (planes[0][0].samples.count, planes[0].count)
    var targets = [UInt8](repeating: 0, count: planes.count * size * count)
    for (row, picture) in planes.enumerated() {
      for (index, plane) in picture.enumerated() {
        for pixel in 0..<size {
          targets[(row * size + pixel) * count + index] = plane.samples[pixel]
        }
      }
    }
    return targets
  }
}
