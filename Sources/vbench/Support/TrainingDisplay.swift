import Reporting
import Training

/// Shows a training's steps as progress and its epochs as lines, and lets Ctrl-C stop it in order.
final class TrainingDisplay: TrainingObserver {
  private let label: String
  private let options: GlobalOptions
  private let stop: StopRequest
  private var display: ProgressDisplay?

  /// Prepares to show a training.
  ///
  /// - Parameters:
  ///   - label: what is trained.
  ///   - options: whether anything is shown.
  ///   - stop: what the training listens to.
  init(_ label: String, _ options: GlobalOptions, stop: StopRequest) {
    self.label = label
    self.options = options
    self.stop = stop
  }

  func started(_ start: TrainingStart) {
    Interruption.shared.setTraining(stop)
    for note in start.notes { options.remark(note) }
    if start.resumedStep > 0 {
      options.remark("\(label): goes on after step \(start.resumedStep) of \(start.stepCount)")
    }
    display = options.progress(label, unit: "steps", total: start.stepCount)
    display?.update(done: start.resumedStep)
  }

  func made(_ step: TrainingStep) { display?.update(done: step.step) }

  func ended(_ result: TrainingResult) {
    Interruption.shared.setTraining(nil)
    display?.finish()
    display = nil
    var text = "\(label): \(result.outcome)"
    if let best = result.best, let score = best.validation?.value {
      let name = best.validation?.name ?? "validation"
      text += "; best \(name) \(NumberFormat.metric(score)) in epoch \(best.epoch)"
    }
    options.remark(text)
  }
}
