import Foundation

/// Keeps a training's history as a table, `history.csv`, written anew after each epoch.
///
/// One row per epoch: `epoch,step,seconds,learning_rate,training_loss,validation,score,is_best`. What
/// is not defined stays empty. The file is replaced in one step, so that a reader never sees half.
package final class CSVHistory: TrainingObserver {
  private let url: URL

  /// Prepares to write.
  ///
  /// - Parameter path: the file; its folder exists when the training starts.
  package init(_ path: String) {
    url = URL(filePath: path)
  }

  package func started(_ start: TrainingStart) throws { try write(start.history) }

  package func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {
    try write(history)
  }

  /// The table of some epochs.
  package static func table(_ history: [TrainingEpoch]) -> String {
    let head = "epoch,step,seconds,learning_rate,training_loss,validation,score,is_best"
    let rows = history.map { epoch in
      let name = epoch.validation.map { quoted($0.name) } ?? ""
      let score = (epoch.validation?.value).map { "\($0)" } ?? ""
      let loss = epoch.trainingLoss.map { "\($0)" } ?? ""
      let milliseconds = (epoch.seconds * 1000).rounded() / 1000
      return "\(epoch.epoch),\(epoch.step),\(milliseconds),\(epoch.learningRate),\(loss),\(name),"
        + "\(score),\(epoch.isBest)"
    }
    return ([head] + rows).map { $0 + "\n" }.joined()
  }

  private func write(_ history: [TrainingEpoch]) throws {
    do {
      try Data(Self.table(history).utf8).write(to: url, options: .atomic)
    } catch {
      throw TrainingError(
        .notWritable(detail: error.localizedDescription),
        path: url.path(percentEncoded: false)
      )
    }
  }

  /// A field as RFC 4180 wants it.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
