import Autograd
import Kernels
import Layers
import Models
import Optimizers
import Tensors
import TestSupport

/// The families of models whose training PyTorch recorded in `Tests/Fixtures/Training`.
enum TrainedFamily: String, CaseIterable, Sendable, CustomStringConvertible {
  case clipViT = "clip-vit"
  case dinov2
  case clipResNet = "clip-rn"
  case resNet = "resnet"
  case bert

  var description: String { rawValue }

  /// Whether it normalises over the batch while training.
  var hasStatistics: Bool { self == .clipResNet || self == .resNet }

  /// The family's case.
  func recorded() throws -> RecordedCase {
    try RecordedCase.cases("Training/\(rawValue).json", rawValue)[0]
  }

  /// A parameter's name in the case; transformers 5 shortened the names of DINOv2's attention.
  func recordedName(_ name: String) -> String {
    guard self == .dinov2 else { return name }
    let changes = [
      (".attention.attention.query.", ".attention.q_proj."),
      (".attention.attention.key.", ".attention.k_proj."),
      (".attention.attention.value.", ".attention.v_proj."),
      (".attention.output.dense.", ".attention.o_proj."),
    ]
    guard let (old, new) = changes.first(where: { name.contains($0.0) }) else { return name }
    return name.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }

  /// The image encoder's sizes; nil for texts.
  var vision: VisionArchitecture? {
    switch self {
    case .clipViT: .transformer(.tiny(.clip, side: 15, patch: 5, hidden: 80, projection: 7))
    case .dinov2: .transformer(.tiny(.dinov2, side: 21, patch: 7, hidden: 40, projection: nil))
    case .clipResNet:
      .modifiedResNet(
        ModifiedResNetArchitecture(
          imageSize: 64,
          positionGrid: 2,
          width: 2,
          layers: [1, 2, 1, 1],
          heads: 2,
          projectionWidth: 9
        )
      )
    case .resNet: .resNet(ResNetArchitecture(imageSize: 45, width: 2, layers: [2, 1, 1, 1]))
    case .bert: nil
    }
  }
}

extension VisionTransformerArchitecture {
  /// Two blocks of 20 features and 4 heads on 3 × 3 patches.
  fileprivate static func tiny(
    _ layout: Layout,
    side: Int,
    patch: Int,
    hidden: Int,
    projection: Int?
  ) -> VisionTransformerArchitecture {
    VisionTransformerArchitecture(
      layout: layout,
      imageSize: side,
      patchSize: patch,
      positionGrid: 3,
      width: 20,
      layers: 2,
      heads: 4,
      hiddenWidth: hidden,
      projectionWidth: projection
    )
  }
}

/// A model with the recorded weights and batch, ready for training steps.
final class TrainedModel {
  let recorded: RecordedCase
  let device: Device
  let parameters = ParameterSet()
  let gradients: ParameterGradients
  /// The image encoder's maps that end residual branches.
  let branchEnds: [Linear]
  private let optimizer: AdamW
  private let loss: (TapeExecutor) -> Variable
  private var count: UInt64 = 0

  /// Builds the model.
  ///
  /// - Parameters:
  ///   - family: whose case.
  ///   - threads: how many threads work.
  /// - Throws: what reading the case throws.
  init(_ family: TrainedFamily, threads: Int = 2) throws {
    let recorded = try family.recorded()
    let device = Device(threadCount: threads)
    (self.recorded, self.device) = (recorded, device)
    (loss, branchEnds) =
      if let vision = family.vision {
        try Self.imageLoss(vision, recorded, in: parameters, on: device)
      } else {
        (try Self.textLoss(recorded, in: parameters, on: device), [])
      }
    for parameter in parameters.parameters {
      let name = "weights/\(family.recordedName(parameter.name))"
      let values = try recorded.floats(name)
      parameter.load(Tensor(values, shape: try recorded.shape(name), on: device))
    }
    let trained = parameters.parameters.filter { !$0.isStatistic }
    gradients = ParameterGradients(of: trained)
    let group = ParameterGroup(weightDecay: try recorded.number("weightDecay"))
    optimizer = try AdamW(
      trained.map { OptimizedParameter(name: $0.name, value: $0.value, group: group) },
      options: AdamW.Options(
        beta1: recorded.number("beta1"),
        beta2: recorded.number("beta2"),
        epsilon: recorded.number("epsilon")
      ),
      on: device
    )
  }

