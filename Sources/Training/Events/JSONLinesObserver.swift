import Foundation

/// Writes what happens to a file, one JSON object per line, for programs that watch a training.
///
/// Each object has `event` (`started`, `step`, `epoch`, `saved`, `ended` or what a job notes) and `step`,
/// the number of steps made. A training that goes on from a saved state cuts what was told of later steps, so that
/// `step` and `epoch` lines are those of a training that was never interrupted, but for times.
package final class JSONLinesObserver: TrainingObserver {
  private let url: URL
  private var pending = Data()
  private let encoder = JSONEncoder()

  /// One line; a key without value is left out.
  private struct Line: Codable {
    var event: String
    var step: Int
    var epoch: Int?
    var stepCount: Int?
    var sampleCount: Int?
    var loss: Double?
    var learningRate: Double?
    var gradientNorm: Double?
    var samplesPerSecond: Double?
    var secondsLeft: Double?
    var seconds: Double?
    var validation: ValidationScore?
    var isBest: Bool?
    var state: String?
    var outcome: String?
    var notes: [String]?
  }

  /// Prepares to write.
  ///
  /// - Parameter path: the file; its folder exists when the training starts.
  package init(_ path: String) {
    url = URL(filePath: path)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  package func started(_ start: TrainingStart) throws {
    let kept = keptLines(step: start.resumedStep, epochs: start.history.count)
    try reporting { try kept.write(to: url, options: .atomic) }
    try add(
      Line(
        event: "started",
        step: start.resumedStep,
        stepCount: start.stepCount,
        sampleCount: start.sampleCount,
        notes: start.notes.isEmpty ? nil : start.notes
      )
    )
    try flush()
  }

  package func made(_ step: TrainingStep) throws {
    try add(
      Line(
        event: "step",
        step: step.step,
        epoch: step.epoch,
        loss: step.loss,
        learningRate: step.learningRate,
        gradientNorm: step.gradientNorm,
        samplesPerSecond: step.samplesPerSecond,
        secondsLeft: step.secondsLeft
      )
    )
  }

  package func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {
    try add(
      Line(
        event: "epoch",
        step: epoch.step,
        epoch: epoch.epoch,
        loss: epoch.trainingLoss,
        learningRate: epoch.learningRate,
        seconds: epoch.seconds,
        validation: epoch.validation,
        isBest: epoch.isBest
      )
    )
    try flush()
  }

  package func willSave(at step: Int) throws { try flush() }

  package func saved(at step: Int, to path: String) throws {
    try add(Line(event: "saved", step: step, state: path))
  }

  package func ended(_ result: TrainingResult) throws {
    try add(
      Line(
        event: "ended",
        step: result.steps,
        seconds: result.seconds,
        outcome: result.outcome.description
      )
    )
    try flush()
  }

  /// Notes what a job has to tell; it is on disk when the state is saved, or the epoch is over.
  ///
  /// - Parameters:
  ///   - event: its name; none of the trainer's own.
  ///   - step: how many steps are made.
  ///   - notes: what is told.
  /// - Throws: what the encoder throws.
  package func note(_ event: String, step: Int, _ notes: [String]) throws {
    try add(Line(event: event, step: step, notes: notes))
  }

  /// What a job noted before the state that a training goes on from was saved.
  ///
  /// - Parameters:
  ///   - event: its name.
  ///   - start: how the training begins; nothing was noted before its first step.
  /// - Returns: all notes, in their order.
  package func notes(of event: String, before start: TrainingStart) -> [String] {
    let decoder = JSONDecoder()
    return keptLines(step: start.resumedStep, epochs: start.history.count)
      .split(separator: UInt8(ascii: "\n"))
      .compactMap { try? decoder.decode(Line.self, from: Data($0)) }
      .filter { $0.event == event }.flatMap { $0.notes ?? [] }
  }

  private func add(_ line: Line) throws {
    pending += try encoder.encode(line)
    pending.append(UInt8(ascii: "\n"))
  }

  private func flush() throws {
    guard !pending.isEmpty else { return }
    try reporting {
      let file = try FileHandle(forWritingTo: url)
      defer { try? file.close() }
      try file.seekToEnd()
      try file.write(contentsOf: pending)
      try file.synchronize()
    }
    pending = Data()
  }

  /// The lines of an earlier file that the saved state knows of; a line that was cut is none.
  private func keptLines(step: Int, epochs: Int) -> Data {
    guard step > 0, let old = try? Data(contentsOf: url) else { return Data() }
    let decoder = JSONDecoder()
    var kept = Data()
    for bytes in old.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? decoder.decode(Line.self, from: Data(bytes)), line.step <= step else {
        continue
      }
      // An epoch may have ended after the state of its last step was saved.
      if line.event == "epoch", line.epoch ?? 0 > epochs { continue }
      kept += bytes
      kept.append(UInt8(ascii: "\n"))
    }
    return kept
  }

  private func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      throw TrainingError(
        .notWritable(detail: error.localizedDescription),
        path: url.path(percentEncoded: false)
      )
    }
  }
}
