import Autograd
import Layers
import Models
import Tensors
import TestSupport

/// The cases of `Models/decoders.json`.
enum DecoderCase: String, CaseIterable, Sendable {
  case clipViT = "clip-vit"
  case dinov2
  case dinov2Linear = "dinov2-linear"
  case clipResNet = "clip-rn"
  case resNet = "resnet"
  case resNetLinear = "resnet-linear"

  /// Whether the maps, and the gradients of more than 64 elements, are recorded.
  var isWhole: Bool { kind != .linear }

  /// The decoder's kind.
  var kind: MaskDecoderKind {
    switch self {
    case .clipViT, .dinov2: .progressive
    case .clipResNet, .resNet: .unet
    case .dinov2Linear, .resNetLinear: .linear
    }
  }

  /// The network as the generator builds it.
  var architecture: SegmentationArchitecture {
    var both = EncoderDecoderArchitecture(encoder: vision, kind: kind, classes: classes)
    both.decoder.widths = widths
    return SegmentationArchitecture(
      name: rawValue,
      imageSize: vision.imageSize,
      network: .encoderDecoder(both)
    )
  }

  private var classes: Int {
    switch self {
    case .clipViT, .dinov2Linear, .resNet: 1
    case .dinov2, .clipResNet, .resNetLinear: 3
    }
  }

  private var widths: [Int] {
    switch self {
    case .clipViT: [7, 6, 5, 4, 3]
    case .dinov2: [6, 7, 5, 3, 4]
    case .clipResNet: [7, 6, 5, 3, 4]
    case .resNet: [6, 7, 4, 5, 3]
    case .dinov2Linear, .resNetLinear: []
    }
  }

  /// The encoder's sizes.
  var vision: VisionArchitecture {
    switch self {
    case .clipViT:
      .transformer(
        VisionTransformerArchitecture(
          layout: .clip,
          imageSize: 64,
          patchSize: 16,
          positionGrid: 3,
          width: 12,
          layers: 3,
          heads: 3,
          hiddenWidth: 48,
          projectionWidth: 5
        )
      )
    case .dinov2, .dinov2Linear:
      .transformer(
        VisionTransformerArchitecture(
          layout: .dinov2,
          imageSize: 28,
          patchSize: 14,
          positionGrid: 3,
          width: 10,
          layers: 5,
          heads: 2,
          hiddenWidth: 30
        )
      )
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
    case .resNet, .resNetLinear:
      .resNet(ResNetArchitecture(imageSize: 64, width: 2, layers: [1, 1, 2, 1]))
    }
  }
}

/// A small encoder with a decoder that PyTorch ran, under weights that parameters' names tell.
struct RecordedDecoder {
  let recorded: RecordedCase
  let device: Device
  let model: SegmentationModel

  /// Builds the network and makes its weights.
  ///
  /// - Parameters:
  ///   - name: a case of `Models/decoders.json`.
  ///   - threads: how many threads work.
  /// - Throws: what reading the case throws; `ModelsError`.
  init(_ name: DecoderCase, threads: Int = 2) throws {
    recorded = try RecordedCase.cases("Models/decoders.json", name.rawValue)[0]
    device = Device(threadCount: threads)
    model = try SegmentationModel(name.architecture)
    for parameter in model.parameters.parameters { fill(parameter, on: device) }
  }

  /// The generator's images; `looked` or `trained` says of which recorded size.
  func images(_ name: String) throws -> Tensor {
    let sizes = try (0..<3).map { try recorded.integer("\(name)\($0)") }
    let values = (0..<sizes.reduce(3, *)).map { Float($0 * 7919 % 10007) / 5003.5 - 1 }
    return Tensor(values, shape: sizes + [3], on: device)
  }

  /// The loss of recorded labels: cross-entropy, binary for one class.
  func loss(_ executor: TapeExecutor, _ images: Tensor) -> Variable {
    let logits = model.logits(executor.constant(images), on: executor)[0]
    let classes = model.architecture.classes
    let labels = (0..<logits.value.count / classes).map { $0 * 5 / 7 }
    guard classes == 1 else {
      return executor.tape.crossEntropy(logits, classes: labels.map { Int32($0 % classes) })
    }
    let targets = Tensor(labels.map { Float($0 % 2) }, shape: logits.shape, on: device)
    return executor.tape.binaryCrossEntropy(logits, targets: targets)
  }

  /// What one training step gives.
  struct Step: Equatable {
    var loss: Float
    /// By the names of the trained parameters.
    var gradients: [String: [Float]]
    /// Running statistics by name.
    var statistics: [String: [Float]]
    /// How many operations were noted.
    var noted: Int
  }

  /// The recorded loss, differentiated.
  ///
  /// - Parameters:
  ///   - trained: what is trained; nil for all of `trainable`.
  ///   - recomputes: whether blocks keep only their inputs.
  /// - Returns: the loss, the gradients, and the statistics that followed the batch's.
  /// - Throws: what reading the case throws.
  func step(_ trained: [Parameter]? = nil, recomputes: Bool = false) throws -> Step {
    let gradients = ParameterGradients(of: trained ?? model.trainable)
    let executor = TapeExecutor(
      Tape(on: device, seed: 1),
      gradients: gradients,
      options: TapeExecutor.Options(recomputesBlocks: recomputes)
    )
    let loss = loss(executor, try images("trained"))
    let noted = executor.tape.count
    executor.tape.backward(from: loss)
    let pairs = zip(gradients.parameters, gradients.sums)
    return Step(
      loss: loss.value.elements[0],
      gradients: Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $1?.elements ?? []) }),
      statistics: statistics,
      noted: noted
    )
  }

  /// Running statistics by name.
  var statistics: [String: [Float]] {
    let statistics = model.parameters.parameters.filter(\.isStatistic)
    return Dictionary(uniqueKeysWithValues: statistics.map { ($0.name, $0.value.elements) })
  }
}

/// Gives a parameter the values that the generator's `fill` makes of its name and shape.
func fill(_ parameter: Parameter, on device: Device) {
  let (name, shape) = (parameter.name, parameter.shape)
  let made = scattered(name, parameter.count)
  let values: [Float]
  if name.hasSuffix("weight"), shape.count > 1 {
    let fan = name.hasSuffix("enlarge.weight") ? shape[0] : parameter.count / shape[0]
    let bound = (6 / Float(fan)).squareRoot()
    values = made.map { $0 * bound }
  } else if ["weight", "lambda1", "running_var"].contains(where: name.hasSuffix) {
    values = made.map { 1 + $0 / 2 }
  } else {
    values = made.map { $0 / 2 }
  }
  parameter.load(Tensor(values, shape: shape, on: device))
}

/// Numbers in −1..<1 in steps of 2⁻¹⁵, from FNV-1a of a name and the finalizer of MurmurHash3.
private func scattered(_ name: String, _ count: Int) -> [Float] {
  let seed = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
  return (0..<count).map { index in
    var x = UInt32(index) &+ seed
    x = (x ^ x >> 16) &* 0x85EB_CA6B
    x = (x ^ x >> 13) &* 0xC2B2_AE35
    return Float(x >> 16) / 32768 - 1
  }
}
