package import Results

/// Everything that is said about one set of masks, in the records of a result.
///
/// Each identifier ends in its scope: `dice-pooled`, `dice-per-image`. A mean over classes takes each
/// class's value, pooled or mean over its own images, as one; classes without a value are left out by
/// name.
package struct SegmentationReport: Equatable, Sendable {
  /// The metrics over all classes; for a single class, its own.
  package let metrics: [MetricRecord]
  /// The metrics of each class.
  package let classMetrics: [ClassRecord]
  /// What is to be known beside the numbers: images left out of means, areas that are not exact.
  package let notes: [String]
  /// Which choices the numbers rest on.
  package let policy: SegmentationPolicy

  /// Measures.
  ///
  /// - Parameters:
  ///   - classes: K classes; of a label map with the background first.
  ///   - areas: K accumulators for the areas under curves; empty where there are no probabilities.
  ///   - hasBackground: whether the first class is a label map's background.
  ///   - policy: the choices to be made.
  package init(
    _ classes: [SegmentationCounts],
    areas: [BinarySegmentation] = [],
    hasBackground: Bool,
    policy: SegmentationPolicy
  ) {
    precondition(areas.isEmpty || areas.count == classes.count, "\(areas.count) areas")
    let measured = classes.indices.map { index in
      let decided = SegmentationScope.allCases.flatMap { scope in
        SegmentationMetric.allCases.map { Entry(classes[index], $0, scope, policy.emptyMasks) }
      }
      return decided + (areas.isEmpty ? [] : Entry.areas(of: areas[index]))
    }
    self.policy = policy
    classMetrics = zip(classes, measured).map { counts, entries in
      ClassRecord(
        name: counts.className,
        count: counts.imagesWithClass,
        metrics: entries.map(\.record)
      )
    }
    notes = zip(classes, measured).flatMap { counts, entries in
      entries.compactMap { entry in entry.note.map { "\(quoted(counts.className)): \($0)" } }
    }
    let first = hasBackground && !policy.meanHasBackground ? 1 : 0
    metrics =
      classes.count == 1
      ? measured[0].map(\.record)
      : (measured.first?.indices ?? 0..<0).map { column in
        meanRecord(measured[first...].map { $0[column] }, classes[first...].map(\.className))
      }
  }
}

/// One metric of one class in one scope.
private struct Entry {
  let identifier: String
  let displayName: String
  let averaging: Averaging
  let value: MetricValue
  /// What is to be known beside the number.
  let note: String?

  init(
    _ counts: SegmentationCounts,
    _ metric: SegmentationMetric,
    _ scope: SegmentationScope,
    _ emptyMasks: EmptyMasks
  ) {
    switch scope {
    case .pooled:
      self.init(
        metric.identifier,
        metric.displayName,
        pooled: counts.pooledValue(metric, emptyMasks),
        note: nil
      )
    case .perImage:
      self.init(
        metric.identifier,
        metric.displayName,
        perImage: counts.imageSummary(metric, emptyMasks)
      )
    }
  }

  /// The areas under both curves, pooled and per image.
  static func areas(of segmentation: BinarySegmentation) -> [Entry] {
    let ranking = segmentation.ranking()
    let subject = quoted(segmentation.className)
    return [
      Entry("auc", "AUC", ranking.areaUnderROC(of: subject), ranking.resolution),
      Entry("ap", "AP", ranking.averagePrecision(of: subject), ranking.resolution),
      Entry("auc", "AUC", perImage: segmentation.imageAreasUnderROC),
      Entry("ap", "AP", perImage: segmentation.imageAveragePrecisions),
    ]
  }

  private init(
    _ identifier: String,
    _ displayName: String,
    _ area: PooledArea,
    _ resolution: ScoreResolution
  ) {
    let isExact = if case .exact = resolution { true } else { false }
    let note = isExact ? nil : "\(resolution.name), exact to \(area.errorBound)"
    self.init(identifier, displayName, pooled: area.value, note: note)
  }

  private init(
    _ identifier: String,
    _ displayName: String,
    pooled value: MetricValue,
    note: String?
  ) {
    self.identifier = "\(identifier)-\(SegmentationScope.pooled.rawValue)"
    self.displayName = "\(displayName) (pooled)"
    averaging = .none
    self.value = value
    self.note = note.map { [identifier = self.identifier] in "\(identifier): \($0)" }
  }

  private init(_ identifier: String, _ displayName: String, perImage summary: ImageSummary) {
    self.identifier = "\(identifier)-\(SegmentationScope.perImage.rawValue)"
    self.displayName = "\(displayName) (per image)"
    averaging = .samples
    value = summary.mean
    let all = summary.imageCount + summary.leftOut.count
    note = summary.leftOut.first.map { [identifier = self.identifier] exclusion in
      "\(identifier): \(summary.leftOut.count) of \(all) images left out, the first \(exclusion.name):"
        + " \(exclusion.reason)"
    }
  }

  var record: MetricRecord {
    MetricRecord(
      identifier: identifier,
      displayName: displayName,
      averaging: averaging,
      value: value
    )
  }
}

private func meanRecord(_ entries: [Entry], _ classNames: [String]) -> MetricRecord {
  let mean = MacroMean(entries.map(\.value))
  return MetricRecord(
    identifier: entries[0].identifier,
    displayName: entries[0].displayName,
    averaging: .macro,
    value: mean.value,
    classesIncluded: mean.classesIncluded.count,
    classesExcluded: mean.classesExcluded.map {
      Exclusion(name: classNames[$0.index], reason: $0.reason)
    }
  )
}
