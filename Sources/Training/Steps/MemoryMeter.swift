import Tensors

/// Measures what memory the steps of a training need.
struct MemoryMeter {
  /// The most so far.
  private(set) var memory: TrainingMemory
  private let storage: StoragePool
  /// What tensors held before the step's batch under way.
  private var start = 0
  private var forward = 0

  /// Prepares to measure.
  ///
  /// - Parameters:
  ///   - weights: the bytes of weights, trained and frozen.
  ///   - moments: the optimiser's.
  ///   - averages: those of the weights' averages.
  ///   - storage: the device's memory.
  init(weights: Int, moments: Int, averages: Int, of storage: StoragePool) {
    self.storage = storage
    memory = TrainingMemory(
      peak: 0,
      weights: weights,
      gradients: 0,
      moments: moments,
      averages: averages,
      activations: 0
    )
  }

  /// A step begins, without gradients.
  mutating func beginStep() {
    storage.restartPeak()
    (start, forward) = (storage.statistics.liveBytes, 0)
  }

  /// The forward pass of the step's first batch is over.
  mutating func endForward() {
    guard forward == 0 else { return }
    forward = storage.statistics.peakBytes - start
  }

  /// The step's backward passes are over, and all gradients are there.
  mutating func endStep() {
    let statistics = storage.statistics
    let gradients = statistics.liveBytes - start
    memory.peak = max(memory.peak, statistics.peakBytes)
    memory.gradients = max(memory.gradients, gradients)
    let activations = max(forward, statistics.peakBytes - start - gradients)
    memory.activations = max(memory.activations, activations)
  }
}
