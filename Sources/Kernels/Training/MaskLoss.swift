import CKernels
package import Parallelism

// Masks against logits of N pixels with K classes: p = σ(x) with a target per logit, or p =
// softmax(x) with a class per pixel. Sums are added in double and in the chunks' order.

/// Whether classes exclude each other.
package enum MaskForm: Sendable {
  /// Each class has a mask of its own: N · K targets in the logits' order, 0, 1 or 255 (ignored).
  case sigmoid
  /// Each pixel has one class: N targets in 0..<K or 255 (ignored).
  case softmax
}

/// What cross-entropy and the soft Dice are made of, over the pixels that aren't ignored.
package struct MaskSums: Sendable {
  /// Σ of the cross-entropy, weights included.
  package let crossEntropy: Double
  /// Σ of what its mean divides by: 1 per target (sigmoid), the class's weight (softmax).
  package let weight: Double
  /// Σ p·t, Σ p and Σ t of each class.
  package let classes: [(overlap: Double, probability: Double, truth: Double)]
}

extension ComputeContext {
  /// What masks' losses sum up.
  ///
  /// - Parameters:
  ///   - x: N rows of K logits.
  ///   - targets: N · K or N bytes, as `form` says.
  ///   - form: whether classes exclude each other.
  ///   - classes: K, in 1...255.
  ///   - weights: of the cross-entropy, K floats; nil for ones. Sigmoid: of its positive term.
  ///     Softmax: of pixels of each class.
  /// - Returns: the sums.
  package func maskSums(
    _ x: MemoryView<Float>,
    targets: [UInt8],
    _ form: MaskForm,
    classes: Int,
    weights: [Float]?
  ) -> MaskSums {
    checkMasks(x, targets, form, classes, weights)
    let set = kernels.maskLoss
    let run = unsafe form == .sigmoid ? set.sigmoidSums.run : set.softmaxSums.run
    let (width, limit) = form == .sigmoid ? (classes, 2) : (1, UInt8(classes))
    let chunks = pool.mapChunks(of: x.count / classes, grain: rowGrain(classes)) { rows in
      var sums = [Double](repeating: 0, count: 2 + 3 * classes)
      unsafe targets.withUnsafeBufferPointer { targets in
        let own = unsafe UnsafeBufferPointer(
          rebasing: targets[rows.lowerBound * width..<rows.upperBound * width]
        )
        // 255 wraps around to 0, so that one more than the target is at most the number of values.
        var beyond: UInt8 = 0
        for index in 0..<own.count { beyond = unsafe max(beyond, own[index] &+ 1) }
        precondition(beyond <= limit, "a target \(beyond - 1) among \(limit) values")
        unsafe withOptionalPointer(weights) { weights in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            unsafe run(
              rows.count,
              classes,
              x.rows(rows, width: classes).pointer,
              own.baseAddress,
              weights,
              sums.baseAddress
            )
          }
        }
      }
      return sums
    }
    let total = chunks.reduce(into: [Double](repeating: 0, count: 2 + 3 * classes)) { total, sums in
      for index in total.indices { total[index] += sums[index] }
    }
    return MaskSums(
      crossEntropy: total[0],
      weight: total[1],
      classes: (0..<classes).map { (total[3 * $0 + 2], total[3 * $0 + 3], total[3 * $0 + 4]) }
    )
  }

  /// The gradient of factor · Σ cross-entropy + Σ_k D_k with dD_k/dp = a_k·t + b_k.
  ///
  /// - Parameters:
  ///   - x: N rows of K logits.
  ///   - targets: as `maskSums` has checked them.
  ///   - form: whether classes exclude each other.
  ///   - weights: of the cross-entropy, as in the sums.
  ///   - factor: what the cross-entropy is multiplied with.
  ///   - slopes: a and b, K floats each.
  ///   - dx: as x.
  ///   - adds: whether dx is added to or overwritten.
  package func maskGradient(
    _ x: MemoryView<Float>,
    targets: [UInt8],
    _ form: MaskForm,
    weights: [Float]?,
    factor: Float,
    slopes: (a: [Float], b: [Float]),
    into dx: MemoryView<Float>,
    adds: Bool
  ) {
    let classes = slopes.a.count
    checkMasks(x, targets, form, classes, weights)
    precondition(
      slopes.b.count == classes && dx.count == x.count,
      "\(classes) and \(slopes.b.count) slopes, a gradient of \(dx.count) for \(x.count) logits"
    )
    let set = kernels.maskLoss
    let run = unsafe form == .sigmoid ? set.sigmoidGradient.run : set.softmaxGradient.run
    let width = form == .sigmoid ? classes : 1
    pool.forEachChunk(of: x.count / classes, grain: rowGrain(classes)) { rows in
      unsafe withOptionalPointer(weights) { weights in
        unsafe withOptionalPointer(slopes.a) { overlap in
          unsafe withOptionalPointer(slopes.b) { share in
            var slopes = unsafe VBKMaskSlopes(
              weights: weights,
              overlap: overlap,
              share: share,
              factor: factor
            )
            unsafe targets.withUnsafeBufferPointer { targets in
              unsafe run(
                rows.count,
                classes,
                x.rows(rows, width: classes).pointer,
                targets.baseAddress.map { unsafe $0 + rows.lowerBound * width },
                &slopes,
                adds ? 1 : 0,
                dx.rows(rows, width: classes).pointer
              )
            }
          }
        }
      }
    }
  }

  private func checkMasks(
    _ x: MemoryView<Float>,
    _ targets: [UInt8],
    _ form: MaskForm,
    _ classes: Int,
    _ weights: [Float]?
  ) {
    precondition(
      (1...255).contains(classes) && x.count % classes == 0
        && targets.count == (form == .sigmoid ? x.count : x.count / classes)
        && (weights?.count ?? classes) == classes,
      "\(x.count) logits of \(classes) classes, \(targets.count) targets (\(form)), "
        + "\(weights?.count ?? classes) weights"
    )
  }
}
