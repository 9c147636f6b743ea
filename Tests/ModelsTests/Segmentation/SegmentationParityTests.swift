import Autograd
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Segmentation networks against PyTorch's, in float64.
struct SegmentationParityTests {
  /// The recorded cases, each with its sizes of images and how many nets answer.
  private static let forward: [(name: String, sizes: [[Int]], nets: Int)] = [
    ("unet-whole", [[2, 12, 20], [1, 4, 8]], 1), ("unet-plain", [[2, 24, 16]], 1),
    ("unet-shortcut", [[3, 6, 10]], 1), ("unet-one-stage", [[2, 5, 3]], 1),
    ("wnet", [[2, 12, 20], [1, 8, 4]], 2),
  ]

  private let tolerance = Tolerance(
    absolute: 1e-5,
    relative: 2e-6,
    reason: "float32 against float64 over up to 22 convolutions, logits of magnitude up to 20"
  )

  /// Logits with running statistics, computed at once and on a tape.
  @Test(arguments: forward.map(\.name))
  func logits(name: String) throws {
    // One executor gives plain weights back, which the other needs.
    let (network, packed) = (try RecordedNetwork(name), try RecordedNetwork(name))
    let (_, sizes, nets) = try #require(Self.forward.first { $0.name == name })
    let classes = network.model.architecture.classes
    let inference = InferenceExecutor(on: packed.device, releasesParameters: true)
    let tape = TapeExecutor(
      Tape(on: network.device, seed: 1),
      gradients: ParameterGradients(of: [])
    )
    for size in sizes {
      let pixels = network.images(size[0], size[1], size[2])
      let noted = network.model.logits(tape.constant(pixels), on: tape).map(\.value)
      let computed = packed.model.logits(
        packed.images(size[0], size[1], size[2]),
        on: inference
      )
      #expect(noted.count == nets && computed.count == nets)
      for (index, (one, other)) in zip(computed, noted).enumerated() {
        #expect(one.shape == size + [classes] && other.shape == one.shape)
        let array = "logits\(index)/\(size[0])x\(size[1])x\(size[2])"
        let wanted = try network.recorded.floats(array)
        expect(one.elements, equal: wanted, within: tolerance, "\(name), \(array)")
        expect(other.elements, equal: wanted, within: tolerance, "\(name), \(array), noted")
      }
    }
    let kept = packed.model.parameters.parameters.filter(\.isLoaded).map(\.name)
    #expect(kept.allSatisfy { $0.contains("up_layer") }, "\(kept)")
  }

  /// A training step: the loss, each gradient element by element and as a whole, running statistics.
  @Test(arguments: ["train-unet", "train-plain", "train-wnet"])
  func trainingStep(name: String) throws {
    let network = try RecordedNetwork(name)
    let step = try network.step()
    let wanted = try network.recorded.number("loss")
    #expect(abs(Double(step.loss) - wanted) < 2e-6, "\(step.loss) against \(wanted)")
    let rounding = Tolerance(
      absolute: 4 * (try network.recorded.number("float32Gradients")),
      relative: 1e-5,
      reason: "4 times PyTorch's float32 against its float64: sums in another order"
    )
    for (parameter, gradient) in zip(network.trained, step.gradients) {
      let sum = try #require(gradient, "\(parameter.name)")
      let reference = try network.recorded.floats("gradients/\(parameter.name)")
      expect(sum, equal: reference, within: rounding, "\(name), \(parameter.name)")
      let distance = zip(sum, reference).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      let length = reference.reduce(0.0) { $0 + Double($1 * $1) }
      #expect(distance < 1e-8 * length, "\(name), \(parameter.name): \(distance) of \(length)")
    }
    let tolerance = Tolerance(absolute: 1e-6, relative: 1e-6, reason: "float32 averages")
    for (statistic, values) in step.statistics {
      let reference = try network.recorded.floats("statistics/\(statistic)")
      expect(values, equal: reference, within: tolerance, "\(name), \(statistic)")
      #expect(try network.recorded.floats("weights/\(statistic)") != values)
    }
  }

  /// The same bits on any number of threads, and where blocks keep only their inputs.
  @Test(arguments: ["train-unet", "train-wnet"])
  func bitsDoNotDependOnExecution(name: String) throws {
    let one = try RecordedNetwork(name, threads: 1).step()
    #expect(one.gradients.allSatisfy { $0 != nil })
    for threads in [2, 4] {
      #expect(try RecordedNetwork(name, threads: threads).step() == one, "\(threads) threads")
    }
    #expect(try RecordedNetwork(name).step(recomputes: true) == one)
    for threads in [2, 4] {
      let wanted = try logits(name, threads: 1)
      #expect(try logits(name, threads: threads) == wanted, "\(threads) threads")
    }
  }

  private func logits(_ name: String, threads: Int) throws -> [[Float]] {
    let network = try RecordedNetwork(name, threads: threads)
    let executor = InferenceExecutor(on: network.device)
    return [(1, 32, 12), (3, 8, 20)].flatMap { count, height, width in
      network.model.logits(network.images(count, height, width), on: executor).map(\.elements)
    }
  }

  /// Sides that a stage can't halve are a mistake of whoever asks.
  @Test func oddSides() async {
    await #expect(processExitsWith: .failure) {
      let network = try RecordedNetwork("unet-whole")
      let pixels = network.images(1, 12, 18)
      _ = network.model.logits(pixels, on: InferenceExecutor(on: network.device))
    }
  }
}
