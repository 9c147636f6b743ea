import Kernels
import Parallelism
package import Tensors

/// An average of a model's weights over the steps of its training, newer steps counting for more.
///
/// average ← d·average + (1 − d)·w after each step (Polyak and Juditsky 1992 with forgetting, as
/// `get_ema_avg_fn` of PyTorch computes it). It starts as a copy of the weights. With warm-up the
/// n-th update's d is min(decay, (1 + n)/(10 + n)), n = 1, 2, …, so that the first weights are soon
/// forgotten.
package final class ExponentialMovingAverage {
  /// An array that is averaged: a parameter, or a batch norm's running statistics.
  package struct Source {
    /// The name in PyTorch's state dict.
    package let name: String
    /// The values that training changes in place.
    package let value: Tensor

    /// Puts a source together.
    ///
    /// - Parameters:
    ///   - name: the name in PyTorch's state dict; no two sources share one.
    ///   - value: the values that training changes in place.
    package init(name: String, value: Tensor) {
      self.name = name
      self.value = value
    }
  }

  /// How many updates there were.
  package private(set) var updateCount = 0
  /// Whether the sources hold the averages, and the averages' place holds the weights.
  package private(set) var isSwapped = false

  private let sources: [Source]
  private let averages: [Tensor]
  private let decay: Double
  private let warmsUp: Bool
  private let device: Device

  /// Starts an average.
  ///
  /// - Parameters:
  ///   - sources: what to average.
  ///   - decay: d, in 0..<1.
  ///   - warmsUp: whether d rises to `decay`.
  ///   - device: where the averages' memory comes from.
  /// - Throws: ``OptimizersError`` where `decay` is out of its range.
  package init(_ sources: [Source], decay: Double, warmsUp: Bool = false, on device: Device) throws
  {
    try check(decay, in: 0..<1, "the average's decay")
    precondition(
      Set(sources.map(\.name)).count == sources.count,
      "two of \(sources.count) averaged arrays share a name"
    )
    self.sources = sources
    self.decay = decay
    self.warmsUp = warmsUp
    self.device = device
    averages = sources.map { $0.value.copied(on: device) }
  }

  /// How many bytes the averages take.
  package var byteCount: Int { averages.reduce(0) { $0 + $1.byteCount } }

  /// Takes the sources' present values into the average, 12 bytes per number moved.
  ///
  /// - Parameter device: where to run.
  package func update(on device: Device) {
    precondition(!isSwapped, "an average is updated while it stands in the weights' place")
    updateCount += 1
    let number = Double(updateCount)
    let decay = warmsUp ? min(decay, (1 + number) / (10 + number)) : decay
    withArrays {
      device.compute.moveAverages($0, towards: $1, decay: decay)
    }
  }

  /// Exchanges averages and weights, for validation; a second call undoes the first.
  ///
  /// - Parameter device: where to run.
  package func swap(on device: Device) {
    withArrays { device.compute.exchange($0, with: $1) }
    isSwapped.toggle()
  }

  /// The averages under names such as `ema/visual.proj`, and the number of updates as `ema_updates`.
  ///
  /// The tensors share the average's memory. Not to be asked for between two swaps.
  package var state: [(name: String, tensor: Tensor)] {
    precondition(!isSwapped, "an average is saved while the weights stand in its place")
    let count = Tensor([Float(updateCount)], shape: [], on: device)
    return zip(sources, averages).map { ("ema/\($0.name)", $1) } + [("ema_updates", count)]
  }

  /// Continues from a state that was exported.
  ///
  /// - Parameter state: what `state` gave, in any order; arrays of other kinds are ignored.
  /// - Throws: ``OptimizersError`` that names the array which is missing, mis-shaped or unasked for;
  ///   nothing has changed then.
  package func load(_ state: [(name: String, tensor: Tensor)]) throws {
    precondition(!isSwapped, "an average is loaded while the weights stand in its place")
    var reader = StateReader(state)
    let found = try sources.map { try reader.take("ema/\($0.name)", shape: $0.value.shape) }
    let count = try reader.takeCount("ema_updates")
    try reader.finish(kinds: ["ema"])
    updateCount = count
    for (own, read) in zip(averages, found) {
      withViews(own, read) { own, read in own.copy(from: read) }
    }
  }

  /// Lends the averages and the sources.
  private func withArrays(_ body: ([MemoryView<Float>], [MemoryView<Float>]) -> Void) {
    withExtendedLifetime((averages, sources)) {
      body(averages.map { $0.withView { $0 } }, sources.map { $0.value.withView { $0 } })
    }
  }
}
