import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// Feature maps resized by both executors.
struct ResizedMapTests {
  private static let rounding = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "weights rounded to float32, two sums of two products of numbers up to 1"
  )

  /// The weights of the two neighbours of a new pixel's centre, those outside taken from the edge.
  private static func neighbours(_ index: Int, _ old: Int, _ new: Int) -> [(Int, Double)] {
    let place = max(0, (Double(index) + 0.5) * Double(old) / Double(new) - 0.5)
    let first = Int(place)
    let share = place - Double(first)
    return [(first, 1 - share), (min(first + 1, old - 1), share)]
  }

  /// [height, width, C] of each map, pixel by pixel.
  private static func bilinear(
    _ x: [Float],
    _ shape: [Int],
    _ height: Int,
    _ width: Int
  ) -> [Float] {
    var y: [Float] = []
    for map in 0..<shape[0] {
      for row in 0..<height {
        for column in 0..<width {
          for feature in 0..<shape[3] {
            var sum = 0.0
            for (i, vertical) in neighbours(row, shape[1], height) {
              for (j, horizontal) in neighbours(column, shape[2], width) {
                let place = ((map * shape[1] + i) * shape[2] + j) * shape[3] + feature
                sum += vertical * horizontal * Double(x[place])
              }
            }
            y.append(Float(sum))
          }
        }
      }
    }
    return y
  }

  /// Growing, shrinking, one side each way; few and many features; both executors the same bits.
  @Test(
    arguments: [[2, 5, 7, 1], [1, 9, 4, 3], [3, 2, 6, 17]],
    [[11, 13], [3, 2], [3, 11], [9, 2]]
  )
  func bothExecutors(shape: [Int], sides: [Int]) {
    let device = Device(threadCount: 2)
    let values = TapeScene.uniforms(shape.reduce(1, *), seed: 4)
    let x = Tensor(values, shape: shape, on: device)
    let inference = InferenceExecutor(on: device)
    let y = inference.resized(x, height: sides[0], width: sides[1])
    #expect(y.shape == [shape[0], sides[0], sides[1], shape[3]])
    let wanted = Self.bilinear(values, shape, sides[0], sides[1])
    let difference = mismatch(y.elements, wanted, within: Self.rounding)
    #expect(difference == nil, "\(shape) to \(sides): \(difference ?? "")")

    let executor = TapeExecutor(Tape(on: device), gradients: ParameterGradients(of: []))
    let input = Variable(x, gradient: Gradient(shape: shape))
    let output = executor.resized(input, height: sides[0], width: sides[1])
    #expect(output.value.elements == y.elements)
    // Weights of each new pixel add up to 1, so that gradients of ones add up to its pixels.
    executor.tape.backward(from: output)
    let sum = input.gradient?.sum?.elements.reduce(0.0) { $0 + Double($1) }
    #expect(abs((sum ?? 0) - Double(y.count)) < 1e-5 * Double(y.count))
  }

  /// Maps that have the size stay what they are, and nothing is noted.
  @Test func sameSize() {
    let device = Device(threadCount: 1)
    let x = Tensor(TapeScene.uniforms(30, seed: 5), shape: [1, 5, 3, 2], on: device)
    let pieces = device.storage.statistics.livePieces
    let y = InferenceExecutor(on: device).resized(x, height: 5, width: 3)
    let executor = TapeExecutor(Tape(on: device), gradients: ParameterGradients(of: []))
    let input = Variable(x, gradient: Gradient(shape: x.shape))
    let output = executor.resized(input, height: 5, width: 3)
    #expect(device.storage.statistics.livePieces == pieces)
    #expect(y.elements == x.elements && output.value.elements == x.elements)
    #expect(executor.tape.count == 0 && output.gradient === input.gradient)
  }
}
