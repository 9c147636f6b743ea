import Autograd
import Layers
import Models
import Parallelism
import Pretraining
import Tensors
import TestSupport
import Testing
import Training

/// Encoders that follow the trained ones.
struct MomentumEncodersTests {
  private let device = Device(threadCount: 2)

  /// A model whose values lie in memory of their own, as a trainer's do.
  private func source(_ pairs: TinyPairs, seed: UInt64 = 6) throws -> Model {
    let model = try pairs.model(seed: seed)
    for parameter in model.parameters.parameters {
      parameter.load(parameter.value.copied(on: device))
    }
    return model
  }

  private func encoders(of model: Model, momentum: Double = 0.75) throws -> MomentumEncoders {
    try MomentumEncoders(
      of: model,
      trained: model.parameters.parameters.filter { !$0.isStatistic },
      momentum: momentum,
      on: device
    )
  }

  /// Changes every trained value, as a step does.
  private func step(_ model: Model, by change: Float) {
    for parameter in model.parameters.parameters where !parameter.isStatistic {
      let values = parameter.value.elements.enumerated().map { index, value in
        value * (1 - change) + change * Float(index % 7 - 3)
      }
      parameter.value.withView { $0.copy(from: values) }
    }
  }

  private func features(
    _ momentum: MomentumEncoders,
    _ pairs: TinyPairs,
    chunk: Int? = nil
  ) -> (images: [Float], texts: [Float]) {
    let found = momentum.features(
      of: pairs.split(6).pairs(Array(0..<6), epoch: 0).pairs,
      by: PairEncoder(chunk: chunk)
    )
    return (found.images.elements, found.texts.elements)
  }

  @Test(arguments: [0, 0.75, 0.995])
  func weightsFollowByTheirShare(momentum: Double) throws {
    let model = try source(try TinyPairs(on: device))
    let encoders = try encoders(of: model, momentum: momentum)
    #expect(encoders.model.values == model.values)
    var expected = model.values.map { $0.map(Double.init) }
    let tolerance = Tolerance(
      absolute: 1e-7,
      relative: 1e-6,
      reason: "three roundings to float32 per step, three steps"
    )
    for change in [0.1, 0.2, 0.4] as [Float] {
      step(model, by: change)
      encoders.update()
      for (index, values) in model.values.enumerated() {
        expected[index] = zip(expected[index], values).map {
          momentum * $0 + (1 - momentum) * Double($1)
        }
        let fault = mismatch(
          encoders.model.values[index].map(Double.init),
          expected[index],
          within: tolerance,
          context: model.parameters.parameters[index].name
        )
        #expect(fault == nil, "\(fault ?? "")")
      }
    }
    #expect(encoders.model.values != model.values || momentum == 0)
  }

