import Foundation
import Imaging
import Testing

/// Resizing against Pillow, and the kernel variants against the scalar reference.
@Suite struct ResizeTests {
  @Test(arguments: ExpectedImages.shared.resized)
  func everyVariantEqualsPillow(_ expected: ExpectedImages.Resize) {
    let image = generatedImage(width: expected.input[0], height: expected.input[1])
    let plan = ResizePlan(
      inputWidth: image.width,
      inputHeight: image.height,
      width: expected.output[0],
      height: expected.output[1],
      box: expected.box.map { ImageBox(left: $0[0], top: $0[1], right: $0[2], bottom: $0[3]) },
      interpolation: expected.interpolation
    )
    for kernel in ResizeKernel.available {
      let result = image.resized(plan, kernel: kernel)
      #expect(result.width == expected.output[0] && result.height == expected.output[1])
      #expect(Array(result.pixels.prefix(expected.first.count)) == expected.first, "\(kernel.name)")
      #expect(checksum(result.pixels) == expected.checksum, "\(kernel.name)")
    }
  }

  @Test func theScalarReferenceIsAlwaysThere() {
    #expect(ResizeKernel.available.last?.name == "vbk_resize_rows_rgb8__scalar")
    #expect(ResizeKernel.best.name == ResizeKernel.available.first?.name)
  }

  /// Widths around the vectors' sizes; the bytes behind each row must stay.
  @Test(arguments: [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 61, 127, 257])
  func rowsOfAllVariantsAreEqual(_ width: Int) throws {
    let scalar = try #require(ResizeKernel.available.last)
    let (sentinel, gap) = (UInt8(0xA5), 5)
    for outputs in [1, 2, 7, 16, 19, 64] {
      for rows in [0, 1, 3, 4, 5, 8, 11] {
        let axis = ResizeAxis(
          inputs: width,
          box: 0...Float(width),
          outputs: outputs,
          window: 0..<outputs,
          interpolation: .bicubic
        )
        // The last row ends with the array: a variant that reads on is caught by a sanitizer.
        let input = Array(
          noise((rows * (width * 3 + gap)), seed: width).dropLast(rows == 0 ? 0 : gap)
        )
        let results = [scalar] + ResizeKernel.available
        let outputs = results.map { kernel in
          var output = [UInt8](repeating: sentinel, count: rows * (outputs * 3 + gap) + gap)
          kernel.resizeRows(
            axis,
            width: width,
            rows: rows,
            input: input,
            inputStride: width * 3 + gap,
            output: &output,
            outputStride: outputs * 3 + gap
          )
          return output
        }
        for (kernel, output) in zip(results, outputs) {
          #expect(output == outputs[0], "\(kernel.name), \(width) to \(axis.outputs), \(rows) rows")
        }
        #expect(outputs[0].suffix(gap).allSatisfy { $0 == sentinel })
      }
    }
  }

  @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 97, 672])
  func columnsOfAllVariantsAreEqual(_ columns: Int) throws {
    let scalar = try #require(ResizeKernel.available.last)
    for (inputs, outputs) in [(1, 1), (2, 1), (3, 1), (1, 3), (7, 2), (40, 7), (9, 31)] {
      let axis = ResizeAxis(
        inputs: inputs,
        box: 0...Float(inputs),
        outputs: outputs,
        window: 0..<outputs,
        interpolation: .bicubic
      )
      let input = noise(inputs * columns, seed: columns)
      for index in 0..<outputs {
        var expected = [UInt8](repeating: 0x5A, count: columns + 40)
        scalar.resizeColumns(axis, index: index, columns: columns, input: input, output: &expected)
        for kernel in ResizeKernel.available {
          var output = [UInt8](repeating: 0x5A, count: columns + 40)
          kernel.resizeColumns(axis, index: index, columns: columns, input: input, output: &output)
          #expect(output == expected, "\(kernel.name), \(inputs) to \(outputs), output \(index)")
        }
      }
    }
  }

  /// A window of a resize equals the same part of the whole.
  @Test func windowsEqualTheWhole() {
    let image = generatedImage(width: 61, height: 47)
    let whole = image.resized(width: 40, height: 90, interpolation: .bicubic)
    let part = image.resized(
      ResizePlan(
        inputWidth: 61,
        inputHeight: 47,
        width: 40,
        height: 90,
        columns: 7..<30,
        rows: 41..<80,
        interpolation: .bicubic
      )
    )
    #expect(part.width == 23 && part.height == 39)
    for y in 0..<39 {
      for x in 0..<23 { #expect(part[x, y] == whole[x + 7, y + 41]) }
    }
  }

  /// Extreme samples overshoot; they are cut off, not wrapped around.
  @Test func overshootIsCutOff() {
    var pixels = [UInt8](repeating: 0, count: 16 * 4 * 3)
    for index in pixels.indices where index / 3 % 16 >= 8 { pixels[index] = 255 }
    let image = ImageBuffer(width: 16, height: 4, pixels: pixels)
    let result = image.resized(width: 64, height: 4, interpolation: .bicubic)
    let row = (0..<64).map { result[$0, 1].red }
    #expect(row == row.sorted() && row.first == 0 && row.last == 255)
  }

  private func noise(_ count: Int, seed: Int) -> [UInt8] {
    var random = SplitMix64(state: UInt64(seed))
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
