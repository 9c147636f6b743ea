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
  }

  /// The best, the median and the worst test photograph, by the mean over classes of their Dice;
  /// earlier ones among equals.
  private func cases(_ work: SegmentationEvaluator.Work) -> [Case] {
    let policy = work.preset.settings.emptyMasks
    let values = made.counts.map { $0.imageValues(.dice, policy) }
    let scored = work.splits.test.indices.compactMap { place -> (sample: Int, dice: Double)? in
      let numbers = values.compactMap { $0[place].number }
      guard !numbers.isEmpty else { return nil }
      return (work.splits.test[place], numbers.reduce(0, +) / Double(numbers.count))
    }.sorted { ($1.dice, $0.sample) < ($0.dice, $1.sample) }
    guard let best = scored.first, let worst = scored.last else { return [] }
    guard scored.count > 2 else {
      return scored.count == 1
        ? [Case(name: "only", sample: best.sample)]
        : [Case(name: "best", sample: best.sample), Case(name: "worst", sample: worst.sample)]
    }
    return [
      Case(name: "best", sample: best.sample),
      Case(name: "median", sample: scored[(scored.count - 1) / 2].sample),
      Case(name: "worst", sample: worst.sample),
    ]
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
  /// - Returns: the pictures, by their paths in the folder.
  /// - Throws: `ImagingError`, `DatasetsError`, `EvaluationError`; `ResultsError` where nothing can be
  ///   written.
  func paint(
    _ choice: MaskPictureChoice,
    _ work: SegmentationEvaluator.Work,
    in folder: URL,
    _ observer: any EvaluationObserver
  ) throws -> [Artefact] {
    guard choice != .none, made.failure == nil else { return [] }
    let shown = cases(work)
    let samples = choice == .all ? work.splits.test : shown.map(\.sample)
    guard !samples.isEmpty else { return [] }
    let pictures = folder.appending(path: "pictures")
    try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
    observer.begin("Drawing masks", unit: "pictures", total: samples.count)
    defer { observer.end() }
    let scores = try MaskScores(
      work.contents.task,
      work.form,
      work.preset.settings.threshold,
      pooling: .levels
    )
    var rows: [Int: [ImageBuffer?]] = [:]
    var files: [URL] = []
    for (index, sample) in samples.enumerated() {
      let example = try work.contents.reader.read(work.contents.samples[sample])
      let prediction = try predictor.predict(example)
      let drawing = MaskDrawing(
        example,
        prediction,
        masks: scores.masks(prediction, made.thresholds)
      )
      let name = fileName(of: example.id)
      for (title, image) in drawing.comparisons(work.contents.task.classes) {
        let file = pictures.appending(path: "\(name)-\(fileName(of: title)).png")
        try PNGWriter.write(image, to: file.path(percentEncoded: false))
        files.append(file)
      }
      if choice == .all {
        for (title, map) in zip(work.form.mapNames(work.contents.task.classes), prediction.maps) {
          let file = pictures.appending(path: "\(name)-\(fileName(of: title))-probability.png")
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
    return try sheet(shown.compactMap { rows[$0.sample] }, in: folder)
      + files.map { file in
        Artefact(name: "pictures/\(file.lastPathComponent)", sha256: try fileSHA256(file))
      }
  }

  /// Draws the sheet; none where no photograph has a score, so that there is no best one.
  private func sheet(_ rows: [[ImageBuffer?]], in folder: URL) throws -> [Artefact] {
    guard !rows.isEmpty else { return [] }
    let file = folder.appending(path: "sheet.png")
    let height = rows.joined().compactMap { $0?.height }.max() ?? Self.cellSide
    let image = ImageSheet(cellWidth: Self.cellSide, cellHeight: height).drawn(rows)
    try PNGWriter.write(image, to: file.path(percentEncoded: false))
    return [Artefact(name: file.lastPathComponent, sha256: try fileSHA256(file))]
  }

  /// A name without what paths and shells trip over.
  private func fileName(of text: String) -> String {
    String(text.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
  }
}

/// The pictures of one photograph's masks.
struct MaskDrawing {
  private let example: SegmentationExample
  private let field: Plane<UInt8>?
  private let masks: [[Bool]]

  /// Prepares to draw.
  ///
  /// - Parameters:
  ///   - example: the photograph with its masks.
  ///   - prediction: its field of view.
  ///   - masks: the predicted masks, one per class.
  init(
    _ example: SegmentationExample,
    _ prediction: MaskPredictor.Prediction,
    masks: [[Bool]]
  ) {
    self.example = example
    self.masks = masks
    field = prediction.field
  }

  /// Each class's truth and prediction over the photograph.
  ///
  /// - Parameter names: the classes.
  /// - Returns: a picture of the photograph's size per class, by the class's name.
  func comparisons(_ names: [String]) -> [(title: String, image: ImageBuffer)] {
    names.indices.map { index in (names[index], comparison(index)) }
  }

  /// A sheet's row: the photograph, the true masks, the predicted ones, and their comparison; of
  /// several classes that of the first one that the photograph shows.
  ///
  /// - Parameter side: what the longer side is resized to.
  /// - Returns: four pictures.
  func row(side: Int) -> [ImageBuffer?] {
    let regions = masks.indices.map(example.target.region)
    let shown = regions.firstIndex { $0.contains(1) } ?? 0
    let truth = labels { index, pixel in regions[index][pixel] == 1 }
    let predicted = labels { index, pixel in masks[index][pixel] }
    let palette = masks.count == 1 ? LabelPalette.mask : .classes
    return [
      example.image, palette.drawn(truth), palette.drawn(predicted), comparison(shown),
    ].map { smaller($0, side: side) }
  }

  private func comparison(_ index: Int) -> ImageBuffer {
    let (width, height) = (example.image.width, example.image.height)
    return ComparisonPicture().drawn(
      over: example.image,
      truth: Plane(width: width, height: height, samples: example.target.region(ofClass: index)),
      prediction: Plane(
        width: width,
        height: height,
        samples: masks[index].map { $0 ? 1 : 0 }
      ),
      field: field
    )
  }

  /// The last class that each pixel belongs to, counted from 1; 0 for none.
  private func labels(_ belongs: (Int, Int) -> Bool) -> Plane<UInt8> {
    let (width, height) = (example.image.width, example.image.height)
    let samples = (0..<width * height).map { pixel -> UInt8 in
      UInt8((masks.indices.last { belongs($0, pixel) } ?? -1) + 1)
    }
    return Plane(width: width, height: height, samples: samples)
  }

  private func smaller(_ image: ImageBuffer, side: Int) -> ImageBuffer {
    let scale = Double(side) / Double(max(image.width, image.height))
    guard scale < 1 else { return image }
    return image.resized(
      width: max(Int((Double(image.width) * scale).rounded()), 1),
      height: max(Int((Double(image.height) * scale).rounded()), 1),
      interpolation: .bilinear
    )
  }
}
