import Datasets
import Foundation
import Imaging
import Models

/// What a segmentation network's checkpoint says of its masks: enough to predict them in photographs
/// of which nothing else is known.
///
/// Stored as JSON where classifiers have their description.
package struct MaskDescription: Codable, Equatable, Sendable {
  /// The data set and the task that the network was trained on, such as `drive/vessels`.
  package var task: String
  /// The classes, without a background.
  package var classes: [String]
  /// Whether the background and the classes share a softmax; else each class has a sigmoid.
  package var isExclusive: Bool
  /// The least probability of each class that has a sigmoid; empty where the highest decides.
  package var thresholds: [Float]
  /// What the network sees of a photograph; its input's size is the checkpoint's.
  package var view: PictureView
  /// Whether probabilities are averaged over the picture's four mirror images.
  package var averagesFlips: Bool
  /// How probabilities come back to the photograph's size.
  package var restoring: MapRestoring
  /// How probabilities are rounded before anything is decided.
  package var storage: ProbabilityStorage
  /// Whether the camera's field of view is found in photographs, and nothing counts outside it.
  package var findsField: Bool

  /// Describes what a training has made.
  ///
  /// - Parameters:
  ///   - contents: what the network was trained on.
  ///   - settings: how its masks are predicted.
  ///   - decision: what makes masks of its maps.
  init(_ contents: MaskContents, _ settings: SegmentationSettings, _ decision: MaskDecision) {
    self.init(
      task: "\(contents.dataset.name)/\(contents.task.name)",
      classes: contents.task.classes,
      settings,
      decision,
      findsField: contents.task.field != .none
    )
  }

  /// What is assumed of a network with one logit per pixel whose checkpoint says nothing: a preset's
  /// steps, with the threshold 0.5.
  ///
  /// - Parameter preset: the preset.
  init(assumedAs preset: SegmentationPreset) {
    self.init(
      task: "",
      classes: ["mask"],
      preset.settings,
      MaskDecision(MaskLogits(.independent, classCount: 1), lowest: [0.5]),
      findsField: true
    )
  }

  private init(
    task: String,
    classes: [String],
    _ settings: SegmentationSettings,
    _ decision: MaskDecision,
    findsField: Bool
  ) {
    self.task = task
    self.classes = classes
    isExclusive = decision.form.kind == .exclusive
    thresholds = decision.lowest
    view = settings.view
    view.imageSize = nil
    averagesFlips = settings.averagesFlips
    restoring = settings.restoring
    storage = settings.storage
    self.findsField = findsField
  }

  /// Reads what a checkpoint says.
  ///
  /// - Parameters:
  ///   - json: the header's text.
  ///   - logitCount: how many logits the network gives each pixel.
  /// - Throws: `ModelsError` where it is no such description, or another network's.
  init(json: String, logitCount: Int) throws {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    } catch {
      throw ModelsError(.unreadableArchitecture(detail: "masks: \(error)"))
    }
    let names = classes.filter { !$0.isEmpty }
    let isWhole =
      !classes.isEmpty && names.count == classes.count && Set(names).count == names.count
      && form.logitCount == logitCount && thresholds.count == (isExclusive ? 0 : classes.count)
      && thresholds.allSatisfy { $0 >= 0 && $0.isFinite }
    guard isWhole else {
      throw ModelsError(
        .unreadableArchitecture(
          detail: "masks: \(classes.count) classes and \(thresholds.count) thresholds for "
            + "\(logitCount) logits per pixel"
        )
      )
    }
    do {
      try view.validate()
    } catch {
      throw ModelsError(.unreadableArchitecture(detail: "masks: \(error)"))
    }
  }

  /// How the network's logits stand for classes.
  package var form: MaskLogits {
    MaskLogits(isExclusive ? .exclusive : .independent, classCount: classes.count)
  }

  /// How masks are predicted.
  var settings: SegmentationSettings {
    var settings = SegmentationSettings()
    settings.view = view
    settings.averagesFlips = averagesFlips
    settings.restoring = restoring
    settings.storage = storage
    return settings
  }

  /// The description as JSON on one line, keys in order.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
