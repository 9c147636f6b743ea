import CKernels
package import Parallelism

/// What a step of stochastic gradient descent reads and writes of one parameter.
package struct SGDSlice: Sendable {
  let weights: MemoryView<Float>
  let gradient: MemoryView<Float>
  let buffer: MemoryView<Float>?
  let coefficients: SGDCoefficients

  /// Puts a slice together.
  ///
  /// - Parameters:
  ///   - weights: the parameter's n numbers, updated.
  ///   - gradient: n numbers.
  ///   - buffer: n numbers of momentum, updated; nil without momentum.
  ///   - coefficients: the step's numbers.
  package init(
    weights: MemoryView<Float>,
    gradient: MemoryView<Float>,
    buffer: MemoryView<Float>?,
    coefficients: SGDCoefficients
  ) {
    precondition(
      gradient.count == weights.count && (buffer?.count ?? weights.count) == weights.count,
      "\(weights.count) weights with \(gradient.count) gradients"
    )
    self.weights = weights
    self.gradient = gradient
    self.buffer = buffer
    self.coefficients = coefficients
  }
}

/// What a step with Adam's moments reads and writes of one parameter.
package struct AdamSlice: Sendable {
  let weights: MemoryView<Float>
  let gradient: MemoryView<Float>
  let firstMoments: MemoryView<Float>
  let secondMoments: MemoryView<Float>
  let coefficients: AdamCoefficients

  /// Puts a slice together.
  ///
  /// - Parameters:
  ///   - weights: the parameter's n numbers, updated.
  ///   - gradient: n numbers.
  ///   - firstMoments: n numbers, updated.
  ///   - secondMoments: n numbers, updated.
  ///   - coefficients: the step's numbers.
  package init(
    weights: MemoryView<Float>,
    gradient: MemoryView<Float>,
    firstMoments: MemoryView<Float>,
    secondMoments: MemoryView<Float>,
    coefficients: AdamCoefficients
  ) {
    let count = weights.count
    precondition(
      gradient.count == count && firstMoments.count == count && secondMoments.count == count,
      "\(count) weights with \(gradient.count) gradients, \(firstMoments.count) and"
        + " \(secondMoments.count) moments"
    )
    self.weights = weights
    self.gradient = gradient
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.coefficients = coefficients
  }
}

extension ComputeContext {
  /// One step of stochastic gradient descent of all parameters, 12 bytes per number moved, 20 with
  /// momentum.
  ///
  /// - Parameter slices: one per parameter; their memory does not overlap.
  package func stepSGD(_ slices: [SGDSlice]) {
    let parts = Self.parts(of: slices.map(\.weights.count))
    let plain = unsafe kernels.optimizer.sgd.run
    let withMomentum = unsafe kernels.optimizer.sgdMomentum.run
    pool.forEach(parts.count) { index in
      let (slice, range) = (slices[parts[index].index], parts[index].range)
      var step = slice.coefficients.step
      let (weights, gradient) = (slice.weights[range], slice.gradient[range])
      if let buffer = slice.buffer {
        unsafe withMomentum(
          &step,
          range.count,
          weights.pointer,
          gradient.pointer,
          buffer[range].pointer
        )
      } else {
        unsafe plain(&step, range.count, weights.pointer, gradient.pointer)
      }
    }
  }

  /// One step of AdamW of all parameters, 28 bytes per number moved.
  ///
  /// - Parameter slices: one per parameter; their memory does not overlap.
  package func stepAdamW(_ slices: [AdamSlice]) {
    let parts = Self.parts(of: slices.map(\.weights.count))
    let run = unsafe kernels.optimizer.adamW.run
    pool.forEach(parts.count) { index in
      let (slice, range) = (slices[parts[index].index], parts[index].range)
      var step = slice.coefficients.step
      unsafe run(
        &step,
        range.count,
        slice.weights[range].pointer,
        slice.gradient[range].pointer,
        slice.firstMoments[range].pointer,
        slice.secondMoments[range].pointer
      )
    }
  }

  /// LAMB's first pass over all parameters: their new moments, 24 bytes per number moved.
  ///
  /// - Parameter slices: one per parameter; their memory does not overlap.
  /// - Returns: per parameter ‖w‖² and ‖u‖² of its update u; partial sums are added in order.
  package func updateLAMBMoments(
    _ slices: [AdamSlice]
  ) -> [(weights: Double, update: Double)] {
    let parts = Self.parts(of: slices.map(\.weights.count))
    let run = unsafe kernels.optimizer.lambMoments.run
    var squares = [Double](repeating: 0, count: 2 * parts.count)
    squares.withDisjointWrites { writes in
      pool.forEach(parts.count) { index in
        let (slice, range) = (slices[parts[index].index], parts[index].range)
        var step = slice.coefficients.step
        unsafe run(
          &step,
          range.count,
          slice.weights[range].pointer,
          slice.gradient[range].pointer,
          slice.firstMoments[range].pointer,
          slice.secondMoments[range].pointer,
          writes[2 * index..<2 * index + 2].baseAddress
        )
      }
    }
    var sums = [(weights: Double, update: Double)](repeating: (0, 0), count: slices.count)
    for (index, part) in parts.enumerated() {
      sums[part.index].weights += squares[2 * index]
      sums[part.index].update += squares[2 * index + 1]
    }
    return sums
  }

  /// LAMB's second pass over all parameters: w −= rate·u, 16 bytes per number moved.
  ///
  /// - Parameters:
  ///   - slices: as in the first pass.
  ///   - rates: per parameter, the learning rate times the trust ratio.
  package func applyLAMB(_ slices: [AdamSlice], rates: [Double]) {
    precondition(rates.count == slices.count, "\(rates.count) rates of \(slices.count) parameters")
    let parts = Self.parts(of: slices.map(\.weights.count))
    let run = unsafe kernels.optimizer.lambApply.run
    pool.forEach(parts.count) { index in
      let part = parts[index]
      let slice = slices[part.index]
      var step = slice.coefficients.step
      unsafe run(
        &step,
        Float(rates[part.index]),
        part.range.count,
        slice.weights[part.range].pointer,
        slice.firstMoments[part.range].pointer,
        slice.secondMoments[part.range].pointer
      )
    }
  }
}
