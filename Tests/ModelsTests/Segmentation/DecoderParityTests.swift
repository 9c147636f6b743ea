import Autograd
import Foundation
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Decoders of masks on image encoders against PyTorch's, in float64.
struct DecoderParityTests {
  private let tolerance = Tolerance(
    absolute: 2e-5,
    relative: 2e-6,
    reason: "float32 against float64 over up to 30 layers, values of magnitude up to 15"
  )

  /// Offsets whose gradients are zero but for rounding.
  ///
  /// Keys' offsets add the same to all scores of a query, which softmax doesn't see; those of the last
  /// norm add the same to all pixels, which the batch normalisations of projections take away.
  private static let unseen = [".key.bias", "encoder.layernorm.bias", "encoder.ln_post.bias"]

  /// A tape executor that trains nothing.
  private func noting(_ device: Device) -> TapeExecutor {
    TapeExecutor(Tape(on: device, seed: 1), gradients: ParameterGradients(of: []))
  }

  /// The encoders' maps, computed at once and on a tape.
  @Test(arguments: DecoderCase.allCases.filter(\.isWhole))
  func maps(name: DecoderCase) throws {
    let network = try RecordedDecoder(name)
    let images = try network.images("looked")
    // One executor gives plain weights back, which the other needs.
    let encoders = (0..<2).map { _ in
      let parameters = ParameterSet()
      let encoder = Model.imageEncoder(name.vision, in: parameters.root["encoder"])
      for parameter in parameters.parameters { fill(parameter, on: network.device) }
      return encoder
    }
    let inference = InferenceExecutor(on: network.device, releasesParameters: true)
    let computed = encoders[0].maps(images, on: inference)
    let tape = noting(network.device)
    let noted = encoders[1].maps(tape.constant(images), on: tape).map(\.value)
    let count = encoders[0].mapChannels.count
    #expect(computed.count == count && noted.count == count)
    #expect(!network.recorded.has("maps/\(count)"))
    for (index, maps) in zip(computed, noted).enumerated() {
      let shape = try network.recorded.shape("maps/\(index)")
      #expect(maps.0.shape == shape && maps.1.shape == shape)
      #expect(shape[3] == encoders[0].mapChannels[index])
      let wanted = try network.recorded.floats("maps/\(index)")
      expect(maps.0.elements, equal: wanted, within: tolerance, "\(name), map \(index)")
      expect(maps.1.elements, equal: wanted, within: tolerance, "\(name), map \(index), noted")
    }
  }

  /// Logits with running statistics, computed at once and on a tape.
  @Test(arguments: DecoderCase.allCases)
  func logits(name: DecoderCase) throws {
    let (network, packed) = (try RecordedDecoder(name), try RecordedDecoder(name))
    let images = try network.images("looked")
    let inference = InferenceExecutor(on: packed.device, releasesParameters: true)
    let computed = packed.model.logits(try packed.images("looked"), on: inference)
    let tape = noting(network.device)
    let noted = network.model.logits(tape.constant(images), on: tape).map(\.value)
    try #require(computed.count == 1 && noted.count == 1)
    let wanted = try network.recorded.floats("logits")
    let shape = images.shape.dropLast() + [network.model.architecture.classes]
    #expect(computed[0].shape == Array(shape) && noted[0].shape == Array(shape))
    expect(computed[0].elements, equal: wanted, within: tolerance, "\(name), logits")
    expect(noted[0].elements, equal: wanted, within: tolerance, "\(name), logits, noted")
  }

  /// What is trained is what PyTorch's loss depends on, and nothing else.
  @Test(arguments: DecoderCase.allCases.filter(\.isWhole))
  func trainableParameters(name: DecoderCase) throws {
    let network = try RecordedDecoder(name)
    let trainable = Set(network.model.trainable.map(\.name))
    for parameter in network.model.parameters.parameters {
      let isRecorded = network.recorded.has("gradients/\(parameter.name)")
      #expect(trainable.contains(parameter.name) == isRecorded, "\(parameter.name)")
      #expect(network.recorded.has("statistics/\(parameter.name)") == parameter.isStatistic)
    }
    let decoder = Set(network.model.trainableDecoder.map(\.name))
    #expect(decoder == trainable.filter { $0.hasPrefix("decoder.") } && !decoder.isEmpty)
  }

