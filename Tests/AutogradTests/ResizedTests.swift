import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// Resized feature maps with their gradients.
struct ResizedTests {
  private static let file = "Autograd/pooling.json"
  private static let rounding = Tolerance(
    absolute: 2e-6,
    relative: 2e-6,
    reason: "weights rounded to float32, sums of up to 16 products and of their transposes"
  )

  /// The weights of pixels at a distance from the place that is asked for.
  private static func weight(_ filter: FeatureFilter, _ distance: Double) -> Double {
    switch filter {
    case .bilinear:
      return max(0, 1 - abs(distance))
    case .bicubic:
      let (t, a) = (abs(distance), -0.75)
      if t < 1 { return (a + 2) * t * t * t - (a + 3) * t * t + 1 }
      return t < 2 ? a * t * t * t - 5 * a * t * t + 8 * a * t - 4 * a : 0
    }
  }

  /// One side's pixels with their weights, those outside taken from the edge.
  private static func row(
    _ filter: FeatureFilter,
    _ index: Int,
    _ old: Int,
    _ new: Int,
    isAligned: Bool
  ) -> [(Int, Double)] {
    let step = new > 1 ? Double(old - 1) / Double(new - 1) : 0
    let place =
      isAligned
      ? Double(index) * step : (Double(index) + 0.5) * Double(old) / Double(new) - 0.5
    return (-3..<old + 4).map { pixel in
      (min(max(pixel, 0), old - 1), weight(filter, Double(pixel) - place))
    }
  }

  private static func reference(
    _ recorded: RecordedCase,
    _ filter: FeatureFilter
  ) throws -> Reference {
    let (input, output) = (try recorded.shape("x"), try recorded.shape("y"))
    let isAligned = try recorded.integer("align") == 1
    let rows = (0..<output[1]).map {
      row(filter, $0, input[1], output[1], isAligned: isAligned)
    }
    let columns = (0..<output[2]).map {
      row(filter, $0, input[2], output[2], isAligned: isAligned)
    }
    return { inputs in
      var y: [Double] = []
      for image in 0..<output[0] {
        for (row, column) in rows.flatMap({ row in columns.map { (row, $0) } }) {
          for channel in 0..<output[3] {
            var sum = 0.0
            for (i, vertical) in row where vertical != 0 {
              for (j, horizontal) in column where horizontal != 0 {
                let place = ((image * input[1] + i) * input[2] + j) * input[3] + channel
                sum += vertical * horizontal * inputs[0][place]
              }
            }
            y.append(sum)
          }
        }
      }
      return y
    }
  }

  @Test(arguments: try RecordedCase.cases(file, "bi"))
  func resized(_ recorded: RecordedCase) throws {
    let filter = recorded.name.hasPrefix("bilinear") ? FeatureFilter.bilinear : .bicubic
    let (height, width) = (try recorded.integer("height"), try recorded.integer("width"))
    let isAligned = try recorded.integer("align") == 1
    try OperationCheck(
      inputs: ["x"],
      forward: Self.rounding,
      backward: Self.rounding,
      reference: try Self.reference(recorded, filter),
      operation: {
        $0.resized($1[0], height: height, width: width, filter, alignCorners: isAligned)
      }
    ).run(recorded)
  }

  @Test(arguments: [FeatureFilter.bilinear, .bicubic])
  func bitsDoNotDependOnThreads(_ filter: FeatureFilter) {
    expectSameBits([[3, 41, 37, 19]], "\(filter)") { tape, inputs in
      tape.resized(inputs[0], height: 82, width: 29, filter, alignCorners: false)
    }
  }
}
