import Kernels
import Parallelism
import Tensors

extension Tape {
  /// Sets elements to zero by chance and divides the others by 1 − rate.
  ///
  /// Srivastava et al. 2014. Which elements are kept is drawn again in the backward pass; only the
  /// draws' key is kept.
  ///
  /// - Parameters:
  ///   - x: of any shape.
  ///   - rate: how likely an element is dropped, in 0..<1; 0 gives x itself.
  /// - Returns: as x.
  package func dropout(_ x: Variable, rate: Float) -> Variable {
    guard rate != 0 else { return x }
    let key = nextRandomKey()
    let y = Tensor(uninitialized: x.shape, on: device)
    withViews(x.value, y) { device.compute.dropout($0, key: key, rate: rate, into: $1) }
    let dx = x.gradient
    return record("dropout", y, [dx]) { [device] dy in
      guard let dx else { return }
      let isOurs = dy.isUniquelyHeld()
      let result = isOurs ? dy : Tensor(uninitialized: dy.shape, on: device)
      withViews(dy, result) { device.compute.dropout($0, key: key, rate: rate, into: $1) }
      dx.add(result, on: device)
    }
  }

  /// Sets whole samples to zero by chance and divides the others by 1 − rate.
  ///
  /// Stochastic depth of Huang et al. 2016 where x is a residual branch, scaled in training as timm's
  /// `DropPath` is. One factor per sample is kept.
  ///
  /// - Parameters:
  ///   - x: samples along the first dimension.
  ///   - rate: how likely a sample is dropped, in 0..<1; 0 gives x itself.
  /// - Returns: as x.
  package func dropPath(_ x: Variable, rate: Float) -> Variable {
    guard rate != 0 else { return x }
    let samples = x.shape.first ?? 1
    let key = nextRandomKey()
    let ones = Tensor([Float](repeating: 1, count: samples), shape: [samples], on: device)
    ones.withView { device.compute.dropout($0, key: key, rate: rate, into: $0) }
    let factors = ones.elements
    let y = Tensor(uninitialized: x.shape, on: device)
    withViews(x.value, y) { device.scaleSamples($0, by: factors, adds: false, into: $1) }
    let dx = x.gradient
    return record("drop_path", y, [dx]) { [device] dy in
      dx?.replace(&dy, on: device) { dy, sum, adds in
        device.scaleSamples(dy, by: factors, adds: adds, into: sum)
      }
    }
  }
}

extension Device {
  /// y = factor · x or y += factor · x for each sample; a factor of 0 leaves x unread.
  fileprivate func scaleSamples(
    _ x: MemoryView<Float>,
    by factors: [Float],
    adds: Bool,
    into y: MemoryView<Float>
  ) {
    guard !factors.isEmpty else { return }
    let width = x.count / factors.count
    for (sample, factor) in factors.enumerated() {
      let result = y.rows(sample..<sample + 1, width: width)
      if factor != 0 {
        let sample = x.rows(sample..<sample + 1, width: width)
        compute.scaled(sample, by: factor, adds: adds, into: result)
      } else if !adds {
        compute.fill(result, with: 0)
      }
    }
  }
}
