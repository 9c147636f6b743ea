import Kernels
import Optimizers
import Tensors
import TestSupport
import Testing

/// The instruction sets that this machine runs.
let trainingInstructionSets = InstructionSet.allCases.filter { $0 <= .best }

/// The parameters and gradients of `Tests/Fixtures/generate/optimizers_training.py`.
struct TrainingFixture {
  static let steps = 10
  static let names = [
    "visual.conv1.weight", "visual.transformer.resblocks.0.attn.in_proj_weight",
    "visual.ln_post.weight", "visual.ln_post.bias", "logit_scale",
  ]

  private let inputs: RecordedCase
  /// One of the recorded optimisers.
  let recorded: RecordedCase
  let device: Device

  init(_ recorded: RecordedCase, on device: Device) throws {
    let found = try RecordedCase.cases("Optimizers/training.json", "inputs")
    inputs = found[0]
    self.recorded = recorded
    self.device = device
  }

  /// All recorded optimisers whose names start so.
  static func cases(_ prefix: String) throws -> [RecordedCase] {
    try RecordedCase.cases("Optimizers/training.json", "optimizer-\(prefix)")
  }

  /// The parameters before the first step, in memory of their own.
  func parameters() throws -> [OptimizedParameter] {
    let decay = try recorded.number("decay")
    return try Self.names.enumerated().map { index, name in
      let shape = try inputs.shape("start/\(name)")
      let isDecayed = try inputs.integer("decays\(index)") == 1
      return OptimizedParameter(
        name: name,
        value: Tensor(try inputs.floats("start/\(name)"), shape: shape, on: device),
        group: ParameterGroup(
          learningRateFactor: try inputs.number("factor\(index)"),
          weightDecay: isDecayed ? decay : 0
        )
      )
    }
  }

  /// The gradients of one step, counted from 0; nil where the step has none.
  func gradients(_ step: Int) throws -> [Tensor?] {
    try Self.names.map { name in
      let key = "gradient\(step)/\(name)"
      guard inputs.has(key) else { return nil }
      return Tensor(try inputs.floats(key), shape: try inputs.shape(key), on: device)
    }
  }

  /// The recorded optimiser, before its first step.
  func optimizer(_ parameters: [OptimizedParameter]) throws -> any Optimizer {
    let numbers = recorded.numbers
    if recorded.name.hasPrefix("optimizer-sgd") {
      let options = SGD.Options(
        momentum: numbers["momentum"] ?? 0,
        isNesterov: numbers["nesterov"] == 1
      )
      return try SGD(parameters, options: options, on: device)
    }
    let beta1 = try recorded.number("beta1")
    let beta2 = try recorded.number("beta2")
    let epsilon = try recorded.number("epsilon")
    if recorded.name.hasPrefix("optimizer-adamw") {
      let options = AdamW.Options(beta1: beta1, beta2: beta2, epsilon: epsilon)
      return try AdamW(parameters, options: options, on: device)
    }
    let options = LAMB.Options(
      beta1: beta1,
      beta2: beta2,
      epsilon: epsilon,
      adaptsUndecayed: numbers["adapts"] == 1
    )
    return try LAMB(parameters, options: options, on: device)
  }

  /// The recorded schedule: with warm-up and cosine where gradients are clipped, else constant.
  func schedule() throws -> any LearningRateSchedule {
    let base = try recorded.number("base")
    guard recorded.numbers["maximum"] != nil else { return try ConstantSchedule(rate: base) }
    return try WarmupCosineSchedule(
      rate: base,
      warmupSteps: try recorded.integer("warmup"),
      totalSteps: try recorded.integer("total"),
      warmupStart: try recorded.number("start"),
      endRate: try recorded.number("end")
    )
  }

  /// Takes steps as recorded: scaled, clipped and scheduled.
  ///
  /// - Parameters:
  ///   - range: which steps, counted from 0.
  ///   - optimizer: takes them.
  ///   - body: runs after each step, with the norm of its gradients.
  /// - Throws: `Failure` of a case without what is asked for, and what `body` throws.
  func run(
    _ range: Range<Int>,
    _ optimizer: any Optimizer,
    _ body: (_ step: Int, _ norm: Double) throws -> Void = { _, _ in }
  ) throws {
    let schedule = try schedule()
    for step in range {
      let gradients = try gradients(step)
      let norm = GradientNorm(of: gradients, scale: recorded.numbers["scale"] ?? 1, on: device)
      optimizer.step(
        gradients: gradients,
        learningRate: schedule.rate(at: step),
        gradientScale: norm.gradientScale(clippingTo: recorded.numbers["maximum"]),
        on: device
      )
      try body(step, norm.total)
    }
  }
}

/// Records what differs, if anything does.
func expect(
  _ values: [Float],
  equal references: [Float],
  within tolerance: Tolerance = .exact,
  _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let difference = mismatch(values, references, within: tolerance, context: context)
  #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
}

/// Whether all bits of two arrays agree.
func haveSameBits(_ first: Tensor, _ second: Tensor) -> Bool {
  first.shape == second.shape
    && zip(first.elements, second.elements).allSatisfy { $0.bitPattern == $1.bitPattern }
}
