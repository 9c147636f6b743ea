import Autograd
package import Layers
package import Models
import Optimizers
import Parallelism
package import Tensors

/// Encoders of images and texts that follow the trained ones slowly, and fill the queues.
///
/// Their trained weights are moving averages; what isn't trained is the same as in the model. Batch
/// normalisations measure their batches, and keep running statistics of their own (He et al. 2020
/// run the key encoder in training mode, too).
package final class MomentumEncoders {
  /// The encoders.
  package let model: Model
  private let average: ExponentialMovingAverage
  private let device: Device

  /// Copies a model.
  ///
  /// - Parameters:
  ///   - source: the trained model, its values in the memory that steps write to.
  ///   - trained: which of its parameters are trained.
  ///   - momentum: m.
  ///   - device: where the copies lie.
  /// - Throws: `ModelsError`, `OptimizersError`.
  package init(
    of source: Model,
    trained: [Parameter],
    momentum: Double,
    on device: Device
  ) throws {
    self.device = device
    model = try Model(source.architecture)
    average = try ExponentialMovingAverage(
      trained.map { ExponentialMovingAverage.Source(name: $0.name, value: $0.value) },
      decay: momentum,
      on: device
    )
    for parameter in source.parameters.parameters {
      model.parameters[parameter.name]?.load(
        parameter.isStatistic ? parameter.value.copied(on: device) : parameter.value
      )
    }
    for (name, tensor) in average.state where name.hasPrefix(Self.prefix) {
      model.parameters[String(name.dropFirst(Self.prefix.count))]?.load(tensor)
    }
  }

  private static let prefix = "ema/"

  /// How many bytes the averages take.
  package var byteCount: Int { average.byteCount }

  /// Follows the trained weights by one step.
  package func update() { average.update(on: device) }

  /// The features of pairs, as in training, without a trace on the trained model's tape.
  ///
  /// - Parameters:
  ///   - pairs: the prepared pairs.
  ///   - encoder: cuts them into chunks.
  ///   - options: how layers behave while training.
  /// - Returns: unit rows of images and of texts.
  package func features(
    of pairs: EncodedPairs,
    by encoder: PairEncoder,
    options: TapeExecutor.Options
  ) -> (images: Tensor, texts: Tensor) {
    // Everything runs inside segments, so that nothing is kept; what would be differentiated are the
    // norms that measure batches.
    let tape = Tape(on: device)
    defer { tape.discard() }
    let trained = model.parameters.parameters.filter { !$0.isStatistic }
    let executor = TapeExecutor(
      tape,
      gradients: ParameterGradients(of: trained),
      options: options
    )
    let features = encoder.features(of: pairs, model, on: executor, keepsActivations: false)
    return (features.images.value, features.texts.value)
  }

  /// The averages and the running statistics, under names of their own.
  package var state: [(name: String, tensor: Tensor)] {
    average.state.map { ("momentum/\($0.name)", $0.tensor) }
      + statistics.map { ("momentum/statistics/\($0.name)", $0.value) }
  }

  /// Continues from a saved state.
  ///
  /// - Parameter state: arrays by name.
  /// - Throws: ``PretrainingError``, `OptimizersError` where one is missing or of another shape.
  package func load(_ state: [String: Tensor]) throws {
    let values = try statistics.map {
      try take("momentum/statistics/\($0.name)", $0.shape, of: state)
    }
    try average.load(
      average.state.map { own in
        guard let saved = state["momentum/\(own.name)"] else {
          throw PretrainingError(.damagedState(detail: "momentum/\(own.name) is missing"))
        }
        return (own.name, saved)
      }
    )
    for (parameter, values) in zip(statistics, values) {
      parameter.value.withView { $0.copy(from: values) }
    }
  }

  private var statistics: [Parameter] { model.parameters.parameters.filter(\.isStatistic) }
}
