import Foundation
package import Randomness

/// Gaussian blur with a random width, with a probability.
package struct RandomBlur: Sendable, Equatable, Codable {
  /// How often an image is blurred.
  package var probability: Double
  /// How many pixels the kernel covers in either direction; odd.
  package var kernelSize: Int
  /// The Gaussian's deviation in pixels of the input, drawn uniformly.
  package var sigma: ClosedRange<Double>

  /// States a blur.
  ///
  /// - Parameters:
  ///   - probability: how often, `0...1`.
  ///   - kernelSize: how many pixels the kernel covers in either direction, odd, `1...99`.
  ///   - sigma: the Gaussian's deviation in pixels, above 0.
  package init(probability: Double, kernelSize: Int = 13, sigma: ClosedRange<Double> = 0.1...2) {
    self.probability = probability
    self.kernelSize = kernelSize
    self.sigma = sigma
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  var fault: String? {
    guard (0...1).contains(probability) else {
      return "a blur's probability of \(probability), expected 0...1"
    }
    guard (1...99).contains(kernelSize), !kernelSize.isMultiple(of: 2) else {
      return "a blur's kernel of \(kernelSize) pixels, expected an odd number in 1...99"
    }
    guard sigma.lowerBound > 0, sigma.upperBound.isFinite else {
      return "a blur's deviation of \(sigma), expected above 0"
    }
    return nil
  }

  /// Draws the deviation.
  ///
  /// - Parameter source: gives two numbers.
  /// - Returns: a deviation in pixels; nil where the image stays sharp.
  package func deviation(from source: inout RandomSource) -> Double? {
    let isBlurred = source.nextIsTrue(probability: probability)
    let deviation = source.nextUniform(in: sigma)
    return isBlurred ? deviation : nil
  }
}

extension ImageBuffer {
  /// Blurs the image with a Gaussian, as torchvision's `gaussian_blur` does 8-bit tensors.
  ///
  /// Computed in 32-bit floats over an image mirrored at its edges, then rounded, ties to even; the rows
  /// first, then the columns. (torchvision sums the kernel's square at once: where a value lies
  /// within rounding of a half, the two may differ by one level.)
  ///
  /// - Parameters:
  ///   - deviation: of the Gaussian, in pixels, above 0.
  ///   - kernelSize: how many pixels the kernel covers, odd; half of it is below either side.
  package mutating func blur(deviation: Double, kernelSize: Int) {
    let radius = kernelSize / 2
    precondition(
      deviation > 0 && kernelSize >= 1 && !kernelSize.isMultiple(of: 2)
        && radius < min(width, height),
      "a blur of \(deviation) over \(kernelSize) pixels of an image of \(width) × \(height)"
    )
    let kernel = gaussianKernel(deviation: deviation, size: kernelSize)
    let (width, height, stride) = (width, height, width * 3)
    unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      unsafe withUnsafeTemporaryAllocation(
        of: Float.self,
        capacity: height * stride + stride + 2 * radius * 3
      ) { room in
        let lines = unsafe UnsafeMutableBufferPointer(rebasing: room[..<(height * stride)])
        let padded = unsafe UnsafeMutableBufferPointer(rebasing: room[(height * stride)...])
        for row in 0..<height {
          for column in -radius..<width + radius {
            for channel in 0..<3 {
              let from = row * stride + mirrored(column, width) * 3 + channel
              unsafe padded[(column + radius) * 3 + channel] = Float(pixels[from])
            }
          }
          let line = unsafe UnsafeMutableBufferPointer(
            rebasing: lines[row * stride..<(row + 1) * stride]
          )
          unsafe weigh(kernel, into: line) { tap in
            unsafe UnsafeBufferPointer(rebasing: padded[tap * 3..<tap * 3 + stride])
          }
        }
        let sum = unsafe UnsafeMutableBufferPointer(rebasing: padded[..<stride])
        for row in 0..<height {
          unsafe weigh(kernel, into: sum) { tap in
            let from = mirrored(row + tap - radius, height) * stride
            return unsafe UnsafeBufferPointer(rebasing: lines[from..<from + stride])
          }
          for index in 0..<stride {
            unsafe pixels[row * stride + index] = UInt8(sum[index].rounded(.toNearestOrEven))
          }
        }
      }
    }
  }
}

/// The Gaussian's share of each pixel; they make 1.
private func gaussianKernel(deviation: Double, size: Int) -> [Float] {
  let values = (0..<size).map { exp(-0.5 * pow(Double($0 - size / 2) / deviation, 2)) }
  let sum = values.reduce(0, +)
  return values.map { Float($0 / sum) }
}

/// An index mirrored at the first and last element, which are not repeated.
@inline(__always)
private func mirrored(_ index: Int, _ count: Int) -> Int {
  let positive = abs(index)
  return positive < count ? positive : 2 * (count - 1) - positive
}

/// Sums lines, each with its weight, in the kernel's order.
///
/// - Parameters:
///   - kernel: the weights.
///   - sum: receives the sums.
///   - line: as many values as `sum` has, for each weight.
@inline(__always)
private func weigh(
  _ kernel: [Float],
  into sum: UnsafeMutableBufferPointer<Float>,
  line: (Int) -> UnsafeBufferPointer<Float>
) {
  unsafe sum.initialize(repeating: 0)
  for (tap, weight) in kernel.enumerated() {
    let values = unsafe line(tap)
    for index in 0..<sum.count { unsafe sum[index] += weight * values[index] }
  }
}