  /// A linear classifier on the encoder's usual feature.
  private static func imageLoss(
    _ vision: VisionArchitecture,
    _ recorded: RecordedCase,
    in parameters: ParameterSet,
    on device: Device
  ) throws -> ((TapeExecutor) -> Variable, [Linear]) {
    let isResNet = if case .resNet = vision { true } else { false }
    let isDINO = if case .transformer(let t) = vision { t.layout == .dinov2 } else { false }
    let root = parameters.root
    let encoder = Model.imageEncoder(vision, in: isResNet || isDINO ? root : root["visual"])
    let kind: ImageFeatureKind =
      encoder.availableFeatures.contains(.projected) ? .projected : .pooled
    let head = Linear(encoder.width(of: kind), 5, in: root["head"])
    let classes = try recorded.floats("classes").map { Int32($0) }
    let side = try recorded.integer("side")
    let pixels = Tensor(
      images(classes.count, side: side),
      shape: [classes.count, side, side, 3],
      on: device
    )
    let loss = { (executor: TapeExecutor) -> Variable in
      let features = encoder.features(executor.constant(pixels), kind, on: executor)
      let logits = executor.linear(features[0], head, activation: nil)
      return executor.tape.crossEntropy(logits, classes: classes)
    }
    return (loss, encoder.branchEnds.flatMap { $0 })
  }

  /// Cosines with features that stay as they are, times a factor, against the recorded classes.
  private static func textLoss(
    _ recorded: RecordedCase,
    in parameters: ParameterSet,
    on device: Device
  ) throws -> (TapeExecutor) -> Variable {
    let encoder = BERT(
      TextArchitecture(
        vocabularySize: 23,
        width: 20,
        layers: 2,
        heads: 4,
        hiddenWidth: 36,
        positions: 13,
        segmentKinds: 3,
        projectionWidth: 7,
        contextLength: 11
      ),
      in: parameters.root
    )
    let ids = try recorded.floats("ids").map { Int32($0) }
    let lengths = try recorded.floats("lengths").map { Int($0) }
    let classes = try recorded.floats("classes").map { Int32($0) }
    let others = Tensor(
      try recorded.floats("others"),
      shape: try recorded.shape("others"),
      on: device
    )
    let scale = Float(try recorded.number("scale"))
    return { executor in
      let features = encoder.features(ids: ids, lengths: lengths, on: executor)
      let cosines = executor.tape.matrixProduct(executor.normalized(features), Variable(others))
      return executor.tape.crossEntropy(executor.tape.scaled(cosines, by: scale), classes: classes)
    }
  }
}

extension TrainedModel {
  /// The loss on a tape of its own, not differentiated.
  ///
  /// - Parameter options: how layers behave.
  /// - Returns: the loss, and the executor whose tape notes it.
  func forward(
    _ options: TapeExecutor.Options = TapeExecutor.Options()
  ) -> (loss: Variable, executor: TapeExecutor) {
    let executor = TapeExecutor(
      Tape(on: device, seed: count),
      gradients: gradients,
      options: options
    )
    return (loss(executor), executor)
  }

  /// The loss; its gradients are added to `gradients`.
  func differentiate(_ options: TapeExecutor.Options = TapeExecutor.Options()) -> Float {
    let (loss, executor) = forward(options)
    executor.tape.backward(from: loss)
    return loss.value.elements[0]
  }

  /// One step of the recorded optimiser.
  ///
  /// - Parameter options: how layers behave.
  /// - Returns: the loss before the step.
  /// - Throws: `Failure` where the case has no learning rate.
  func step(_ options: TapeExecutor.Options = TapeExecutor.Options()) throws -> Float {
    gradients.clear()
    count += 1
    let loss = differentiate(options)
    optimizer.step(
      gradients: gradients.sums,
      learningRate: try recorded.number("learningRate"),
      gradientScale: 1,
      on: device
    )
    return loss
  }

  /// All losses, the last gradients, and weights and statistics after some steps.
  struct Outcome: Equatable {
    var losses: [Float] = []
    var gradients: [[Float]?] = []
    var weights: [[Float]] = []
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - steps: how many steps.
  ///   - options: how layers behave.
  /// - Returns: every bit of what came out.
  /// - Throws: `Failure` where the case has no learning rate.
  func train(
    steps: Int,
    _ options: TapeExecutor.Options = TapeExecutor.Options()
  ) throws -> Outcome {
    var outcome = Outcome()
    for _ in 0..<steps { outcome.losses.append(try step(options)) }
    outcome.gradients = gradients.sums.map { $0?.elements }
    outcome.weights = parameters.parameters.map { $0.value.elements }
    return outcome
  }
}
