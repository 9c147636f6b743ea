import CKernels
import TestSupport
import Testing

/// All variants of average and maximum pooling against the scalar references.
struct PoolingVariantTests {
  /// A pooling of an image whose sides differ.
  struct Case: Sendable, CustomTestStringConvertible {
    var height: Int
    var width: Int
    var window: Int
    var stride: Int
    var padding: Int

    var testDescription: String { "\(height)×\(width), window \(window)/\(stride)+\(padding)" }

    func shape(channels: Int) -> VBKPoolShape {
      VBKPoolShape(
        height: height,
        width: width,
        channels: channels,
        outputHeight: (height + 2 * padding - window) / stride + 1,
        outputWidth: (width + 2 * padding - window) / stride + 1,
        window: window,
        stride: stride,
        padding: padding
      )
    }
  }

  static let cases = [
    Case(height: 7, width: 5, window: 3, stride: 2, padding: 1),
    Case(height: 6, width: 9, window: 3, stride: 2, padding: 1),
    Case(height: 8, width: 6, window: 2, stride: 2, padding: 0),
    Case(height: 5, width: 7, window: 4, stride: 1, padding: 2),
    Case(height: 7, width: 9, window: 7, stride: 1, padding: 0),
    Case(height: 1, width: 3, window: 1, stride: 3, padding: 0),
  ]

  private static let average = Tolerance(
    absolute: 1e-6,
    reason: "up to 49 values below 1 are added in float32 and divided by multiplication"
  )

  private func output(_ run: PoolCall, _ shape: VBKPoolShape, _ x: [Float]) -> [Float] {
    let y = GuardedFloats(count: shape.outputHeight * shape.outputWidth * shape.channels)
    let input = GuardedFloats(x)
    // Two calls, as two threads would make them: the rows of the first are left alone.
    let half = shape.outputHeight / 2
    run(shape, 0..<half, input, y)
    let first = y.values
    run(shape, half..<shape.outputHeight, input, y)
    let width = half * shape.outputWidth * shape.channels
    #expect(first.dropFirst(width).allSatisfy { $0 == GuardedFloats.sentinel })
    #expect(Array(first.prefix(width)) == Array(y.values.prefix(width)) || x.contains { $0.isNaN })
    #expect(y.isIntact)
    return y.values
  }

  @Test(arguments: cases, [1, 3, 15, 16, 17, 31, 33, 64])
  func equalTheReferences(_ pooling: Case, channels: Int) throws {
    let shape = pooling.shape(channels: channels)
    let x = uniforms(pooling.height * pooling.width * channels, seed: 22)
    let (average, maximum) = (try KernelTable.averagePool(), try KernelTable.maxPool())
    let mean = output(average.reference.run, shape, x)
    for variant in average.others {
      let y = output(variant.run, shape, x)
      expect(y, equal: mean, within: Self.average, "\(variant.name), \(pooling), \(channels)")
    }
    let largest = output(maximum.reference.run, shape, x)
    for variant in maximum.others {
      let y = output(variant.run, shape, x)
      expect(y, equal: largest, "\(variant.name), \(pooling), \(channels)")
    }
  }

  /// A window of 2 × 2 whole numbers has an average that float32 holds.
  @Test(arguments: [1, 17, 32])
  func averagesOfWholeNumbersAreExact(channels: Int) throws {
    let pooling = Case(height: 4, width: 6, window: 2, stride: 2, padding: 0)
    let shape = pooling.shape(channels: channels)
    let x = integers(4 * 6 * channels, seed: 23)
    var wanted: [Float] = []
    for row in 0..<2 {
      for column in 0..<3 {
        for channel in 0..<channels {
          let cells = [(0, 0), (0, 1), (1, 0), (1, 1)].map { down, right in
            x[((2 * row + down) * 6 + 2 * column + right) * channels + channel]
          }
          wanted.append(cells.reduce(0, +) / 4)
        }
      }
    }
    for variant in try KernelTable.averagePool().all {
      expect(output(variant.run, shape, x), equal: wanted, "\(variant.name), \(channels)")
    }
  }

  /// Cells outside the image count for no average and no maximum.
  @Test func paddingTakesNoPart() throws {
    let pooling = Case(height: 3, width: 4, window: 3, stride: 2, padding: 1)
    let shape = pooling.shape(channels: 19)
    let x = [Float](repeating: -2, count: 3 * 4 * 19)
    for variant in try KernelTable.averagePool().all + KernelTable.maxPool().all {
      let y = output(variant.run, shape, x)
      let close = Tolerance(absolute: 0, relative: 1.2e-7, reason: "−2 · n · (1/n) rounds twice")
      expect(y, equal: y.map { _ in -2 }, within: close, variant.name)
    }
  }

  /// A NaN anywhere in a window makes its result NaN, wherever it lies, as in PyTorch.
  @Test(arguments: [0, 4, 8])
  func notANumberIsKept(place: Int) throws {
    let pooling = Case(height: 3, width: 3, window: 3, stride: 1, padding: 0)
    let channels = 18
    var x = uniforms(9 * channels, seed: 24)
    for channel in [0, 17] { x[place * channels + channel] = .nan }
    x[5 * channels + 3] = .infinity
    for variant in try KernelTable.averagePool().all + KernelTable.maxPool().all {
      let y = output(variant.run, pooling.shape(channels: channels), x)
      #expect(y.indices.filter { y[$0].isNaN } == [0, 17], "\(variant.name), \(place)")
      #expect(y[3] == .infinity, "\(variant.name)")
    }
  }
}
