import Kernels
import Parallelism
package import Tensors

extension Tape {
  /// The soft Dice loss of independent labels: of sigmoids.
  ///
  /// 1 − mean_k (2·Σ p·g + s) / (Σ p + Σ g + s) with p = σ(logits), s = 1, sums over all rows of the
  /// batch that the mask keeps. After Milletari, Navab, Ahmadi 2016, eq. 1, whose denominator has
  /// squares: here it has none, so that with p in {0, 1} a term is Dice's coefficient itself. A class
  /// of which nothing is kept adds 0 to the loss.
  ///
  /// Kept: p and g, 8 bytes per logit.
  ///
  /// - Parameters:
  ///   - logits: [..., K], finite.
  ///   - targets: g, of the same shape, in 0...1.
  ///   - mask: of the same shape; elements where it is 0 are left out; nil to keep all.
  /// - Returns: one number.
  package func diceLoss(_ logits: Variable, targets: Tensor, mask: Tensor? = nil) -> Variable {
    precondition(
      targets.shape == logits.shape && (mask?.shape ?? logits.shape) == logits.shape,
      "Dice of \(logits.shape) with targets \(targets.shape), mask \(mask?.shape ?? [])"
    )
    let p = Tensor(uninitialized: logits.shape, on: device)
    withViews(logits.value, p) { device.compute.sigmoid($0, into: $1) }
    var g = targets
    if let mask {
      g = targets.copied(on: device)
      withViews(mask, p, g) {
        device.compute.clear(where: $0, $1)
        device.compute.clear(where: $0, $2)
      }
    }
    let overlap = Overlap(p, g, on: device)
    let dx = logits.gradient
    return record("dice", overlap.loss, [dx]) { [device] dy in
      let slopes = overlap.slopes(times: dy.withView { $0[0] })
      let gradient = Tensor(uninitialized: overlap.p.shape, on: device)
      withViews(overlap.p, overlap.g, gradient) {
        device.compute.overlapGradientThroughSigmoid($0, $1, slopes: slopes, into: $2)
      }
      dx?.add(gradient, on: device)
    }
  }

  /// The soft Dice loss of classes that exclude each other: of softmax.
  ///
  /// As for independent labels, with p = softmax(logits) and g = 1 for each row's class.
  ///
  /// - Parameters:
  ///   - logits: [..., K], finite.
  ///   - classes: one per row, in 0..<K or `ignoring`.
  ///   - ignoring: the class of rows that are left out.
  /// - Returns: one number.
  package func diceLoss(
    _ logits: Variable,
    classes: [Int32],
    ignoring: Int32? = nil
  ) -> Variable {
    let columns = logits.value.columns
    let isKnown = classes.allSatisfy { $0 == ignoring || (0..<columns).contains(Int($0)) }
    precondition(
      classes.count == logits.value.rows && isKnown,
      "Dice of \(logits.shape) with \(classes.count) classes"
    )
    let p = logits.value.softmax(on: device)
    var chosen = [Float](repeating: 0, count: p.count)
    p.withView { p in
      for (row, label) in classes.enumerated() {
        if label == ignoring {
          p.rows(row..<row + 1, width: columns).fill(with: 0)
        } else {
          chosen[row * columns + Int(label)] = 1
        }
      }
    }
    let overlap = Overlap(p, Tensor(chosen, shape: p.shape, on: device), on: device)
    let dx = logits.gradient
    return record("dice", overlap.loss, [dx]) { [device] dy in
      let slopes = overlap.slopes(times: dy.withView { $0[0] })
      let gradient = Tensor(uninitialized: overlap.p.shape, on: device)
      withViews(overlap.p, overlap.g, gradient) {
        device.compute.overlapGradientThroughSoftmax($0, $1, slopes: slopes, into: $2)
      }
      dx?.add(gradient, on: device)
    }
  }
}

/// Probabilities, targets and how far they overlap.
private struct Overlap {
  /// [..., K], 0 where nothing counts; as g.
  let p: Tensor
  let g: Tensor
  /// 2·Σ p·g + 1 of each class.
  private let numerators: [Double]
  /// Σ p + Σ g + 1 of each class.
  private let denominators: [Double]
  /// One number.
  let loss: Tensor

  init(_ p: Tensor, _ g: Tensor, on device: Device) {
    let columns = p.columns
    precondition(p.count > 0, "Dice of \(p.shape)")
    let zero = Tensor([Float](repeating: 0, count: columns), shape: [columns], on: device)
    let (products, shares, targets) = withViews(p, g, zero) { p, g, zero in
      let own = device.compute.channelGradientSums(p, passed: nil, g, mean: zero)
      let other = device.compute.channelGradientSums(g, passed: nil, g, mean: zero)
      return (own.products, own.sums, other.sums)
    }
    numerators = products.map { 2 * $0 + 1 }
    denominators = zip(shares, targets).map { $0 + $1 + 1 }
    let mean = zip(numerators, denominators).reduce(0) { $0 + $1.0 / $1.1 } / Double(columns)
    loss = Tensor([Float(1 - mean)], shape: [], on: device)
    (self.p, self.g) = (p, g)
  }

  /// How the loss changes with p: a·g + b for each class.
  func slopes(times factor: Float) -> (a: [Float], b: [Float]) {
    let share = Double(factor) / Double(numerators.count)
    let a = denominators.map { Float(-2 * share / $0) }
    let b = zip(numerators, denominators).map { Float(share * $0 / ($1 * $1)) }
    return (a, b)
  }
}
