package import Parallelism

extension ComputeContext {
  /// Puts a class token before each image's patches and adds the positions.
  ///
  /// y[b, 0] = classToken + positions[0]; y[b, 1 + t] = patches[b, t] + positions[1 + t].
  ///
  /// - Parameters:
  ///   - classToken: `width` floats.
  ///   - patches: [images, T, width].
  ///   - positions: [1 + T, width].
  ///   - images: how many images.
  ///   - y: [images, 1 + T, width].
  package func prependToken(
    _ classToken: MemoryView<Float>,
    to patches: MemoryView<Float>,
    positions: MemoryView<Float>,
    images: Int,
    into y: MemoryView<Float>
  ) {
    let width = classToken.count
    let size = positions.count
    precondition(
      y.count == images * size && patches.count == images * (size - width),
      "\(images) images: a token of \(width), \(patches.count) patch features, \(size) positions"
    )
    pool.forEach(images) { image in
      let from = patches.rows(image..<image + 1, width: size - width)
      let to = y.rows(image..<image + 1, width: size)
      unsafe kernels.add.run(width, classToken.pointer, positions.pointer, to.pointer)
      unsafe kernels.add.run(
        size - width,
        from.pointer,
        positions.pointer + width,
        to.pointer + width
      )
    }
  }

  /// Copies one row of each sequence.
  ///
  /// - Parameters:
  ///   - row: which row of each sequence, in 0..<T.
  ///   - x: [sequences, T, width].
  ///   - sequences: how many sequences.
  ///   - width: how many features a row has.
  ///   - y: [sequences, width].
  package func copyRow(
    _ row: Int,
    of x: MemoryView<Float>,
    sequences: Int,
    width: Int,
    into y: MemoryView<Float>
  ) {
    guard sequences > 0 else { return }
    let size = x.count / sequences
    precondition(
      size * sequences == x.count && (row + 1) * width <= size && y.count == sequences * width,
      "row \(row) of \(sequences) sequences in \(x.count) floats into \(y.count)"
    )
    for sequence in 0..<sequences {
      let start = sequence * size + row * width
      y.rows(sequence..<sequence + 1, width: width).copy(from: x[start..<start + width])
    }
  }

  /// The mean of some rows of each sequence.
  ///
  /// - Parameters:
  ///   - rows: which rows of each sequence, inside 0..<T; at least one.
  ///   - x: [sequences, T, width].
  ///   - sequences: how many sequences.
  ///   - width: how many features a row has.
  ///   - y: [sequences, width].
  package func meanRow(
    over rows: Range<Int>,
    of x: MemoryView<Float>,
    sequences: Int,
    width: Int,
    into y: MemoryView<Float>
  ) {
    guard sequences > 0 else { return }
    let size = x.count / sequences
    precondition(
      size * sequences == x.count && !rows.isEmpty && rows.upperBound * width <= size
        && y.count == sequences * width,
      "the mean of rows \(rows) of \(sequences) sequences in \(x.count) floats into \(y.count)"
    )
    pool.forEach(sequences) { sequence in
      let part = x.rows(sequence..<sequence + 1, width: size)
      let to = y.rows(sequence..<sequence + 1, width: width)
      var sums = [Double](repeating: 0, count: width)
      for row in rows {
        let features = part.rows(row..<row + 1, width: width)
        for column in 0..<width { sums[column] += Double(features[column]) }
      }
      for column in 0..<width { to[column] = Float(sums[column] / Double(rows.count)) }
    }
  }

  /// Puts the mean of each sequence's rows before them and adds the positions.
  ///
  /// y[b, 0] = mean over t of x[b, t] + positions[0]; y[b, 1 + t] = x[b, t] + positions[1 + t].
  ///
  /// - Parameters:
  ///   - x: [sequences, T, width].
  ///   - positions: [1 + T, width].
  ///   - sequences: how many sequences.
  ///   - width: how many features a row has.
  ///   - y: [sequences, 1 + T, width].
  package func prependMean(
    to x: MemoryView<Float>,
    positions: MemoryView<Float>,
    sequences: Int,
    width: Int,
    into y: MemoryView<Float>
  ) {
    guard sequences > 0 else { return }
    let size = positions.count
    let means = AlignedMemory(byteCount: sequences * width * MemoryLayout<Float>.stride)
    let rows = size / width - 1
    precondition(
      x.count == sequences * rows * width && y.count == sequences * size,
      "\(sequences) sequences of \(rows) rows of \(width) in \(x.count) into \(y.count) floats"
    )
    let mean = means.view(of: Float.self)
    meanRow(over: 0..<rows, of: x, sequences: sequences, width: width, into: mean)
    pool.forEach(sequences) { sequence in
      let from = x.rows(sequence..<sequence + 1, width: size - width)
      let to = y.rows(sequence..<sequence + 1, width: size)
      let first = mean.rows(sequence..<sequence + 1, width: width)
      unsafe kernels.add.run(width, first.pointer, positions.pointer, to.pointer)
      unsafe kernels.add.run(
        size - width,
        from.pointer,
        positions.pointer + width,
        to.pointer + width
      )
    }
  }
}
