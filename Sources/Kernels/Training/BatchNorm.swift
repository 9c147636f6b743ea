import CKernels
package import Parallelism

// R rows of C channels: the pixels of all images, or of one.
extension ComputeContext {
  /// The mean and the mean squared deviation of each channel.
  ///
  /// - Parameters:
  ///   - x: R rows of C floats, at least one row.
  ///   - channels: C.
  /// - Returns: C numbers each, from chunks' moments that are combined in order.
  package func channelMoments(
    _ x: MemoryView<Float>,
    channels: Int
  ) -> (means: [Double], variances: [Double]) {
    precondition(
      channels > 0 && x.count > 0 && x.count % channels == 0,
      "moments of \(x.count) floats in rows of \(channels)"
    )
    let (rows, grain) = (x.count / channels, sumGrain(channels))
    let partial = PartialSums(rows: rows, grain: grain, width: 3 * channels)
    let run = unsafe kernels.batchNorm.moments.run
    pool.forEachChunk(of: rows, grain: grain) { range in
      let sums = partial[range]
      unsafe run(
        range.count,
        channels,
        x.rows(range, width: channels).pointer,
        sums.pointer,
        sums.pointer + channels,
        sums.pointer + 2 * channels
      )
    }
    var result = [Double](repeating: 0, count: 2 * channels)
    result.withDisjointWrites { writes in
      pool.forEachChunk(of: channels, grain: 128) { range in
        let means = unsafe writes[range]
        let variances = unsafe writes[range.lowerBound + channels..<range.upperBound + channels]
        unsafe combine(partial, range, means, variances)
      }
    }
    return (Array(result[..<channels]), Array(result[channels...]))
  }

  /// y = relu?((x − mean) · factor + shift + residual).
  ///
  /// - Parameters:
  ///   - x: R rows of C floats.
  ///   - coefficients: mean, factor and shift, C floats each.
  ///   - residual: as x; nil for nothing.
  ///   - relu: whether negative numbers become zero.
  ///   - passed: receives where ReLU let pass, R rows of ⌈C/32⌉ words of bits; nil to not tell.
  ///   - y: as x; may be x or the residual.
  package func normalizeChannels(
    _ x: MemoryView<Float>,
    _ coefficients: (mean: MemoryView<Float>, factor: MemoryView<Float>, shift: MemoryView<Float>),
    residual: MemoryView<Float>?,
    relu: Bool,
    passed: MemoryView<Float>?,
    into y: MemoryView<Float>
  ) {
    let (mean, factor, shift) = coefficients
    let channels = mean.count
    let rows = rowCount(x, channels)
    precondition(
      factor.count == channels && shift.count == channels && y.count == x.count
        && (residual?.count ?? x.count) == x.count,
      "normalising \(x.count) floats with \(channels) channels into \(y.count)"
    )
    checkBits(passed, rows, channels)
    let run = unsafe kernels.batchNorm.normalize.run
    pool.forEachChunk(of: rows, grain: rowGrain(channels)) { range in
      unsafe run(
        range.count,
        channels,
        x.rows(range, width: channels).pointer,
        mean.pointer,
        factor.pointer,
        shift.pointer,
        residual?.rows(range, width: channels).pointer,
        relu ? 1 : 0,
        passed?.rows(range, width: bitWords(channels)).pointer,
        y.rows(range, width: channels).pointer
      )
    }
  }

  /// Σ g and Σ g·(x − mean) of each channel, where g is dy where ReLU let pass.
  ///
  /// - Parameters:
  ///   - dy: R rows of C floats.
  ///   - passed: the bits of `normalizeChannels`; nil for everywhere.
  ///   - x: as dy.
  ///   - mean: C floats.
  /// - Returns: C numbers each; chunks' sums are added in order.
  package func channelGradientSums(
    _ dy: MemoryView<Float>,
    passed: MemoryView<Float>?,
    _ x: MemoryView<Float>,
    mean: MemoryView<Float>
  ) -> (sums: [Double], products: [Double]) {
    let channels = mean.count
    let (rows, grain) = (rowCount(dy, channels), sumGrain(channels))
    precondition(x.count == dy.count, "\(dy.count) gradients of \(x.count) floats")
    checkBits(passed, rows, channels)
    let partial = PartialSums(rows: rows, grain: grain, width: 2 * channels)
    let run = unsafe kernels.batchNorm.gradientSums.run
    pool.forEachChunk(of: rows, grain: grain) { range in
      let sums = partial[range]
      unsafe run(
        range.count,
        channels,
        dy.rows(range, width: channels).pointer,
        passed?.rows(range, width: bitWords(channels)).pointer,
        x.rows(range, width: channels).pointer,
        mean.pointer,
        sums.pointer,
        sums.pointer + channels
      )
    }
    let sums = partial.total(on: pool)
    return (Array(sums[..<channels]), Array(sums[channels...]))
  }

