import CKernels
package import Parallelism

extension ComputeContext {
  /// How many elements make a chunk: 64 kB of each array.
  private static let elementGrain = 16_384

  /// dx = dy·f'(x) or dx += dy·f'(x), element by element.
  ///
  /// - Parameters:
  ///   - activation: f.
  ///   - x: what f was applied to.
  ///   - dy: as many, the gradient of f(x).
  ///   - adds: whether the gradient is added to what dx holds.
  ///   - dx: as many; may be dy itself.
  package func activationGradient(
    _ activation: Activation,
    of x: MemoryView<Float>,
    _ dy: MemoryView<Float>,
    adds: Bool,
    into dx: MemoryView<Float>
  ) {
    let choices = kernels.gradients.activations
    let run =
      switch activation {
      case .relu: unsafe choices.relu.run
      case .gelu: unsafe choices.gelu.run
      case .quickGELU: unsafe choices.quickGELU.run
      }
    unsafe differentiate(run, x, dy, adds: adds, into: dx)
  }

  /// y = 1 / (1 + e^−x), element by element.
  ///
  /// - Parameters:
  ///   - x: any number of floats.
  ///   - y: as many; may be x itself.
  package func sigmoid(_ x: MemoryView<Float>, into y: MemoryView<Float>) {
    precondition(x.count == y.count, "sigmoid of \(x.count) into \(y.count) floats")
    let run = unsafe kernels.gradients.activations.sigmoid.run
    pool.forEachChunk(of: x.count, grain: Self.elementGrain) { range in
      unsafe run(range.count, x[range].pointer, y[range].pointer)
    }
  }

  /// dx = dy·y·(1 − y) or dx += that, element by element.
  ///
  /// - Parameters:
  ///   - y: what sigmoid gave.
  ///   - dy: as many, its gradient.
  ///   - adds: whether the gradient is added to what dx holds.
  ///   - dx: as many; may be dy itself.
  package func sigmoidGradient(
    of y: MemoryView<Float>,
    _ dy: MemoryView<Float>,
    adds: Bool,
    into dx: MemoryView<Float>
  ) {
    let run = unsafe kernels.gradients.activations.sigmoidGradient.run
    unsafe differentiate(run, y, dy, adds: adds, into: dx)
  }

  private func differentiate(
    _ run: UnaryGradientFunction,
    _ x: MemoryView<Float>,
    _ dy: MemoryView<Float>,
    adds: Bool,
    into dx: MemoryView<Float>
  ) {
    precondition(
      x.count == dy.count && x.count == dx.count,
      "the gradient of \(x.count) activations from \(dy.count) into \(dx.count) floats"
    )
    pool.forEachChunk(of: x.count, grain: Self.elementGrain) { range in
      unsafe run(
        range.count,
        x[range].pointer,
        dy[range].pointer,
        adds ? 1 : 0,
        dx[range].pointer
      )
    }
  }
}
