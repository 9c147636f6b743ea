package import Autograd
import Tensors

/// Which samples go through the model at once, and when.
package struct TrainingBatch: Equatable, Sendable {
  /// The samples; in balanced sampling one may come more than once.
  package let samples: [Int]
  /// How often the epoch has shown each of them before, so that augmentation can draw anew.
  package let repetitions: [Int]
  /// Which epoch, from 0.
  package let epoch: Int
  /// Which step of the training, from 0.
  package let step: Int
  /// Which batch of the step, from 0.
  package let part: Int

  /// States a batch.
  ///
  /// - Parameters:
  ///   - samples: the samples.
  ///   - repetitions: how often the epoch has shown each of them before.
  ///   - epoch: which epoch, from 0.
  ///   - step: which step of the training, from 0.
  ///   - part: which batch of the step, from 0.
  package init(samples: [Int], repetitions: [Int], epoch: Int, step: Int, part: Int) {
    precondition(
      samples.count == repetitions.count,
      "\(repetitions.count) repetitions of \(samples.count) samples"
    )
    self.samples = samples
    self.repetitions = repetitions
    self.epoch = epoch
    self.step = step
    self.part = part
  }
}

/// The loss of a batch.
package struct BatchLoss {
  /// The mean over the batch: one number.
  package let mean: Variable
  /// What the mean was divided by: how many samples it is of, or the sum of their weights.
  ///
  /// Batches of one step are averaged with it, so that the gradient is that of one large batch.
  package let weight: Double

  /// States a loss.
  ///
  /// - Parameters:
  ///   - mean: the mean over the batch: one number.
  ///   - weight: what the mean was divided by, above 0.
  package init(_ mean: Variable, weight: Double) {
    precondition(mean.value.count == 1, "a loss of shape \(mean.shape), expected one number")
    precondition(weight > 0 && weight.isFinite, "a loss of weight \(weight)")
    self.mean = mean
    self.weight = weight
  }
}
