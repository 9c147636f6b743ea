import Datasets
import Foundation
import Imaging
import Metrics
import Results

/// Which pictures of masks are drawn beside a result.
package enum MaskPictureChoice: String, CaseIterable, Sendable {
  /// None.
  case none
  /// A sheet with the best, the median and the worst test photograph.
  case sheet
  /// The sheet, and the overlays and probability maps of every test photograph.
  case all
}

/// Draws a repeat's masks.
struct MaskPainter {
  private let predictor: MaskPredictor
  private let made: SegmentationEvaluator.Repeat

  /// The longer side of a sheet's pictures in pixels.
  private static let cellSide = 256

  /// Prepares to draw.
  ///
  /// - Parameters:
  ///   - predictor: predicts the maps again: none is kept while they are measured.
  ///   - made: the repeat.
  init(_ predictor: MaskPredictor, _ made: SegmentationEvaluator.Repeat) {
    self.predictor = predictor
    self.made = made
  }

  /// A test photograph and its score.
  private struct Case {
    /// As the sheet's rows are called.
    var name: String
    /// Which of the task's samples.
    var sample: Int
    /// The mean over classes of its Dice.
    var dice: Double
  }

  /// What was drawn.
  struct Painting {
    /// All pictures, by their paths in the run's folder.
    var artefacts: [Artefact] = []
    /// Those that reports show.
    var pictures: [PictureRecord] = []
  }

  /// The best, the median and the worst test photograph, by the mean over classes of their Dice;
  /// earlier ones among equals.
  private func cases(_ work: SegmentationEvaluator.Work) -> [Case] {
    let policy = work.preset.settings.emptyMasks
    let values = made.counts.map { $0.imageValues(.dice, policy) }
    let scored = work.splits.test.indices.compactMap { place -> Case? in
      let numbers = values.compactMap { $0[place].number }
      guard !numbers.isEmpty else { return nil }
      let dice = numbers.reduce(0, +) / Double(numbers.count)
      return Case(name: "only", sample: work.splits.test[place], dice: dice)
    }.sorted { ($1.dice, $0.sample) < ($0.dice, $1.sample) }
    guard scored.count > 1 else { return scored }
    var cases = [("best", scored[0]), ("worst", scored[scored.count - 1])]
    if scored.count > 2 { cases.insert(("median", scored[(scored.count - 1) / 2]), at: 1) }
    return cases.map { Case(name: $0, sample: $1.sample, dice: $1.dice) }
  }

  /// Draws a repeat's pictures into a run's folder.
  ///
  /// Beside `sheet.png`, whose rows are the best, the median and the worst photograph and whose
  /// columns the photograph, the true masks, the predicted ones and their comparison, each of its
  /// photographs is compared at full size; with `all` every test photograph is, and its probabilities
  /// are stored with 16 bits.
  ///
  /// - Parameters:
  ///   - choice: what is drawn.
  ///   - work: the run.
  ///   - folder: the run's folder.
  ///   - observer: is told how far the work has come.
  /// - Returns: what was drawn.
  /// - Throws: `ImagingError`, `DatasetsError`, `EvaluationError`; `ResultsError` where nothing can be
  ///   written.
  func paint(
    _ choice: MaskPictureChoice,
    _ work: SegmentationEvaluator.Work,
    in folder: URL,
    _ observer: any EvaluationObserver
  ) throws -> Painting {
    guard choice != .none, let decision = made.decision else { return Painting() }
    let shown = cases(work)
    let samples = choice == .all ? work.splits.test : shown.map(\.sample)
    guard !samples.isEmpty else { return Painting() }
    let pictures = folder.appending(path: "pictures")
    try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
    observer.begin("Drawing masks", unit: "pictures", total: samples.count)
    defer { observer.end() }
    let names = fileNames(of: samples.map { work.contents.samples[$0].id })
    let classes = work.contents.task.classes
    let titles = fileNames(of: classes)
    let mapTitles = fileNames(of: work.form.mapNames(classes))
    var rows: [Int: [ImageBuffer?]] = [:]
    var files: [URL] = []
    for (index, sample) in samples.enumerated() {
      let example = try work.contents.reader.read(work.contents.samples[sample])
      let prediction = try predictor.predict(example)
      let drawing = MaskDrawing(
        example,
        prediction,
        masks: decision.masks(prediction)
      )
      for (title, image) in zip(titles, drawing.comparisons) {
        let file = pictures.appending(path: "\(names[index])-\(title).png")
        try PNGWriter.write(image, to: file.path(percentEncoded: false))
        files.append(file)
      }
      if choice == .all {
        for (title, map) in zip(mapTitles, prediction.maps) {
          let file = pictures.appending(path: "\(names[index])-\(title)-probability.png")
          let image = GrayImage(probabilities: map, bitDepth: 16, rounding: .halfToEven)
          try PNGWriter.write(image, to: file.path(percentEncoded: false))
          files.append(file)
        }
      }
      if shown.contains(where: { $0.sample == sample }) {
        rows[sample] = drawing.row(side: Self.cellSide)
      }
      observer.advance(to: index + 1)
    }
    var painting = Painting()
    // None where no photograph has a score, so that there is no best one.
    if !shown.isEmpty {
      let file = folder.appending(path: "sheet.png")
      try write(shown.compactMap { rows[$0.sample] }, to: file)
      painting.artefacts = [Artefact(name: "sheet.png", sha256: try fileSHA256(file))]
      painting.pictures = [PictureRecord(name: "sheet.png", caption: caption(shown, work))]
    }
    painting.artefacts += try files.map { file in
      Artefact(name: "pictures/\(file.lastPathComponent)", sha256: try fileSHA256(file))
    }
    return painting
  }

  /// Draws the sheet.
  private func write(_ rows: [[ImageBuffer?]], to file: URL) throws {
    let height = rows.joined().compactMap { $0?.height }.max() ?? Self.cellSide
    let image = ImageSheet(cellWidth: Self.cellSide, cellHeight: height).drawn(rows)
    try PNGWriter.write(image, to: file.path(percentEncoded: false))
  }

  /// What the sheet shows: it has no lettering of its own.
  private func caption(_ cases: [Case], _ work: SegmentationEvaluator.Work) -> String {
    let classes = work.contents.task.classes
    let rows = cases.map { item in
      let id = work.contents.samples[item.sample].id
      return "\(item.name) \(id) (\(String(format: "%.3f", item.dice)))"
    }
    let score = classes.count > 1 ? "mean Dice" : "Dice"
    var text =
      "Rows, by \(score): \(rows.joined(separator: ", ")). Columns: photograph, true masks, "
    text +=
      "predicted masks, and both compared, where white is right, orange too much and sky blue "
    text += "missing"
    guard classes.count > 1 else { return text + "." }
    text += "; compared is the first class that the photograph shows, or else the first that was "
    text += "predicted. In the columns of masks, later classes over earlier ones: "
    let colors = classes.indices.map { "\(LabelPalette.name(ofClass: $0)) \(classes[$0])" }
    return text + colors.joined(separator: ", ") + "."
  }
}

/// Names for files, without what paths and shells trip over and all different.
///
/// - Parameter texts: what is named.
/// - Returns: a name each; those that would be equal end with `-2`, `-3`, ….
package func fileNames(of texts: [String]) -> [String] {
  var taken: Set<String> = []
  return texts.map { text in
    let name = String(text.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    let names = [name] + (2..<texts.count + 2).map { "\(name)-\($0)" }
    let free = names.first { !taken.contains($0) } ?? name
    taken.insert(free)
    return free
  }
}
