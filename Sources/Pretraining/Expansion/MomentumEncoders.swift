package import Layers
package import Models
import Optimizers
import Parallelism
package import Tensors

/// Encoders of images and texts that follow the trained ones slowly, and fill the queues.
///
/// Their trained weights and their running statistics are moving averages; what is frozen is the same as in
/// the model. They run as in tests. Were their batch normalisations to measure batches, features of one
/// batch would share what those of another lack, and differences between a queue's entries and an anchor's
/// own pair would tell of batches, not of eyes (He et al. 2020 shuffle batches among machines for that
/// reason).
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
      (trained + source.parameters.parameters.filter(\.isStatistic)).map {
        ExponentialMovingAverage.Source(name: $0.name, value: $0.value)
      },
      decay: momentum,
      on: device
    )
    for parameter in source.parameters.parameters {
      model.parameters[parameter.name]?.load(parameter.value)
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

  /// The features of pairs, as in tests.
  ///
  /// - Parameters:
  ///   - pairs: the prepared pairs.
  ///   - encoder: cuts them into chunks.
  /// - Returns: unit rows of images and of texts.
  package func features(
    of pairs: EncodedPairs,
    by encoder: PairEncoder
  ) -> (images: Tensor, texts: Tensor) {
    encoder.features(of: pairs, model, on: InferenceExecutor(on: device))
  }

  /// The averages, under names of their own.
  package var state: [(name: String, tensor: Tensor)] {
    average.state.map { ("momentum/\($0.name)", $0.tensor) }
  }

  /// Continues from a saved state.
  ///
  /// - Parameter state: arrays by name.
  /// - Throws: ``PretrainingError``, `OptimizersError` where one is missing or of another shape.
  package func load(_ state: [String: Tensor]) throws {
    try average.load(
      average.state.map { own in
        guard let saved = state["momentum/\(own.name)"] else {
          throw PretrainingError(.damagedState(detail: "momentum/\(own.name) is missing"))
        }
        return (own.name, saved)
      }
    )
  }
}
