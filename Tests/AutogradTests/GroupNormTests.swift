import Autograd
import TestSupport
import Testing

/// Group normalisation with its gradients.
struct GroupNormTests {
  private static let file = "Autograd/batch_norm.json"
  private static let forward = Tolerance(
    absolute: 4e-6,
    relative: 4e-6,
    reason: "the group's mean and deviation are rounded to float32 before x is normalised"
  )
  private static let backward = Tolerance(
    absolute: 2e-5,
    relative: 1e-5,
    reason: "sums of up to 60 float32 products of deviations"
  )

  @Test(arguments: try RecordedCase.cases(file, "group-norm"))
  func groupNorm(_ recorded: RecordedCase) throws {
    let shape = try recorded.shape("x")
    let groups = try recorded.integer("groups")
    let (channels, size) = (shape[3], shape[1] * shape[2] * shape[3])
    try OperationCheck(
      inputs: ["x", "scale", "shift"],
      forward: Self.forward,
      backward: Self.backward,
      reference: { inputs in
        var y = inputs[0]
        for (image, group) in (0..<shape[0]).flatMap({ n in (0..<groups).map { (n, $0) } }) {
          let places = (image * size..<(image + 1) * size).filter {
            $0 % channels / (channels / groups) == group
          }
          let count = Double(places.count)
          let mean = places.reduce(0) { $0 + inputs[0][$1] } / count
          let squares = places.reduce(0) {
            $0 + (inputs[0][$1] - mean) * (inputs[0][$1] - mean)
          }
          let deviation = (squares / count + 1e-5).squareRoot()
          for place in places {
            let channel = place % channels
            let normal = (inputs[0][place] - mean) / deviation
            y[place] = normal * inputs[1][channel] + inputs[2][channel]
          }
        }
        return y
      },
      operation: {
        $0.groupNorm($1[0], scale: $1[1], shift: $1[2], groups: groups, epsilon: 1e-5)
      }
    ).run(recorded)
  }

  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[3, 61, 53, 24], [24], [24]], "group norm") { tape, inputs in
      tape.groupNorm(inputs[0], scale: inputs[1], shift: inputs[2], groups: 6, epsilon: 1e-5)
    }
  }
}
