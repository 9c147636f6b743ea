import Checkpoints
import Datasets
import Foundation

/// The raw predictions of a run, so that any metric can be computed again without the model.
///
/// `/ids` N strings; `/labels` N class indices, or N × K of 0 and 1; `/classes` K strings; for each
/// repeat r `/repeats/r/scores` N × K float64 and the attribute `seed`.
enum PredictionsFile {
  /// Writes predictions.
  ///
  /// - Parameters:
  ///   - file: where to.
  ///   - task: the task.
  ///   - repeats: each repeat's seed and scores; all of the same samples.
  /// - Throws: `CheckpointError` where the file can't be written.
  static func write(
    to file: URL,
    _ task: TaskContents,
    _ repeats: [(seed: UInt64, scored: ScoredSamples)]
  ) throws {
    guard let first = repeats.first else { return }
    let indices = first.scored.indices
    let classCount = task.task.classes.count
    let output = try HDF5File(creating: file.path(percentEncoded: false))
    try output.setAttribute("vbench-predictions", named: "format")
    try output.setAttribute(1, named: "version")
    try output.setAttribute("\(task.dataset.name)/\(task.task.name)", named: "task")
    try output.writeStrings(indices.map { task.samples[$0].id }, to: "/ids")
    try output.writeStrings(task.task.classes, to: "/classes")
    switch task.labels[indices] {
    case .classes(let labels):
      try output.write(labels.map { Int64($0) }, shape: [indices.count], to: "/labels")
    case .findings(let rows):
      try output.write(
        rows.flatMap { $0.map { Int64($0) } },
        shape: [indices.count, classCount],
        to: "/labels"
      )
    }
    for (number, run) in repeats.enumerated() {
      let path = "/repeats/\(number)/scores"
      try output.write(run.scored.scores, shape: [indices.count, classCount], to: path)
      try output.setAttribute(String(run.seed), named: "seed", of: path)
    }
    try output.commit()
  }
}
