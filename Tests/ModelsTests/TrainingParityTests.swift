import Autograd
import Foundation
import Layers
import Randomness
import Tensors
import TestSupport
import Testing

/// Training steps of whole models against PyTorch's, in float64.
struct TrainingParityTests {
  /// A tolerance from how far PyTorch's own float32 lies from its float64.
  private func multiple(
    _ factor: Double,
    of name: String,
    _ recorded: RecordedCase,
    relative: Double = 0
  ) throws -> Tolerance {
    Tolerance(
      absolute: factor * (try recorded.number(name)),
      relative: relative,
      reason: "\(factor) times PyTorch's float32 against its float64: sums in another order"
    )
  }

  /// Names and shapes are the recorded ones; nothing is left out.
  @Test(arguments: TrainedFamily.allCases)
  func everyParameterHasARecordedGradient(family: TrainedFamily) throws {
    let model = try TrainedModel(family)
    for parameter in model.gradients.parameters {
      let name = "gradients/\(family.recordedName(parameter.name))"
      #expect(model.recorded.has(name), "\(name)")
      #expect(try model.recorded.shape(name) == parameter.shape)
    }
  }

  /// Every parameter's gradient at the first step, element by element and as a whole.
  ///
  /// Every parameter gets one. That of keys' offsets is zero but for rounding: they add the same to all
  /// scores of a query, which softmax doesn't see. PyTorch's DINOv2 has a mask token that no loss
  /// depends on; it is no parameter here.
  @Test(arguments: TrainedFamily.allCases)
  func firstGradients(family: TrainedFamily) throws {
    let model = try TrainedModel(family)
    let loss = model.differentiate()
    let wanted = try model.recorded.floats("losses")[0]
    let rounding = try multiple(4, of: "float32Losses", model.recorded)
    #expect(rounding.accepts(Double(loss), Double(wanted)), "\(loss) against \(wanted)")
    let tolerance = try multiple(4, of: "float32Gradients", model.recorded)
    for parameter in model.gradients.parameters {
      let sum = try #require(model.gradients[parameter]?.sum, "\(parameter.name)").elements
      let name = "gradients/\(family.recordedName(parameter.name))"
      let reference = try model.recorded.floats(name)
      expect(sum, equal: reference, within: tolerance, "\(family), \(parameter.name)")
      let length = zip(sum, reference).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
      let whole = reference.reduce(0.0) { $0 + Double($1) * Double($1) }
      // A gradient that is small altogether has to agree, too.
      let isZero = whole.squareRoot() < 1e-12
      let share = (length / max(whole, 1e-24)).squareRoot()
      #expect(isZero || share < Self.share, "\(family), \(parameter.name): \(share)")
      #expect(!isZero || parameter.name.contains("key") || parameter.name.contains("k_proj"))
    }
  }

  /// How far a parameter's gradient may lie from its reference as a whole, as a share of its length.
  ///
  /// PyTorch's float32 is up to 3e-5 from its float64, where sums cancel in front of batch
  /// normalisations; ours sums in another order.
  private static let share = 5e-4

  /// Ten losses, and running statistics after ten steps.
  @Test(arguments: TrainedFamily.allCases)
  func tenSteps(family: TrainedFamily) throws {
    let model = try TrainedModel(family)
    let losses = try model.train(steps: 10).losses
    let wanted = try model.recorded.floats("losses")
    expect(
      losses,
      equal: wanted,
      within: try multiple(8, of: "float32Losses", model.recorded),
      "\(family), losses"
    )
    let statistics = model.parameters.parameters.filter(\.isStatistic)
    #expect(statistics.isEmpty == !family.hasStatistics)
    let tolerance = Tolerance(
      absolute: 2e-5,
      relative: 2e-5,
      reason: "averages of ten batches' statistics under weights that differ by roundings"
    )
    let drifting = Tolerance(
      absolute: 2e-3,
      reason: "PyTorch's float32 is 9e-4 from its float64: an offset moves by rounding alone"
    )
    for parameter in statistics {
      let reference = try model.recorded.floats("statistics/\(parameter.name)")
      let isShifted = family == .resNet && Self.shifted.contains(parameter.name)
      let values = parameter.value.elements
      expect(
        values,
        equal: reference,
        within: isShifted ? drifting : tolerance,
        "\(family), \(parameter.name)"
      )
      #expect(try model.recorded.floats("weights/\(parameter.name)") != values)
    }
  }

