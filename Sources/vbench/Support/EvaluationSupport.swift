import ArgumentParser
import Evaluation
import Training

extension EvaluationError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .featuresNotAvailable, .invalidOption, .unknownPreset, .presetOfOtherProtocol,
      .needsTraining:
      .wrongUsage
    case .interrupted: ExitCode(Interruption.shared.exitCode)
    case .nothingToDo: .missingInput
    case .noPrompts, .noReports, .emptySplit, .nonFiniteFeatures, .otherMasks, .unnamedMasks:
      .badData
    }
  }
}

/// Shows an evaluation's progress and remarks on standard error.
final class ConsoleObserver: EvaluationObserver {
  private let options: GlobalOptions
  /// What trainings listen to.
  let stop = StopRequest()
  private var display: ProgressDisplay?
  private var warned: Set<String> = []

  init(_ options: GlobalOptions) { self.options = options }

  func begin(_ label: String, unit: String, total: Int) {
    display = options.progress(label, unit: unit, total: total)
  }

  func advance(to done: Int) { display?.update(done: done) }

  func end() {
    display?.finish()
    display = nil
  }

  func warn(_ text: String) {
    if warned.insert(text).inserted { options.remark(text) }
  }

  func trainingObserver(_ label: String) -> (any TrainingObserver)? {
    TrainingDisplay(label, options, stop: stop)
  }
}
