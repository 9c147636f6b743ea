import CKernels

extension ResizeKernel {
  /// The horizontal pass on arrays, for tests that compare variants.
  ///
  /// - Parameters:
  ///   - axis: the weights.
  ///   - width: pixels per input row.
  ///   - rows: how many rows there are.
  ///   - input: `rows × inputStride` bytes.
  ///   - inputStride: bytes from row to row, at least `width × 3`.
  ///   - output: receives `rows × outputStride` bytes; what lies between rows is left alone.
  ///   - outputStride: bytes from row to row, at least `outputs × 3`.
  package func resizeRows(
    _ axis: ResizeAxis,
    width: Int,
    rows: Int,
    input: [UInt8],
    inputStride: Int,
    output: inout [UInt8],
    outputStride: Int
  ) {
    precondition(inputStride >= width * 3 && outputStride >= axis.outputs * 3)
    precondition(
      rows == 0
        || input.count >= (rows - 1) * inputStride + width * 3
          && output.count >= (rows - 1) * outputStride + axis.outputs * 3
    )
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe axis.withKernelAxis { axis in
          unsafe self.rows(
            axis,
            rows,
            width,
            input.baseAddress,
            inputStride,
            output.baseAddress,
            outputStride
          )
        }
      }
    }
  }

  /// The vertical pass of one output row on arrays, for tests that compare variants.
  ///
  /// - Parameters:
  ///   - axis: the weights.
  ///   - index: which output.
  ///   - columns: how many bytes the row has.
  ///   - input: `inputs × columns` bytes.
  ///   - output: receives `columns` bytes at its beginning.
  package func resizeColumns(
    _ axis: ResizeAxis,
    index: Int,
    columns: Int,
    input: [UInt8],
    output: inout [UInt8]
  ) {
    let inputs = axis.inputs(of: index)
    let weights = index * axis.tapStride
    precondition(input.count >= inputs.upperBound * columns && output.count >= columns)
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe axis.high.withUnsafeBufferPointer { high in
          unsafe axis.low.withUnsafeBufferPointer { low in
            unsafe self.columns(
              inputs.count,
              high.baseAddress?.advanced(by: weights),
              low.baseAddress?.advanced(by: weights),
              columns,
              input.baseAddress?.advanced(by: inputs.lowerBound * columns),
              columns,
              output.baseAddress
            )
          }
        }
      }
    }
  }
}