  /// The means behind the last channel of `layer1.1`.
  ///
  /// All of that channel's values are positive, so that ReLU lets them pass and the next batch
  /// normalisations take any offset away: its offset's gradient is zero but for rounding, and AdamW
  /// takes a whole step wherever the rounding points. Losses don't change, these two means do.
  private static let shifted: Set = [
    "layer2.0.bn1.running_mean", "layer2.0.downsample.1.running_mean",
  ]

  /// Words that no text has, positions behind the longest and other segments stay at zero exactly.
  @Test func rowsThatNoTextReads() throws {
    let model = try TrainedModel(.bert)
    _ = model.differentiate()
    let ids = Set(try model.recorded.floats("ids").map { Int($0) })
    let read: [(String, (Int) -> Bool)] = [
      ("word", { ids.contains($0) && $0 != 0 }), ("position", { $0 < 11 }),
      ("token_type", { $0 == 0 }),
    ]
    for (table, isRead) in read {
      let parameter = try #require(model.parameters["bert.embeddings.\(table)_embeddings.weight"])
      let gradient = try #require(model.gradients[parameter]?.sum?.elements)
      for row in 0..<parameter.shape[0] {
        let isZero = gradient[row * 20..<(row + 1) * 20].allSatisfy { $0 == 0 }
        #expect(isZero == !isRead(row), "\(table) \(row)")
      }
    }
  }

  /// A central difference of the loss along the gradient, each element weighed by chance.
  ///
  /// The steps change the loss by 4e-3 in all; a rounding of 4e-7 is 1e-4 of that. In the ResNet,
  /// whose ReLUs' kinks make 5e-3 of it, they change it by 1e-3. The modified ResNet bends most and
  /// its squared gradient is 8,000: the difference is off by 2.5 % at 2e-2 (bends), by 0.5 % at 4e-3
  /// and by 1.4 % at 1e-3 (roundings inside, amplified), so that it is held to 1 %.
  @Test(arguments: TrainedFamily.allCases)
  func directionalDerivative(family: TrainedFamily) throws {
    let model = try TrainedModel(family)
    _ = model.differentiate()
    var source = RandomSource(seed: 11, 0)
    let parameters = model.gradients.parameters
    let slopes = try parameters.map { try #require(model.gradients[$0]?.sum).elements }
    let direction = slopes.map { $0.map { Double($0) * (0.5 + source.nextUniform()) } }
    let derivative = zip(slopes, direction).reduce(0.0) { sum, pair in
      zip(pair.0, pair.1).reduce(sum) { $0 + Double($1.0) * $1.1 }
    }
    let change = family == .resNet ? 5e-4 : 2e-3
    let step = change / derivative
    let values = parameters.map { $0.value.elements }
    // Moves the parameters; Σ gradient · (what they became) tells how far they went after rounding.
    func moved(to place: Double) -> (loss: Double, along: Double) {
      var along = 0.0
      for (index, parameter) in parameters.enumerated() {
        let moved = zip(values[index], direction[index]).map { Float(Double($0) + place * $1) }
        parameter.load(Tensor(moved, shape: parameter.shape, on: model.device))
        along += zip(moved, slopes[index]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      }
      return (Double(model.forward().loss.value.elements[0]), along)
    }
    let (ahead, behind) = (moved(to: step), moved(to: -step))
    let difference = (ahead.loss - behind.loss) / (ahead.along - behind.along)
    let bound = family == .clipResNet ? 1e-2 : 3e-3
    #expect(abs(difference - 1) < bound, "\(family): \(difference) of \(derivative)")
  }
}
