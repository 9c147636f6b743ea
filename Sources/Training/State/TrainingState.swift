import Checkpoints
import Foundation
import Kernels
import Optimizers
import Tensors

/// All that the next step of a training depends on, and its file.
///
/// `state.h5` holds under `/training`: `progress` and `identity` (JSON), `parameters/NAME`,
/// `statistics/NAME`, `optimizer/…`, `averages/…` and the job's own arrays, `job/…`. There is no
/// random generator's state: what is random follows from seed, epoch and step.
final class TrainingState {
  /// What the state belongs to, beside its arrays' shapes.
  struct Identity: Codable, Equatable {
    /// Settings and the job's facts.
    var facts: [TrainingFact]
    /// Names and shapes of what is trained and of statistics.
    var shapes: [String]
    /// The kernels' variants: other ones round otherwise.
    var kernels: [String: String]
  }

  private let job: any TrainingJob
  private let weights: TrainedWeights
  private let runner: StepRunner
  private let identity: Identity
  private let device: Device
  /// The file.
  let path: String

  /// Names a state's file.
  ///
  /// - Parameters:
  ///   - folder: where it lies.
  ///   - job: what is trained.
  ///   - weights: its parameters.
  ///   - runner: makes the steps.
  ///   - settings: how.
  ///   - device: where tensors lie.
  init(
    in folder: URL,
    of job: any TrainingJob,
    _ weights: TrainedWeights,
    _ runner: StepRunner,
    _ settings: TrainingSettings,
    on device: Device
  ) {
    path = folder.appending(path: "state.h5").path(percentEncoded: false)
    self.job = job
    self.weights = weights
    self.runner = runner
    self.device = device
    identity = Identity(
      facts: settings.facts + job.identity
        + [TrainingFact("training samples", "\(job.sampleCount)")],
      shapes: weights.shapes,
      kernels: device.compute.kernelVariants
    )
  }

  /// Whether there is a saved state.
  var isSaved: Bool { FileManager.default.fileExists(atPath: path) }

  /// Deletes the saved state.
  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Saves.
  ///
  /// - Parameter progress: how far the training has come.
  /// - Throws: `CheckpointError`: `notWritable`; an older state stays.
  func save(_ progress: TrainingProgress) throws {
    let writer = try StateFileWriter(creating: path, .state)
    try writer.write("progress", json: progress)
    try writer.write("identity", json: identity)
    try weights.write(to: writer)
    try write(runner.optimizer.state, under: "optimizer", to: writer)
    try write(runner.averages?.state ?? [], under: "averages", to: writer)
    try write(job.state, under: "job", to: writer)
    try writer.finish()
  }

  /// Puts everything back as it was saved.
  ///
  /// - Parameter best: makes sure that the best weights are there, too.
  /// - Returns: how far the training has come, and what its reader should know.
  /// - Throws: ``TrainingError``: `damagedState`, `newerState`, `differentState`; what the job throws.
  func load(checking best: BestWeights) throws -> (progress: TrainingProgress, notes: [String]) {
    let reader = try StateFileReader(path, .state)
    let saved = try reader.json("identity", as: Identity.self)
    let differences = identity.differences(from: saved)
    guard differences.isEmpty else {
      throw TrainingError(.differentState(differences: differences), path: path)
    }
    let progress = try reader.json("progress", as: TrainingProgress.self)
    if let epoch = progress.best { try best.verify(epoch) }
    // All is read before anything changes.
    let values = try weights.read(from: reader)
    let moments = try arrays(under: "optimizer", of: reader)
    let averages = try arrays(under: "averages", of: reader)
    let others = try arrays(under: "job", of: reader)
    do {
      try runner.optimizer.load(moments)
      try runner.averages?.load(averages)
    } catch let error as OptimizersError {
      throw TrainingError(.damagedState(detail: error.description), path: path)
    }
    try job.load(others)
    weights.restore(values)
    let other = saved.kernels.keys.sorted().filter { saved.kernels[$0] != identity.kernels[$0] }
    let notes =
      other.isEmpty
      ? []
      : [
        "the state was saved with other variants of \(other.joined(separator: ", ")): results may"
          + " differ in the last bits from those of an uninterrupted training"
      ]
    return (progress, notes)
  }

  private func write(
    _ arrays: [(name: String, tensor: Tensor)],
    under group: String,
    to writer: StateFileWriter
  ) throws {
    for (name, tensor) in arrays {
      try writer.write("\(group)/\(name)", shape: tensor.shape, values: tensor.elements)
    }
  }

  private func arrays(
    under group: String,
    of reader: StateFileReader
  ) throws -> [(name: String, tensor: Tensor)] {
    try reader.names(under: group).map { name in
      let (values, shape) = try reader.values("\(group)/\(name)")
      return (name, Tensor(values, shape: shape, on: device))
    }
  }
}

extension TrainingState.Identity {
  /// What differs from a saved identity, one line each; kernels don't count.
  fileprivate func differences(from saved: Self) -> [String] {
    let here = Dictionary(
      facts.map { ($0.name, $0.value) },
      uniquingKeysWith: { first, _ in first }
    )
    let there = Dictionary(
      saved.facts.map { ($0.name, $0.value) },
      uniquingKeysWith: { first, _ in first }
    )
    var names = facts.map(\.name)
    names += saved.facts.map(\.name).filter { here[$0] == nil }
    var lines = names.filter { here[$0] != there[$0] }.map { name in
      "\(name) is \(there[name] ?? "absent") there and \(here[name] ?? "absent") here"
    }
    if shapes != saved.shapes {
      let (own, other) = (Set(shapes), Set(saved.shapes))
      let first = own.symmetricDifference(other).min() ?? "their order"
      lines.append(
        "\(saved.shapes.count) arrays there and \(shapes.count) here, which differ in \(first)"
      )
    }
    return lines
  }
}
