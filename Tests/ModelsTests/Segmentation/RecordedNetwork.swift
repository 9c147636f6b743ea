import Autograd
import Layers
import Models
import Tensors
import TestSupport

/// A small segmentation network that PyTorch ran, with its weights.
struct RecordedNetwork {
  let recorded: RecordedCase
  let device: Device
  let model: SegmentationModel

  /// Builds the network and loads its weights.
  ///
  /// - Parameters:
  ///   - name: a case of `Models/segmentation.json`.
  ///   - threads: how many threads work.
  /// - Throws: what reading the case throws; `ModelsError`.
  init(_ name: String, threads: Int = 2) throws {
    let recorded = try RecordedCase.cases("Models/segmentation.json", name)[0]
    (self.recorded, device) = (recorded, Device(threadCount: threads))
    let unet = UNetArchitecture(
      inputChannels: try recorded.integer("inputs"),
      classes: try recorded.integer("classes"),
      widths: try (0..<recorded.integer("stages")).map { try recorded.integer("width\($0)") },
      hasShortcuts: try recorded.integer("shortcut") == 1,
      hasBridges: try recorded.integer("bridge") == 1
    )
    model = try SegmentationModel(
      SegmentationArchitecture(
        name: name,
        imageSize: 512,
        network: name.contains("wnet") ? .wNet(unet) : .uNet(unet)
      )
    )
    for parameter in model.parameters.parameters {
      let values = try recorded.floats("weights/\(parameter.name)")
      parameter.load(Tensor(values, shape: parameter.shape, on: device))
    }
  }

  /// The generator's images [count, height, width, channels].
  func images(_ count: Int, _ height: Int, _ width: Int) -> Tensor {
    let channels = model.architecture.inputChannels
    let values = (0..<count * height * width * channels).map {
      Float($0 * 7919 % 10007) / 5003.5 - 1
    }
    return Tensor(values, shape: [count, height, width, channels], on: device)
  }

  /// What one training step gives.
  struct Step: Equatable {
    var loss: Float
    /// In the order of the trained parameters.
    var gradients: [[Float]?]
    /// Running statistics by name.
    var statistics: [String: [Float]]
  }

  /// The cross-entropy of all nets with the recorded labels, differentiated.
  ///
  /// - Parameter recomputes: whether blocks keep only their inputs.
  /// - Returns: the loss, the gradients, and the statistics that followed the batch's.
  /// - Throws: what reading the case throws.
  func step(recomputes: Bool = false) throws -> Step {
    let gradients = ParameterGradients(of: trained)
    let executor = TapeExecutor(
      Tape(on: device, seed: 1),
      gradients: gradients,
      options: TapeExecutor.Options(recomputesBlocks: recomputes)
    )
    let pixels = images(
      try recorded.integer("count"),
      try recorded.integer("imageHeight"),
      try recorded.integer("imageWidth")
    )
    let labels = try recorded.floats("labels").map { Int32($0) }
    let losses = model.logits(executor.constant(pixels), on: executor)
      .map { executor.tape.crossEntropy($0, classes: labels) }
    let loss = losses.dropFirst().reduce(losses[0]) { executor.tape.add($0, $1) }
    executor.tape.backward(from: loss)
    let statistics = model.parameters.parameters.filter(\.isStatistic)
    return Step(
      loss: loss.value.elements[0],
      gradients: gradients.sums.map { $0?.elements },
      statistics: Dictionary(
        uniqueKeysWithValues: statistics.map { ($0.name, $0.value.elements) }
      )
    )
  }

  /// What is trained.
  var trained: [Parameter] { model.parameters.parameters.filter { !$0.isStatistic } }
}
