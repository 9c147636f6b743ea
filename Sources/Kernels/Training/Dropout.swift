import CKernels
package import Parallelism

extension ComputeContext {
  /// y = x / (1 − rate) where an element is kept, else 0.
  ///
  /// Srivastava et al. 2014, with the factor in training. Which elements are kept follows from the
  /// key and the element's place alone (Philox 4×32-10), so the same call gives the same again.
  ///
  /// - Parameters:
  ///   - x: any number of floats.
  ///   - key: names the draws.
  ///   - rate: how likely an element is dropped, in 0..<1.
  ///   - y: as x; may be x.
  package func dropout(
    _ x: MemoryView<Float>,
    key: UInt64,
    rate: Float,
    into y: MemoryView<Float>
  ) {
    precondition(
      x.count == y.count && (0..<1).contains(rate),
      "dropout of \(x.count) into \(y.count) floats at a rate of \(rate)"
    )
    let run = unsafe kernels.dropout.dropout.run
    let threshold = UInt32((Double(rate) * 0x1p32).rounded())
    let factor = Float(1 / (1 - Double(rate)))
    // A multiple of 64, as the kernel's stream is cut.
    pool.forEachChunk(of: x.count, grain: 16_384) { range in
      unsafe run(
        range.count,
        UInt64(range.lowerBound),
        key,
        threshold,
        factor,
        x[range].pointer,
        y[range].pointer
      )
    }
  }
}
