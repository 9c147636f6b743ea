import Datasets
import Foundation
import Imaging
import Kernels
import Metrics
import Models
import Parallelism
import Results
import Tensors
import Training

extension SegmentationEvaluator {
  /// Chooses thresholds and measures the test photographs.
  func measure(
    _ predictor: MaskPredictor,
    _ work: inout Work,
    seed: UInt64,
    _ failure: String?
  ) throws -> Repeat {
    var made = Repeat(seed: seed, thresholds: [], notes: [], counts: [], failure: failure)
    guard failure == nil else { return made }
    let (task, settings) = (work.contents.task, work.preset.settings)
    switch settings.threshold {
    case .fixed(let number):
      made.thresholds = Array(repeating: number, count: task.classes.count)
    case .bestDice(let split):
      if work.form.kind == .independent {
        let (values, notes) = try chooseThresholds(predictor, &work, split)
        (made.thresholds, made.notes) = (values, notes)
      }
    }
    var scores = try MaskScores(task, work.form, settings.threshold)
    var distances = [[MetricValue]](repeating: [], count: task.classes.count)
    var ratios = task.cupToDisc.map { _ in CupToDiscErrors() }
    var names: [String] = []
    let decision = scores.decision(made.thresholds)
    made.decision = decision
    try forEach(work.splits.original.test, &work, "Predicting test masks") { example in
      let prediction = try predictor.predict(example)
      try scores.add(example, prediction)
      names.append(example.id)
      let regions = BoundaryRegions(
        example,
        prediction,
        masks: decision.masks(prediction)
      )
      let found = regions.distances(task.classes, on: device.compute.pool)
      for (index, distance) in found.enumerated() { distances[index].append(distance) }
      if let (disc, cup) = task.cupToDisc {
        let (own, truth) = regions.cupToDiscRatios(disc: disc, cup: cup)
        ratios?.add(name: example.id, predicted: own, truth: truth)
      }
    }
    work.splits = SegmentationSplits(work.splits.original, without: work.faults)
    try requireSamples(work.splits.test, "test", work)
    made.counts = scores.counts(made.thresholds)
    made.confusionMatrix = scores.confusionMatrix
    let samples = work.splits.test.map { work.contents.samples[$0] }
    made.report = scores.report(
      made.thresholds,
      SegmentationPolicy(emptyMasks: settings.emptyMasks),
      MaskScores.Extras(
        distances: distances.map { ImageSummary(names: names, values: $0) },
        cupToDisc: ratios,
        bootstrap: options.bootstrap,
        groups: numbersOfGroups(samples.map { ($0.id, $0.group) })
      )
    )
    return made
  }

  private func chooseThresholds(
    _ predictor: MaskPredictor,
    _ work: inout Work,
    _ split: MaskThreshold.Split
  ) throws -> (values: [Float], notes: [String]) {
    let task = work.contents.task
    let choosing = work.splits.choosing(split)
    guard !choosing.isEmpty else {
      throw EvaluationError(
        .emptySplit(
          split: split.rawValue,
          task: "\(work.contents.dataset.name)/\(task.name)",
          detail: "no sample is there to choose thresholds on; set one with --threshold"
        )
      )
    }
    var scores = try MaskScores(task, work.form, work.preset.settings.threshold, pooling: .levels)
    try forEach(choosing, &work, "Predicting masks of \(split.rawValue)") { example in
      try scores.add(example, predictor.predict(example))
    }
    work.splits = SegmentationSplits(work.splits.original, without: work.faults)
    try requireSamples(work.splits.choosing(split), split.rawValue, work)
    guard let best = scores.bestThresholds() else {
      preconditionFailure("thresholds of classes that exclude each other")
    }
    return best
  }

  /// Reads photographs with their masks, a few at a time; those that can't be used are told and noted.
  private func forEach(
    _ samples: [Int],
    _ work: inout Work,
    _ label: String,
    _ body: (SegmentationExample) throws -> Void
  ) throws {
    observer.begin(label, unit: "pictures", total: samples.count)
    defer { observer.end() }
    let (reader, pool) = (work.contents.reader, device.compute.pool)
    for start in stride(from: 0, to: samples.count, by: pool.threadCount) {
      if options.stop.isStated {
        throw EvaluationError(.interrupted(detail: "\(label): stopped; nothing was written"))
      }
      let part = Array(samples[start..<min(start + pool.threadCount, samples.count)])
      let sources = part.map { work.contents.samples[$0] }
      let read = pool.mapChunks(of: part.count, grain: 1) { range in
        Result<SegmentationExample, any Error> { try reader.read(sources[range.lowerBound]) }
      }
      for (sample, result) in zip(part, read) {
        switch result {
        case .success(let example): try body(example)
        case .failure(let error):
          if work.faults[sample] == nil { observer.warn("left out: \(error)") }
          work.faults[sample] = "\(error)"
        }
      }
      observer.advance(to: start + part.count)
    }
  }
}

/// What lies inside masks' borders, for distances and ratios: nothing outside the field of view, and
/// no ignored pixel.
struct BoundaryRegions {
  private let predicted: [BinaryMask]
  private let truth: [BinaryMask]

  /// Cuts masks down to what counts.
  ///
  /// - Parameters:
  ///   - example: the true masks.
  ///   - prediction: the field of view.
  ///   - masks: the predicted masks, one per class.
  init(
    _ example: SegmentationExample,
    _ prediction: MaskPredictor.Prediction,
    masks: [[Bool]]
  ) {
    let (width, height) = (example.target.width, example.target.height)
    let field = prediction.field?.samples
    let regions = masks.indices.map(example.target.region)
    truth = regions.map { region in
      BinaryMask(
        width: width,
        height: height,
        pixels: region.indices.map { region[$0] == 1 && field?[$0] != 0 }
      )
    }
    predicted = zip(masks, regions).map { mask, region in
      BinaryMask(
        width: width,
        height: height,
        pixels: mask.indices.map { mask[$0] && region[$0] != MaskTarget.ignored }
      )
    }
  }

  /// The 95th percentile of border distances in pixels of the photograph.
  ///
  /// - Parameters:
  ///   - names: the classes.
  ///   - pool: measures one class per thread.
  /// - Returns: one value per class.
  func distances(_ names: [String], on pool: WorkerPool) -> [MetricValue] {
    pool.mapChunks(of: names.count, grain: 1) { range in
      let index = range.lowerBound
      return hausdorffDistance95(predicted[index], truth[index], of: names[index])
    }
  }

  /// The vertical cup-to-disc ratios of prediction and truth.
  func cupToDiscRatios(disc: Int, cup: Int) -> (predicted: MetricValue, truth: MetricValue) {
    (
      verticalCupToDiscRatio(cup: predicted[cup], disc: predicted[disc]),
      verticalCupToDiscRatio(cup: truth[cup], disc: truth[disc])
    )
  }
}

extension MaskTaskDescription {
  /// The classes disc and cup, where the task has both.
  var cupToDisc: (disc: Int, cup: Int)? { cupAndDisc(classes) }
}

/// The classes disc and cup among names, where both are there.
func cupAndDisc(_ classes: [String]) -> (disc: Int, cup: Int)? {
  guard let disc = classes.firstIndex(where: { $0.contains("disc") }),
    let cup = classes.firstIndex(where: { $0.contains("cup") })
  else { return nil }
  return (disc, cup)
}
