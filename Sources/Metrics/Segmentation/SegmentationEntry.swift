import Results

/// One number of a report that is no mean over classes.
struct SegmentationEntry: Sendable {
  /// The name in code and files, scope included.
  let identifier: String
  /// The name in tables, scope included.
  let displayName: String
  /// Nothing where pixels are pooled, samples where it is a mean over images.
  let averaging: Averaging
  /// The value.
  let value: MetricValue
  /// Whether more is better; nil where neither is.
  let higherIsBetter: Bool?
  /// The unit; nil for plain numbers.
  let unit: String?
  /// What is to be known beside the number.
  let note: String?
  /// What the number is on images that count otherwise.
  let statistic: ImageStatistic

  /// The record.
  ///
  /// - Parameter interval: the value's interval, where it has one.
  /// - Returns: the entry in a result's form.
  func record(_ interval: ConfidenceInterval?) -> MetricRecord {
    MetricRecord(
      identifier: identifier,
      displayName: displayName,
      averaging: averaging,
      value: value,
      confidenceInterval: interval,
      higherIsBetter: higherIsBetter,
      unit: unit
    )
  }
}

extension SegmentationEntry {
  /// All metrics of a class's decided masks: pooled, then per image.
  ///
  /// - Parameters:
  ///   - counts: the class.
  ///   - emptyMasks: what Dice and IoU of empty masks are.
  /// - Returns: one entry per scope and metric.
  static func decided(
    _ counts: SegmentationCounts,
    _ emptyMasks: EmptyMasks
  ) -> [SegmentationEntry] {
    SegmentationScope.allCases.flatMap { scope in
      SegmentationMetric.allCases.map { metric in
        switch scope {
        case .pooled:
          SegmentationEntry(
            metric.identifier,
            metric.displayName,
            pooled: counts.pooledValue(metric, emptyMasks),
            note: nil,
            statistic: .pooled(metric, counts, emptyMasks)
          )
        case .perImage:
          SegmentationEntry(
            metric.identifier,
            metric.displayName,
            perImage: counts.imageSummary(metric, emptyMasks)
          )
        }
      }
    }
  }

  /// The areas under both curves, pooled and per image.
  ///
  /// - Parameter segmentation: the class.
  /// - Returns: four entries.
  static func areas(of segmentation: BinarySegmentation) -> [SegmentationEntry] {
    let ranking = segmentation.ranking()
    let subject = quoted(segmentation.className)
    func pooled(_ identifier: String, _ displayName: String, _ area: PooledArea) -> Self {
      let isExact = if case .exact = ranking.resolution { true } else { false }
      return SegmentationEntry(
        identifier,
        displayName,
        pooled: area.value,
        note: isExact ? nil : "\(ranking.resolution.name), exact to \(area.errorBound)",
        statistic: .unavailable(reason: "each resample would rank the pixels of all images anew")
      )
    }
    return [
      pooled("auc", "AUC", ranking.areaUnderROC(of: subject)),
      pooled("ap", "AP", ranking.averagePrecision(of: subject)),
      SegmentationEntry("auc", "AUC", perImage: segmentation.imageAreasUnderROC),
      SegmentationEntry("ap", "AP", perImage: segmentation.imageAveragePrecisions),
    ]
  }

  /// The mean over images of the distances between borders.
  ///
  /// - Parameter summary: the images' 95th percentiles in pixels.
  /// - Returns: an entry of which less is better.
  static func hausdorffDistance(_ summary: ImageSummary) -> SegmentationEntry {
    SegmentationEntry("hd95", "HD95", perImage: summary, higherIsBetter: false, unit: "px")
  }

  /// Bias and mean absolute error of cup-to-disc ratios.
  ///
  /// - Parameter errors: the images' errors.
  /// - Returns: two entries; the first says how many images have no ratio.
  static func cupToDisc(_ errors: CupToDiscErrors) -> [SegmentationEntry] {
    let (signed, absolute) = (errors.signed, errors.absolute)
    let note = signed.leftOut.first.map { exclusion in
      "cup-to-disc ratio: \(signed.leftOut.count) of \(signed.values.count) images have none, the "
        + "first \(exclusion.name): \(exclusion.reason)"
    }
    return [
      SegmentationEntry(
        identifier: "cdr-error-mean",
        displayName: "CDR error (mean)",
        averaging: .samples,
        value: signed.mean,
        higherIsBetter: nil,
        unit: nil,
        note: note,
        statistic: .mean(of: signed)
      ),
      SegmentationEntry(
        identifier: "cdr-error-absolute",
        displayName: "CDR error (absolute)",
        averaging: .samples,
        value: absolute.mean,
        higherIsBetter: false,
        unit: nil,
        note: nil,
        statistic: .mean(of: absolute)
      ),
    ]
  }

  private init(
    _ identifier: String,
    _ displayName: String,
    pooled value: MetricValue,
    note: String?,
    statistic: ImageStatistic
  ) {
    let identifier = "\(identifier)-\(SegmentationScope.pooled.rawValue)"
    self.init(
      identifier: identifier,
      displayName: "\(displayName) (pooled)",
      averaging: .none,
      value: value,
      higherIsBetter: true,
      unit: nil,
      note: note.map { "\(identifier): \($0)" },
      statistic: statistic
    )
  }

  private init(
    _ identifier: String,
    _ displayName: String,
    perImage summary: ImageSummary,
    higherIsBetter: Bool = true,
    unit: String? = nil
  ) {
    let identifier = "\(identifier)-\(SegmentationScope.perImage.rawValue)"
    let note = summary.leftOut.first.map { exclusion in
      "\(identifier): \(summary.leftOut.count) of \(summary.values.count) images left out, the first"
        + " \(exclusion.name): \(exclusion.reason)"
    }
    self.init(
      identifier: identifier,
      displayName: "\(displayName) (per image)",
      averaging: .samples,
      value: summary.mean,
      higherIsBetter: higherIsBetter,
      unit: unit,
      note: note,
      statistic: .mean(of: summary)
    )
  }
}