  /// A training step: the loss, each gradient element by element and as a whole, running statistics.
  @Test(arguments: DecoderCase.allCases)
  func trainingStep(name: DecoderCase) throws {
    let network = try RecordedDecoder(name)
    let before = network.statistics
    let step = try network.step()
    let wanted = try network.recorded.number("loss")
    #expect(abs(Double(step.loss) - wanted) < 2e-6, "\(step.loss) against \(wanted)")
    let rounding = Tolerance(
      absolute: 4 * (try network.recorded.number("float32Gradients")),
      relative: 1e-5,
      reason: "4 times PyTorch's float32 against its float64: sums in another order"
    )
    var compared = 0
    for (parameter, sum) in step.gradients {
      let array = "gradients/\(parameter)"
      guard name.isWhole || network.recorded.has(array) else { continue }
      compared += 1
      let reference = try network.recorded.floats(array)
      expect(sum, equal: reference, within: rounding, "\(name), \(parameter)")
      let distance = zip(sum, reference).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
      let length = reference.reduce(0.0) { $0 + Double($1) * Double($1) }
      guard length > 1e-20 else {
        #expect(Self.unseen.contains(where: parameter.hasSuffix), "\(name), \(parameter)")
        continue
      }
      #expect(distance < 1e-7 * length, "\(name), \(parameter): \(distance) of \(length)")
    }
    #expect(compared >= 20)
    let averages = Tolerance(absolute: 2e-6, relative: 2e-6, reason: "float32 averages")
    for (statistic, values) in step.statistics {
      let reference = try network.recorded.floats("statistics/\(statistic)")
      expect(values, equal: reference, within: averages, "\(name), \(statistic)")
      #expect(before[statistic] != values)
    }
  }
}

/// How decoders on encoders are executed and trained.
struct DecoderExecutionTests {
  /// The same bits on any number of threads, and where blocks keep only their inputs.
  @Test(arguments: DecoderCase.allCases)
  func bitsDoNotDependOnExecution(name: DecoderCase) throws {
    var one = try RecordedDecoder(name, threads: 1).step()
    #expect(one.gradients.values.allSatisfy { !$0.isEmpty })
    for threads in [2, 4] {
      #expect(try RecordedDecoder(name, threads: threads).step() == one, "\(threads) threads")
    }
    let again = try RecordedDecoder(name).step(recomputes: true)
    #expect(again.noted < one.noted)
    one.noted = again.noted
    #expect(again == one)
    let wanted = try logits(name, threads: 1)
    for threads in [2, 4] {
      #expect(try logits(name, threads: threads) == wanted, "\(threads) threads")
    }
  }

  private func logits(_ name: DecoderCase, threads: Int) throws -> [[Float]] {
    let network = try RecordedDecoder(name, threads: threads)
    let executor = InferenceExecutor(on: network.device)
    return try ["trained", "looked"].flatMap { size in
      network.model.logits(try network.images(size), on: executor).map(\.elements)
    }
  }

  /// A frozen encoder keeps weights and statistics and isn't noted; its decoder learns as before.
  @Test(arguments: DecoderCase.allCases)
  func frozenEncoder(name: DecoderCase) throws {
    let network = try RecordedDecoder(name)
    let before = network.statistics
    let decoder = network.model.trainableDecoder
    let step = try network.step(decoder)
    #expect(Set(step.gradients.keys) == Set(decoder.map(\.name)))
    for (parameter, sum) in step.gradients {
      #expect(sum.contains { $0 != 0 }, "\(name), \(parameter)")
    }
    for (statistic, values) in step.statistics {
      #expect((before[statistic] == values) == statistic.hasPrefix("encoder."), "\(statistic)")
    }
    let whole = try RecordedDecoder(name).step()
    #expect(step.noted < whole.noted)
    // One linear map is the classifier, the enlargement and the loss.
    if name.kind == .linear { #expect(step.noted <= 3) }
    if case .transformer = name.vision {
      // Nothing but batch normalisations tells a frozen encoder from a trained one.
      #expect(step.loss == whole.loss)
      #expect(step.gradients.allSatisfy { whole.gradients[$0] == $1 })
    }
  }

  /// Losses fall where a decoder learns on a frozen encoder.
  @Test(arguments: [DecoderCase.clipViT, .resNet])
  func learning(name: DecoderCase) throws {
    let network = try RecordedDecoder(name)
    let decoder = network.model.trainableDecoder
    let losses = try (0..<12).map { _ in
      let step = try network.step(decoder)
      for parameter in decoder {
        let slope = step.gradients[parameter.name] ?? []
        let moved = zip(parameter.value.elements, slope).map { $0 - 0.3 * $1 }
        parameter.load(Tensor(moved, shape: parameter.shape, on: network.device))
      }
      return step.loss
    }
    #expect(losses[11] < losses[0] - 0.02, "\(losses)")
  }
}
