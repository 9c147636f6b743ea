import CKernels
package import Parallelism

/// Loss, gradient and curvature of a linear classifier at one point, summed over all rows.
package struct LogisticEvaluation: Sendable {
  /// One value per separate problem: 1 for softmax, K for sigmoids.
  package var loss: [Double]
  /// Σ v·p·(1 − p) over rows, one value per separate problem.
  package var curvature: [Double]
  /// K × (D + 1), each output's intercept last.
  package var gradient: [Double]
}

/// The fused pass over the features that evaluates a linear classifier.
@safe package struct LogisticKernel: Sendable {
  /// How scores become probabilities.
  package enum Loss: Sendable {
    /// One of K classes: p = softmax(z).
    case softmax
    /// K separate yes-or-no questions: p = 1/(1 + e^−z).
    case sigmoid
  }

  /// What the pass sums over: N rows of D features, with targets for K outputs.
  package struct Rows: Sendable {
    /// N × D.
    package var features: [Float]
    /// D.
    package var dimensions: Int
    /// N × K, 0 or 1; for softmax one 1 per row.
    package var targets: [UInt8]
    /// N values.
    package var rowWeights: [Double]
    /// K × 2: of an output's zeros and of its ones.
    package var outputWeights: [Double]

    /// States the rows; sizes that don't fit together trap.
    ///
    /// - Parameters:
    ///   - features: N × D values.
    ///   - dimensions: D.
    ///   - targets: N × K values, 0 or 1.
    ///   - rowWeights: N values.
    ///   - outputWeights: K × 2 values.
    package init(
      features: [Float],
      dimensions: Int,
      targets: [UInt8],
      rowWeights: [Double],
      outputWeights: [Double]
    ) {
      let rows = rowWeights.count
      let outputs = outputWeights.count / 2
      precondition(
        features.count == rows * dimensions && targets.count == rows * outputs
          && outputWeights.count == 2 * outputs,
        "\(features.count) features and \(targets.count) targets for \(rows) rows of \(dimensions)"
          + " features and \(outputs) outputs"
      )
      self.features = features
      self.dimensions = dimensions
      self.targets = targets
      self.rowWeights = rowWeights
      self.outputWeights = outputWeights
    }

    /// K.
    package var outputs: Int { outputWeights.count / 2 }
  }

  private typealias Function = @convention(c) @Sendable (UnsafePointer<VBKLogisticPass>?) -> Void
  private let choice: KernelChoice<Function>
  /// The loss that the kernel sums.
  package let loss: Loss

  /// The variant's name, as in `vbk_logistic_softmax_f32__avx512`.
  package var name: String { unsafe choice.name }

  /// Takes the best variant.
  ///
  /// - Parameters:
  ///   - loss: which loss.
  ///   - tier: the best instruction set allowed.
  package init(_ loss: Loss, upTo tier: InstructionSet = .best) {
    self.loss = loss
    let table =
      unsafe loss == .softmax
      ? vbk_logistic_softmax_f32_variants : vbk_logistic_sigmoid_f32_variants
    unsafe choice = unsafe KernelChoice(
      upTo: tier,
      table,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// Evaluates the classifier.
  ///
  /// - Parameters:
  ///   - weights: K × (D + 1), each output's intercept last.
  ///   - rows: what to sum over.
  ///   - pool: chunks of rows are split over its threads; their bounds depend on N only, and their
  ///     sums are added in order.
  /// - Returns: loss, gradient and curvature.
  /// - Complexity: 4·N·D·K operations, one read of the features.
  package func evaluate(_ weights: [Double], _ rows: Rows, pool: WorkerPool) -> LogisticEvaluation {
    let width = rows.dimensions + 1
    let outputs = rows.outputs
    precondition(
      weights.count == outputs * width,
      "\(weights.count) weights for \(outputs) × \(width)"
    )
    let problems = loss == .softmax ? 1 : outputs
    let share = outputs * width + 2 * problems
    let count = rows.rowWeights.count
    let tile = Int(VBK_LOGISTIC_TILE)
    let grain = max(4 * tile, (count + 64 * tile - 1) / (64 * tile) * tile)
    let chunkCount = (count + grain - 1) / grain
    var sums = [Double](repeating: 0, count: max(chunkCount, 1) * share)
    sums.withDisjointWrites { writes in
      pool.forEachChunk(of: count, grain: grain) { range in
        let first = range.lowerBound / grain * share
        let sums = unsafe writes[first..<first + share]
        unsafe run(weights, rows, range, problems: problems, into: sums)
      }
    }
    for chunk in 1..<max(chunkCount, 1) {
      for index in 0..<share { sums[index] += sums[chunk * share + index] }
    }
    let gradientCount = outputs * width
    return LogisticEvaluation(
      loss: Array(sums[gradientCount..<gradientCount + problems]),
      curvature: Array(sums[gradientCount + problems..<share]),
      gradient: Array(sums[..<gradientCount])
    )
  }

  /// Runs the C kernel on one chunk; `sums` is the gradient, the loss and the curvature in a row.
  private func run(
    _ weights: [Double],
    _ rows: Rows,
    _ range: Range<Int>,
    problems: Int,
    into sums: UnsafeMutableBufferPointer<Double>
  ) {
    guard let sums = sums.baseAddress else { return }
    let tile = Int(VBK_LOGISTIC_TILE)
    let outputs = rows.outputs
    unsafe rows.features.withUnsafeBufferPointer { features in
      unsafe rows.targets.withUnsafeBufferPointer { targets in
        unsafe rows.rowWeights.withUnsafeBufferPointer { rowWeights in
          unsafe rows.outputWeights.withUnsafeBufferPointer { outputWeights in
            unsafe weights.withUnsafeBufferPointer { weights in
              unsafe withUnsafeTemporaryAllocation(
                of: Double.self,
                capacity: (outputs + 4) * tile
              ) { scratch in
                guard let features = features.baseAddress, let targets = targets.baseAddress,
                  let rowWeights = rowWeights.baseAddress
                else { return }
                var pass = unsafe VBKLogisticPass(
                  rows: range.count,
                  features: rows.dimensions,
                  outputs: outputs,
                  x: features + range.lowerBound * rows.dimensions,
                  w: weights.baseAddress,
                  targets: targets + range.lowerBound * outputs,
                  row_weights: rowWeights + range.lowerBound,
                  output_weights: outputWeights.baseAddress,
                  gradient: sums,
                  loss: sums + weights.count,
                  curvature: sums + weights.count + problems,
                  scratch: scratch.baseAddress
                )
                unsafe choice.run(&pass)
              }
            }
          }
        }
      }
    }
  }
}