  /// Statistics follow as weights do; encoding changes nothing, and doesn't depend on the batch.
  @Test func runningStatisticsFollow() throws {
    let pairs = try TinyPairs(.residual, on: device)
    let model = try source(pairs)
    let encoders = try encoders(of: model)
    let before = encoders.model.values
    let all = features(encoders, pairs)
    #expect(encoders.model.values == before)
    let half = encoders.features(
      of: pairs.split(6).pairs([0, 1, 2], epoch: 0).pairs,
      by: PairEncoder(chunk: nil)
    )
    let difference = mismatch(
      Array(all.images.prefix(half.images.count)),
      half.images.elements,
      within: Tolerance(absolute: 1e-5, relative: 1e-5, reason: "products of other sizes"),
      context: "three of six pairs"
    )
    #expect(difference == nil, "\(difference ?? "")")
    for parameter in model.parameters.parameters where parameter.isStatistic {
      parameter.value.withView { $0.copy(from: Array(repeating: 3, count: parameter.count)) }
    }
    encoders.update()
    let parameters = encoders.model.parameters.parameters
    #expect(parameters.contains { $0.isStatistic })
    for (index, parameter) in parameters.enumerated() where parameter.isStatistic {
      let wanted = before[index].map { 0.75 * $0 + 0.25 * 3 }
      #expect(zip(parameter.value.elements, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test(arguments: TinyPairs.Encoder.allCases)
  func aRestoredStateGoesOnAlike(encoder: TinyPairs.Encoder) throws {
    let pairs = try TinyPairs(encoder, on: device)
    let model = try source(pairs)
    let encoders = try encoders(of: model)
    for change in [0.3, 0.1] as [Float] {
      _ = features(encoders, pairs)
      step(model, by: change)
      encoders.update()
    }
    let saved = Dictionary(
      uniqueKeysWithValues: encoders.state.map { ($0.name, $0.tensor.copied(on: device)) }
    )
    let second = try source(pairs, seed: 77)
    let restored = try self.encoders(of: second)
    for (own, other) in zip(second.parameters.parameters, model.parameters.parameters) {
      own.value.withView { $0.copy(from: other.value.elements) }
    }
    try restored.load(saved)
    #expect(restored.model.values == encoders.model.values)
    for (momentum, source) in [(encoders, model), (restored, second)] {
      step(source, by: 0.2)
      momentum.update()
    }
    let (one, two) = (features(encoders, pairs), features(restored, pairs))
    #expect(one.images == two.images && one.texts == two.texts)
    #expect(restored.model.values == encoders.model.values)
  }

  @Test func aMissingArrayIsNamed() throws {
    let pairs = try TinyPairs(.residual, on: device)
    let encoders = try encoders(of: try source(pairs))
    let saved = Dictionary(uniqueKeysWithValues: encoders.state.map { ($0.name, $0.tensor) })
    let statistic = try #require(saved.keys.filter { $0.contains("running_mean") }.min())
    for name in ["momentum/ema/visual.conv1.weight", statistic] {
      var missing = saved
      #expect(missing.removeValue(forKey: name) != nil, "\(saved.keys.sorted())")
      #expect(throws: PretrainingError(.damagedState(detail: "\(name) is missing"))) {
        try encoders.load(missing)
      }
    }
  }

  /// The features are constants of the trained model's step, and what they needed is given back.
  @Test(arguments: TinyPairs.Encoder.allCases)
  func nothingIsLeftBehind(encoder: TinyPairs.Encoder) throws {
    let pairs = try TinyPairs(encoder, on: device)
    let model = try pairs.model()
    let job = try pairs.job(model, pairs.settings())
    let plain = try pairs.job(try pairs.model(), pairs.settings { $0.expansion = nil })
    let step = try JobStep(job, [0, 1, 2, 3, 4], on: device)
    let alone = try JobStep(plain, [0, 1, 2, 3, 4], on: device)
    #expect(step.executor.tape.count == alone.executor.tape.count)
    #expect(step.value == alone.value, "an empty queue changes nothing")
    for one in [step, alone] {
      #expect(one.gradients.sums.allSatisfy { $0 == nil })
      if let loss = one.loss { one.executor.tape.backward(from: loss.mean) }
    }
    #expect(
      step.gradients.sums.map { $0?.elements } == alone.gradients.sums.map { $0?.elements }
    )
    let encoders = try encoders(of: model)
    let held = device.storage.statistics.liveBytes
    for _ in 0..<3 { _ = features(encoders, pairs) }
    #expect(device.storage.statistics.liveBytes == held)
  }

  @Test func featuresHaveUnitRowsAndDoNotDependOnChunks() throws {
    let pairs = try TinyPairs(on: device)
    let encoders = try encoders(of: try source(pairs))
    let whole = features(encoders, pairs)
    let tolerance = Tolerance(absolute: 1e-6, reason: "sums of products in another order")
    for values in [whole.images, whole.texts] {
      #expect(values.count == 6 * 7)
      for row in 0..<6 {
        let length = values[row * 7..<row * 7 + 7].reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) < 1e-5)
      }
    }
    let cut = features(encoders, pairs, chunk: 4)
    #expect(mismatch(cut.images, whole.images, within: tolerance) == nil)
    #expect(mismatch(cut.texts, whole.texts, within: tolerance) == nil)
  }
}
