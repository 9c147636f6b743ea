import Kernels

/// Convolutions in double, as slow and plain as the formula.
struct DirectConvolution {
  /// The convolution's sizes.
  let shape: ConvolutionShape
  /// Of x.
  let images: Int
  /// Of x.
  let height: Int
  /// Of x.
  let width: Int

  private var outputHeight: Int { shape.outputHeight(height) }
  private var outputWidth: Int { shape.outputWidth(width) }

  /// Calls `body` for each product that a convolution sums: its indices in x, weights and y.
  func forEachProduct(_ body: (_ x: Int, _ weight: Int, _ y: Int) -> Void) {
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    for image in 0..<images {
      for row in 0..<outputHeight {
        for column in 0..<outputWidth {
          for u in 0..<shape.kernelHeight {
            let i = row * shape.stride + u - shape.padding
            for v in 0..<shape.kernelWidth where (0..<height).contains(i) {
              let j = column * shape.stride + v - shape.padding
              guard (0..<width).contains(j) else { continue }
              let pixel = (image * height + i) * width + j
              let place = (image * outputHeight + row) * outputWidth + column
              for output in 0..<outputs {
                for input in 0..<inputs {
                  let window = (output * inputs + input) * shape.kernelHeight + u
                  body(
                    pixel * inputs + input,
                    window * shape.kernelWidth + v,
                    place * outputs + output
                  )
                }
              }
            }
          }
        }
      }
    }
  }

  /// y of x and weights, plus offsets.
  func output(_ x: [Double], _ weight: [Double], _ bias: [Double]?) -> [Double] {
    let count = images * outputHeight * outputWidth * shape.outputChannels
    var y = (0..<count).map { bias?[$0 % shape.outputChannels] ?? 0 }
    forEachProduct { y[$2] += x[$0] * weight[$1] }
    return y
  }

  /// x's gradient of y's and weights, plus offsets: the transposed convolution.
  func transposed(_ dy: [Double], _ weight: [Double], _ bias: [Double]?) -> [Double] {
    let count = images * height * width * shape.inputChannels
    var dx = (0..<count).map { bias?[$0 % shape.inputChannels] ?? 0 }
    forEachProduct { dx[$0] += dy[$2] * weight[$1] }
    return dx
  }

  /// The gradient of weights.
  func weightGradient(_ x: [Double], _ dy: [Double]) -> [Double] {
    let window = shape.kernelHeight * shape.kernelWidth
    var gradient = [Double](
      repeating: 0,
      count: shape.outputChannels * shape.inputChannels * window
    )
    forEachProduct { gradient[$1] += x[$0] * dy[$2] }
    return gradient
  }
}
