import Evaluation
import Training

/// Counts trainings and steps, and asks to stop after some of them.
final class TrainingStopper: EvaluationObserver, TrainingObserver {
  /// What trainings listen to.
  let stop = StopRequest()
  /// What was trained, by label.
  private(set) var labels: [String] = []
  /// How many steps were made since this observer was made.
  private(set) var steps = 0
  /// The steps at which trainings went on.
  private(set) var resumed: [Int] = []
  private let limit: Int?

  /// Makes an observer.
  ///
  /// - Parameter limit: after how many steps it asks to stop; nil for never.
  init(after limit: Int? = nil) { self.limit = limit }

  func begin(_ label: String, unit: String, total: Int) {}

  func advance(to done: Int) {}

  func end() {}

  func warn(_ text: String) {}

  func trainingObserver(_ label: String) -> (any TrainingObserver)? {
    labels.append(label)
    return self
  }

  func started(_ start: TrainingStart) { resumed.append(start.resumedStep) }

  func made(_ step: TrainingStep) {
    steps += 1
    if steps == limit { stop.stop() }
  }
}
