import Results

/// The lists of metrics of each kind of task, computed in one call.
package enum MetricSuite {
  /// Measures the scores of a positive class.
  ///
  /// - Parameters:
  ///   - predictions: N samples.
  ///   - options: how intervals are made; nil makes none.
  ///   - groups: for each of the N samples, the number of the group (e.g. the patient) whose samples
  ///     are resampled together; nil resamples each on its own.
  /// - Returns: records ready for a result.
  package static func evaluate(
    _ predictions: BinaryPredictions,
    bootstrap options: BootstrapOptions?,
    groups: [Int]? = nil
  ) -> MetricReport {
    report(
      predictions,
      options,
      groups,
      confusionMatrix: predictions.confusionCounts.matrix(classNames: predictions.classNames),
      curves: curves([predictions.ranking], predictions.multiplicities, [predictions.positiveName]),
      mistrustReasons: mistrustReasons(predictions)
    )
  }

  /// Measures the scores of classes of which each sample has one.
  ///
  /// - Parameters:
  ///   - predictions: N samples, K classes.
  ///   - options: how intervals are made; nil makes none.
  ///   - groups: for each of the N samples, the number of the group (e.g. the patient) whose samples
  ///     are resampled together; nil resamples each on its own.
  /// - Returns: records ready for a result.
  package static func evaluate(
    _ predictions: MulticlassPredictions,
    bootstrap options: BootstrapOptions?,
    groups: [Int]? = nil
  ) -> MetricReport {
    report(
      predictions,
      options,
      groups,
      confusionMatrix: predictions.confusionCounts.matrix(classNames: predictions.classNames),
      curves: curves(predictions.rankings, predictions.multiplicities, predictions.classNames),
      mistrustReasons: mistrustReasons(predictions)
    )
  }

  /// Measures the scores of classes of which each sample has any number.
  ///
  /// - Parameters:
  ///   - predictions: N samples, K classes.
  ///   - options: how intervals are made; nil makes none.
  ///   - groups: for each of the N samples, the number of the group (e.g. the patient) whose samples
  ///     are resampled together; nil resamples each on its own.
  /// - Returns: records ready for a result.
  package static func evaluate(
    _ predictions: MultilabelPredictions,
    bootstrap options: BootstrapOptions?,
    groups: [Int]? = nil
  ) -> MetricReport {
    report(
      predictions,
      options,
      groups,
      confusionMatrix: nil,
      curves: curves(predictions.rankings, predictions.multiplicities, predictions.classNames),
      mistrustReasons: mistrustReasons(predictions)
    )
  }

  /// Measures how images found their texts and texts their images.
  ///
  /// - Parameters:
  ///   - predictions: N pairs.
  ///   - options: how intervals are made; nil makes none.
  ///   - groups: for each of the N pairs, the number of the group (e.g. the patient) whose pairs are
  ///     resampled together; nil resamples each on its own.
  /// - Returns: records ready for a result.
  package static func evaluate(
    _ predictions: RetrievalPredictions,
    bootstrap options: BootstrapOptions?,
    groups: [Int]? = nil
  ) -> MetricReport {
    report(
      predictions,
      options,
      groups,
      confusionMatrix: nil,
      curves: [],
      mistrustReasons: predictions.isIndifferent
        ? ["all images and texts are equally similar"] : []
    )
  }

  private static func report<P: MeasurablePredictions>(
    _ predictions: P,
    _ options: BootstrapOptions?,
    _ groups: [Int]?,
    confusionMatrix: ConfusionMatrix?,
    curves: [Curve],
    mistrustReasons: [String]
  ) -> MetricReport {
    let measurements = predictions.measurements
    let names = predictions.classNames
    let outcomes = options.map { bootstrap(predictions, groups: groups, $0, \.measurements) }
    let records = measurements.indices.map { index in
      measurements[index].record(interval: outcomes?[index].interval, classNames: names)
    }
    let support = predictions.support
    return MetricReport(
      metrics: measurements.indices.filter { measurements[$0].classIndex == nil }.map {
        records[$0]
      },
      classMetrics: names.indices.map { classIndex in
        ClassRecord(
          name: names[classIndex],
          count: support[classIndex],
          metrics: measurements.indices.filter { measurements[$0].classIndex == classIndex }
            .map { records[$0] }
        )
      },
      confusionMatrix: confusionMatrix,
      curves: curves,
      intervalNotes: zip(measurements, outcomes ?? []).compactMap { measurement, outcome in
        measurement.note(outcome, replicates: options?.replicates ?? 0, classNames: names)
      },
      mistrustReasons: mistrustReasons
    )
  }
}

extension Measurement {
  /// The record of this measurement.
  fileprivate func record(interval: ConfidenceInterval?, classNames: [String]) -> MetricRecord {
    MetricRecord(
      identifier: metric.identifier,
      displayName: metric.displayName(averaging),
      averaging: averaging,
      value: value,
      confidenceInterval: interval,
      classesIncluded: perClass.isEmpty ? nil : perClass.count { $0.number != nil },
      classesExcluded: zip(perClass, classNames).compactMap { classValue, name in
        classValue.undefinedReason.map { Exclusion(name: name, reason: $0) }
      },
      higherIsBetter: metric.higherIsBetter,
      unit: metric.unit
    )
  }

  /// The note on this measurement's interval, where replicates lack a value; an undefined metric
  /// has said why itself.
  fileprivate func note(
    _ outcome: BootstrapOutcome,
    replicates: Int,
    classNames: [String]
  ) -> IntervalNote? {
    guard value.number != nil, outcome.undefinedReplicates > 0, let reason = outcome.reason else {
      return nil
    }
    return IntervalNote(
      identifier: metric.identifier,
      averaging: averaging,
      className: classIndex.map { classNames[$0] },
      isMissing: outcome.interval == nil,
      undefinedReplicates: outcome.undefinedReplicates,
      replicates: replicates,
      reason: reason
    )
  }
}