  /// dx = g·f₀ + (x − mean)·f₁ + f₂, where g is dy where ReLU let pass.
  ///
  /// - Parameters:
  ///   - dy: R rows of C floats.
  ///   - passed: the bits of `normalizeChannels`; nil for everywhere.
  ///   - x: as dy, and its mean, C floats; nil where dx = g·f₀.
  ///   - factors: f₀, f₁ and f₂, C floats each, one after the other.
  ///   - dx: as dy; nil when nobody wants it; may be dy.
  ///   - gradient: receives g, as dy; nil when nobody wants it; may be dy unless dx is.
  package func channelGradient(
    _ dy: MemoryView<Float>,
    passed: MemoryView<Float>?,
    _ x: (MemoryView<Float>, mean: MemoryView<Float>)?,
    factors: MemoryView<Float>,
    into dx: MemoryView<Float>?,
    gradient: MemoryView<Float>?
  ) {
    let channels = factors.count / 3
    let rows = rowCount(dy, channels)
    precondition(
      [x?.0, dx, gradient].allSatisfy { ($0?.count ?? dy.count) == dy.count }
        && (x?.mean.count ?? channels) == channels && factors.count == 3 * channels,
      "the gradient of \(dy.count) floats with \(channels) channels"
    )
    checkBits(passed, rows, channels)
    let run = unsafe kernels.batchNorm.gradient.run
    pool.forEachChunk(of: rows, grain: rowGrain(channels)) { range in
      unsafe run(
        range.count,
        channels,
        dy.rows(range, width: channels).pointer,
        passed?.rows(range, width: bitWords(channels)).pointer,
        x?.0.rows(range, width: channels).pointer,
        x?.mean.pointer,
        factors.pointer,
        dx?.rows(range, width: channels).pointer,
        gradient?.rows(range, width: channels).pointer
      )
    }
  }

  /// How many floats' room a row of bits takes.
  package func bitWords(_ channels: Int) -> Int { (channels + 31) / 32 }

  /// How many rows make a chunk of a sum: about 256 kB, and few enough for float32.
  private func sumGrain(_ channels: Int) -> Int { max(1, min(1024, 65_536 / max(channels, 1))) }

  private func rowCount(_ x: MemoryView<Float>, _ channels: Int) -> Int {
    precondition(
      channels > 0 ? x.count % channels == 0 : x.count == 0,
      "\(x.count) floats in rows of \(channels) channels"
    )
    return channels > 0 ? x.count / channels : 0
  }

  private func checkBits(_ bits: MemoryView<Float>?, _ rows: Int, _ channels: Int) {
    let needed = rows * bitWords(channels)
    precondition(
      (bits?.count ?? needed) == needed,
      "\(bits?.count ?? 0) words of bits for \(rows) rows of \(channels) channels"
    )
  }
}

/// Moments of all rows from those of chunks: the chunks' own, and those of their means.
///
/// Chan, Golub, LeVeque 1983.
private func combine(
  _ partial: PartialSums,
  _ channels: Range<Int>,
  _ means: UnsafeMutableBufferPointer<Double>,
  _ variances: UnsafeMutableBufferPointer<Double>
) {
  let stride = partial.width / 3
  let count = Double(partial.rows)
  for chunk in 0..<partial.chunkCount {
    let sums = unsafe partial.memory(ofChunk: chunk).pointer
    let length = Double(partial.length(ofChunk: chunk))
    for (index, channel) in channels.enumerated() {
      let (center, sum) = unsafe (Double(sums[channel]), Double(sums[stride + channel]))
      unsafe means[index] += (length * center + sum) / count
    }
  }
  for chunk in 0..<partial.chunkCount {
    let sums = unsafe partial.memory(ofChunk: chunk).pointer
    let length = Double(partial.length(ofChunk: chunk))
    for (index, channel) in channels.enumerated() {
      let (center, sum) = unsafe (Double(sums[channel]), Double(sums[stride + channel]))
      let difference = unsafe center + sum / length - means[index]
      let squares = unsafe Double(sums[2 * stride + channel]) - sum * sum / length
      unsafe variances[index] += (squares + length * difference * difference) / count
    }
  }
}
