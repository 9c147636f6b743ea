import CKernels

/// The weights of one axis of a resampling, exactly Pillow's.
///
/// Source: Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` (src/libImaging/Resample.c).
package struct ResizeAxis: Sendable {
  /// The first input that each output takes.
  package let starts: [Int32]
  /// How many inputs each output takes.
  package let counts: [Int32]
  /// How many weights are stored per output; those beyond its count are 0.
  let tapStride: Int
  /// The weights' bits from 15 upwards, `outputs × tapStride`.
  let high: [Int16]
  /// The weights' low 15 bits, `outputs × tapStride`.
  let low: [Int16]

  /// How many outputs there are.
  package var outputs: Int { starts.count }

  /// The inputs that output `index` takes.
  func inputs(of index: Int) -> Range<Int> {
    Int(starts[index])..<Int(starts[index]) + Int(counts[index])
  }

  /// Computes the weights.
  ///
  /// - Parameters:
  ///   - inputs: how many pixels the axis has.
  ///   - box: the part of `0...inputs` that is spread over all outputs.
  ///   - outputs: how many pixels the whole result has.
  ///   - window: the part of `0..<outputs` that is wanted.
  ///   - interpolation: the filter.
  package init(
    inputs: Int,
    box: ClosedRange<Float>,
    outputs: Int,
    window: Range<Int>,
    interpolation: Interpolation
  ) {
    let scale = Double(box.upperBound - box.lowerBound) / Double(outputs)
    let filterScale = max(scale, 1)
    let support = interpolation.support * filterScale
    let inverse = 1 / filterScale
    let block = VBK_RESIZE_TAP_BLOCK
    let tapLimit = Int(support.rounded(.up)) * 2 + 1
    tapStride = (tapLimit + block - 1) / block * block

    var starts: [Int32] = []
    var counts: [Int32] = []
    var high = [Int16](repeating: 0, count: window.count * tapStride)
    var low = high
    var taps = [Double](repeating: 0, count: tapLimit)
    for (row, output) in window.enumerated() {
      let center = Double(box.lowerBound) + (Double(output) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let count = min(Int(center + support + 0.5), inputs) - first
      var sum = 0.0
      for tap in 0..<count {
        taps[tap] = interpolation.weight(
          at: (Double(tap + first) - center + 0.5) * inverse
        )
        sum += taps[tap]
      }
      for tap in 0..<count {
        let share = sum == 0 ? taps[tap] : taps[tap] / sum
        let scaled = share * Double(1 << VBK_RESIZE_FRACTION_BITS)
        let weight = Int32(share < 0 ? scaled - 0.5 : scaled + 0.5)
        high[row * tapStride + tap] = Int16(weight >> VBK_RESIZE_LOW_BITS)
        low[row * tapStride + tap] = Int16(weight & (1 << VBK_RESIZE_LOW_BITS - 1))
      }
      starts.append(Int32(first))
      counts.append(Int32(count))
    }
    self.starts = starts
    self.counts = counts
    self.high = high
    self.low = low
  }

  /// Lends the weights to a kernel.
  func withKernelAxis<Result>(_ body: (UnsafePointer<VBKResizeAxis>) -> Result) -> Result {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe high.withUnsafeBufferPointer { high in
          unsafe low.withUnsafeBufferPointer { low in
            var axis = unsafe VBKResizeAxis(
              outputs: starts.count,
              tap_stride: tapStride,
              starts: starts.baseAddress,
              counts: counts.baseAddress,
              high: high.baseAddress,
              low: low.baseAddress
            )
            return unsafe body(&axis)
          }
        }
      }
    }
  }
}
