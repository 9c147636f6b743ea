import Results

/// All numbers of a report in one list, so that a resample of the images gives each of them at once.
struct SegmentationTable: Sendable {
  /// K classes.
  let classNames: [String]
  /// N.
  let imageCount: Int
  /// For each of K classes its numbers.
  let classes: [[SegmentationEntry]]
  /// The numbers of no class.
  let others: [SegmentationEntry]
  /// For each mean over classes whose numbers it is taken over; none where there is one class.
  let means: [[Member]]

  /// One class's number in a mean.
  struct Member: Sendable {
    /// Which class, in 0..<K.
    let classIndex: Int
    /// Which of its numbers.
    let column: Int
  }

  /// Arranges.
  ///
  /// - Parameters:
  ///   - classNames: K names.
  ///   - imageCount: N.
  ///   - classes: K lists, each metric once; a class may lack some of the last class's.
  ///   - others: the numbers of no class.
  ///   - averaged: the classes that enter means.
  init(
    _ classNames: [String],
    imageCount: Int,
    classes: [[SegmentationEntry]],
    others: [SegmentationEntry],
    averaged: Range<Int>
  ) {
    self.classNames = classNames
    self.imageCount = imageCount
    self.classes = classes
    self.others = others
    let identifiers = classes.count < 2 ? [] : classes[classes.count - 1].map(\.identifier)
    means = identifiers.map { identifier in
      averaged.compactMap { index in
        classes[index].firstIndex { $0.identifier == identifier }
          .map { Member(classIndex: index, column: $0) }
      }
    }
  }

  /// All records, with intervals where `options` ask for them.
  ///
  /// - Parameters:
  ///   - options: how intervals are made; nil makes none.
  ///   - groups: N numbers of groups, or nil.
  /// - Returns: the records of each class, of the means, of no class, and what is to be known about
  ///   intervals.
  func records(_ options: BootstrapOptions?, groups: [Int]?) -> Records {
    let lines = lines
    let outcomes = options.map { self.outcomes($0, groups: groups) }
    var notes: [IntervalNote] = []
    let records = lines.indices.map { index in
      var record = lines[index].record
      guard let outcome = outcomes?[index], record.value.number != nil else { return record }
      record.confidenceInterval = outcome.interval
      if outcome.undefinedReplicates > 0, let reason = outcome.reason {
        notes.append(
          IntervalNote(
            identifier: record.identifier,
            averaging: record.averaging,
            className: lines[index].className,
            isMissing: outcome.interval == nil,
            undefinedReplicates: outcome.undefinedReplicates,
            replicates: options?.replicates ?? 0,
            reason: reason
          )
        )
      }
      return record
    }
    var rest = records[...]
    let perClass = classes.map { entries in
      defer { rest = rest.dropFirst(entries.count) }
      return Array(rest.prefix(entries.count))
    }
    return Records(
      classes: perClass,
      means: Array(rest.prefix(means.count)),
      others: Array(rest.dropFirst(means.count)),
      notes: notes
    )
  }

  /// Records by place.
  struct Records {
    /// Those of each of K classes.
    let classes: [[MetricRecord]]
    /// The means over classes.
    let means: [MetricRecord]
    /// Those of no class.
    let others: [MetricRecord]
    /// On intervals; those of a single class don't name it, for it stands for all.
    let notes: [IntervalNote]
  }

  /// Each number's record without interval, and its class: class by class, then means, then others.
  private var lines: [(record: MetricRecord, className: String?)] {
    let isSingle = classes.count == 1
    let own = zip(classNames, classes).flatMap { name, entries in
      entries.map { (record: $0.record(nil), className: isSingle ? nil : name) }
    }
    return own + means.map { (record: meanRecord($0), className: nil) }
      + others.map { (record: $0.record(nil), className: nil) }
  }

  private func meanRecord(_ members: [Member]) -> MetricRecord {
    let entries = members.map { classes[$0.classIndex][$0.column] }
    let mean = MacroMean(entries.map(\.value))
    return MetricRecord(
      identifier: entries[0].identifier,
      displayName: entries[0].displayName,
      averaging: .macro,
      value: mean.value,
      classesIncluded: mean.classesIncluded.count,
      classesExcluded: mean.classesExcluded.map {
        Exclusion(name: classNames[members[$0.index].classIndex], reason: $0.reason)
      },
      higherIsBetter: entries[0].higherIsBetter,
      unit: entries[0].unit
    )
  }
}

extension SegmentationTable {
  /// What resamples of the images say of each number, in the order of `lines`.
  private func outcomes(_ options: BootstrapOptions, groups: [Int]?) -> [BootstrapOutcome] {
    let images = CountedImages(
      classNames: classNames,
      multiplicities: Array(repeating: 1, count: imageCount)
    )
    return bootstrap(images, groups: groups, options) { measurements($0.multiplicities) }
  }

  private func measurements(_ multiplicities: [Int32]) -> [Measurement] {
    let values = classes.map { entries in entries.map { $0.statistic.value(multiplicities) } }
    let averages = means.map { members in
      MacroMean(members.map { values[$0.classIndex][$0.column] })
    }
    return values.joined().map { Measurement(placeholder, $0) }
      + averages.map { Measurement(placeholder, .macro, $0) }
      + others.map { Measurement(placeholder, $0.statistic.value(multiplicities)) }
  }
}

/// A bootstrap reads values and the classes of means; which metric it is, a number's place says.
private let placeholder = Metric.accuracy

/// Images as what a bootstrap draws from.
private struct CountedImages: Predictions {
  let classNames: [String]
  let multiplicities: [Int32]

  var sampleCount: Int { multiplicities.count }

  func counted(_ multiplicities: [Int32]) -> CountedImages {
    CountedImages(classNames: classNames, multiplicities: multiplicities)
  }
}
