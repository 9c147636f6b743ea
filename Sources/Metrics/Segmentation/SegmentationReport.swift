package import Results

/// Everything that is said about one set of masks, in the records of a result.
///
/// Each identifier ends in its scope: `dice-pooled`, `dice-per-image`. A mean over classes takes each
/// class's value, pooled or mean over its own images, as one; classes without a value are left out by
/// name. What metrics of empty truths and predictions are, `SegmentationMetric` tells.
///
/// `hd95-per-image` is the mean over images of `hausdorffDistance95`: the 95th percentile, by linear
/// interpolation, of the distances in pixels from each border pixel of either mask to the nearest one
/// of the other. An image where prediction or truth is empty has no distance and is left out of the
/// mean by name. `cdr-error-mean` and `cdr-error-absolute` are the means over images of predicted less
/// true vertical cup-to-disc ratio and of its magnitude, see `CupToDiscErrors`.
///
/// Intervals come from resampling images with replacement, N per replicate, or patients with all their
/// images, as many as there are; percentiles of the replicates, see `BootstrapOptions`. Pixels are not
/// resampled: those of one image depend on each other, and intervals would be far too narrow. In a
/// replicate a pooled metric is that of the summed counts of the images drawn, a mean over images that
/// of those drawn that have a value; without any, or where a mean over classes would rest on other
/// classes than the whole's, the replicate has no value. Thresholds stay as they are. The pooled areas
/// under curves have no interval: each replicate would have to rank the pixels of all its images anew.
package struct SegmentationReport: Equatable, Sendable {
  /// The metrics over all classes; for a single class, its own; then cup-to-disc errors.
  package let metrics: [MetricRecord]
  /// The metrics of each class.
  package let classMetrics: [ClassRecord]
  /// What is to be known beside the numbers: images left out of means, areas that are not exact.
  package let notes: [String]
  /// What is to be known about intervals: those that are missing and those of fewer replicates.
  ///
  /// Notes on `metrics` name no class, those on `classMetrics` do; of a single class there are only
  /// the former.
  package let intervalNotes: [IntervalNote]
  /// Which choices the numbers rest on.
  package let policy: SegmentationPolicy

  /// Measures.
  ///
  /// - Parameters:
  ///   - classes: K classes of the same N images in the same order; of a label map with the background
  ///     first.
  ///   - areas: K accumulators of these images for the areas under curves; empty where there are no
  ///     probabilities.
  ///   - distances: the images' 95th percentiles of Hausdorff distances in pixels, one summary per
  ///     class without the background: K, or K − 1 where `hasBackground`; empty where none were
  ///     measured.
  ///   - cupToDisc: these images' errors of cup-to-disc ratios; nil where none were measured.
  ///   - hasBackground: whether the first class is a label map's background.
  ///   - policy: the choices to be made.
  ///   - bootstrap: how intervals are made; nil makes none.
  ///   - groups: for each of N images, the number of the group (e.g. the patient) whose images are
  ///     resampled together; nil resamples each on its own.
  /// - Complexity: O(N K) per replicate.
  package init(
    _ classes: [SegmentationCounts],
    areas: [BinarySegmentation] = [],
    distances: [ImageSummary] = [],
    cupToDisc: CupToDiscErrors? = nil,
    hasBackground: Bool,
    policy: SegmentationPolicy,
    bootstrap: BootstrapOptions? = nil,
    groups: [Int]? = nil
  ) {
    let background = hasBackground ? 1 : 0
    let imageNames = classes.first?.imageNames ?? []
    precondition(areas.isEmpty || areas.count == classes.count, "\(areas.count) areas")
    precondition(
      distances.isEmpty || distances.count == classes.count - background,
      "\(distances.count) classes with distances, \(classes.count - background) in the foreground"
    )
    precondition(
      classes.allSatisfy { $0.imageNames == imageNames }
        && areas.allSatisfy { $0.images.map(\.name) == imageNames }
        && distances.allSatisfy { $0.imageNames == imageNames }
        && (cupToDisc.map { $0.imageNames == imageNames } ?? true),
      "classes, areas, distances and ratios are of different images"
    )
    let entries = classes.indices.map { index in
      SegmentationEntry.decided(classes[index], policy.emptyMasks)
        + (areas.isEmpty ? [] : SegmentationEntry.areas(of: areas[index]))
        + (distances.isEmpty || index < background
          ? [] : [.hausdorffDistance(distances[index - background])])
    }
    let others = cupToDisc.map { SegmentationEntry.cupToDisc($0) } ?? []
    let table = SegmentationTable(
      classes.map(\.className),
      imageCount: imageNames.count,
      classes: entries,
      others: others,
      averaged: (policy.meanHasBackground ? 0 : min(background, classes.count))..<classes.count
    )
    let records = table.records(bootstrap, groups: groups)
    self.policy = policy
    metrics = (classes.count == 1 ? records.classes[0] : records.means) + records.others
    classMetrics = zip(classes, records.classes).map { counts, records in
      ClassRecord(name: counts.className, count: counts.imagesWithClass, metrics: records)
    }
    notes =
      zip(classes, entries).flatMap { counts, entries in
        entries.compactMap { entry in entry.note.map { "\(quoted(counts.className)): \($0)" } }
      } + others.compactMap(\.note)
    intervalNotes = records.notes
  }
}
