import Foundation
import Training

/// Every validation's measures as a line of CSV, `validation.csv`.
///
/// `epoch,step,recall_batch,image_to_text_recall_1,text_to_image_recall_1,zero_shot_macro_auc,findings`.
/// A training that goes on from a saved state first drops what came after that state, and will be made again.
final class ValidationLog: TrainingObserver {
  private let url: URL
  private var scores: PretrainingValidation.Scores?
  private var rows: [String] = []

  private static let head =
    "epoch,step,recall_batch,image_to_text_recall_1,text_to_image_recall_1,zero_shot_macro_auc,findings"

  /// Prepares to write.
  ///
  /// - Parameter url: the file; its folder exists when the training starts.
  init(_ url: URL) { self.url = url }

  /// Keeps what a validation measured until its epoch is told.
  func measured(_ scores: PretrainingValidation.Scores) { self.scores = scores }

  func started(_ start: TrainingStart) throws {
    let known = Set(start.history.map { "\($0.epoch)" })
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    rows = text.split(separator: "\n").dropFirst().map(String.init).filter { row in
      known.contains(String(row.prefix { $0 != "," }))
    }
    try write()
  }

  func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {
    guard let scores else { return }
    self.scores = nil
    let area = scores.zeroShotAUC.map { "\($0)" } ?? ""
    rows.append(
      "\(epoch.epoch),\(epoch.step),\(scores.batch),\(scores.imageToText),\(scores.textToImage),"
        + "\(area),\(scores.findingCount)"
    )
    try write()
  }

  private func write() throws {
    let text = ([Self.head] + rows).joined(separator: "\n") + "\n"
    try Data(text.utf8).writeWhole(to: url)
  }
}
