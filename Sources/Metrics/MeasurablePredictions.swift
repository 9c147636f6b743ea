import Results

/// Predictions with the list of a task's metrics.
protocol MeasurablePredictions: Predictions {
  /// Every metric of the task over all classes, then class by class; the same list for any
  /// multiplicities.
  var measurements: [Measurement] { get }
  /// How many samples each class has, with multiplicities; K numbers.
  var support: [Int] { get }
}

extension BinaryPredictions: MeasurablePredictions {
  /// The 2 × 2 counts at the threshold, the negative class first.
  package var confusionCounts: ConfusionCounts { ConfusionCounts(counts) }

  var support: [Int] { confusionCounts.labelTotals }

  var measurements: [Measurement] {
    let summary = RankingSummary(ranking, multiplicities)
    let counts = counts
    let confusion = ConfusionCounts(counts)
    let subject = quoted(positiveName)
    let classes = Array(zip(confusion.classCounts, classNames.map(quoted)))
    return [
      Measurement(.areaUnderROC, summary.areaUnderROC(of: subject)),
      Measurement(.averagePrecision, summary.averagePrecision(of: subject)),
      Measurement(.accuracy, confusion.accuracy),
      Measurement(
        .balancedAccuracy,
        .macro,
        MacroMean(classes.map { $0.sensitivity(of: $1) })
      ),
      Measurement(.f1, counts.f1(of: subject)),
      Measurement(.f1, .macro, MacroMean(classes.map { $0.f1(of: $1) })),
      Measurement(.sensitivity, counts.sensitivity(of: subject)),
      Measurement(.specificity, counts.specificity(of: subject)),
      Measurement(.precision, counts.precision(of: subject)),
      Measurement(.kappa, confusion.kappa),
      Measurement(.matthewsCorrelation, confusion.matthewsCorrelation),
      Measurement(.logLoss, losses.mean(multiplicities)),
    ] + decisionMeasurements(classes)
  }
}

extension MulticlassPredictions: MeasurablePredictions {
  var support: [Int] { confusionCounts.labelTotals }

  var measurements: [Measurement] {
    let summaries = rankingSummaries
    let areas = summaries.map { $0.areaUnderROC(of: $1) }
    let precisions = summaries.map { $0.averagePrecision(of: $1) }
    let confusion = confusionCounts
    let support = confusion.labelTotals
    let classes = Array(zip(confusion.classCounts, classNames.map(quoted)))
    let f1 = classes.map { $0.f1(of: $1) }
    return [
      Measurement(.areaUnderROC, .macro, MacroMean(areas)),
      Measurement(
        .areaUnderROC,
        .weighted,
        MacroMean(areas, support: support, classNames: classNames)
      ),
      Measurement(.averagePrecision, .macro, MacroMean(precisions)),
      Measurement(.accuracy, confusion.accuracy),
      Measurement(
        .balancedAccuracy,
        .macro,
        MacroMean(classes.map { $0.sensitivity(of: $1) })
      ),
      Measurement(.f1, .macro, MacroMean(f1)),
      Measurement(.f1, .micro, pooled(classes).f1(of: pooledClasses)),
      Measurement(.f1, .weighted, MacroMean(f1, support: support, classNames: classNames)),
      Measurement(.specificity, .macro, MacroMean(classes.map { $0.specificity(of: $1) })),
      Measurement(.kappa, confusion.kappa),
      Measurement(.quadraticKappa, confusion.quadraticKappa),
      Measurement(.matthewsCorrelation, confusion.matthewsCorrelation),
      Measurement(.logLoss, losses.mean(multiplicities)),
    ] + rankedMeasurements(areas, precisions) + decisionMeasurements(classes)
  }
}

extension MultilabelPredictions: MeasurablePredictions {
  var support: [Int] { classCounts.map(\.support) }

  var measurements: [Measurement] {
    let summaries = rankingSummaries
    let areas = summaries.map { $0.areaUnderROC(of: $1) }
    let precisions = summaries.map { $0.averagePrecision(of: $1) }
    let pooledSummary = RankingSummary(pooledRanking, multiplicities)
    let classes = Array(zip(classCounts, classNames.map(quoted)))
    let support = classes.map(\.0.support)
    let f1 = classes.map { $0.f1(of: $1) }
    let pool = pooled(classes)
    return [
      Measurement(.areaUnderROC, .macro, MacroMean(areas)),
      Measurement(.areaUnderROC, .micro, pooledSummary.areaUnderROC(of: pooledClasses)),
      Measurement(
        .areaUnderROC,
        .weighted,
        MacroMean(areas, support: support, classNames: classNames)
      ),
      Measurement(.averagePrecision, .macro, MacroMean(precisions)),
      Measurement(.averagePrecision, .micro, pooledSummary.averagePrecision(of: pooledClasses)),
      Measurement(
        .averagePrecision,
        .weighted,
        MacroMean(precisions, support: support, classNames: classNames)
      ),
      Measurement(.accuracy, .samples, exactMatchAccuracy),
      Measurement(.accuracy, .micro, pool.accuracy),
      Measurement(.f1, .macro, MacroMean(f1)),
      Measurement(.f1, .micro, pool.f1(of: pooledClasses)),
      Measurement(.f1, .weighted, MacroMean(f1, support: support, classNames: classNames)),
      Measurement(.sensitivity, .macro, MacroMean(classes.map { $0.sensitivity(of: $1) })),
      Measurement(.specificity, .macro, MacroMean(classes.map { $0.specificity(of: $1) })),
      Measurement(.kappa, .micro, ConfusionCounts(pool).kappa),
      Measurement(.logLoss, .micro, losses.mean(multiplicities)),
    ] + rankedMeasurements(areas, precisions) + decisionMeasurements(classes)
  }

  /// The share of samples with every class decided rightly; undefined without a sample.
  private var exactMatchAccuracy: MetricValue {
    var right = 0
    var total = 0
    for sample in 0..<sampleCount where multiplicities[sample] != 0 {
      let isRight = (0..<classCount).allSatisfy { index in
        let entry = sample * classCount + index
        return labels[entry] == (scores[entry] >= thresholds[index])
      }
      right += isRight ? Int(multiplicities[sample]) : 0
      total += Int(multiplicities[sample])
    }
    return .ratio(right, total, orUndefined: "there is no sample")
  }
}

/// How reasons call the decisions of all classes together.
private let pooledClasses = "the pool of all classes"

/// The counts of all classes together.
private func pooled(_ classes: [(BinaryCounts, String)]) -> BinaryCounts {
  classes.reduce(BinaryCounts()) { $0 + $1.0 }
}

/// Each class's ranking metrics.
private func rankedMeasurements(
  _ areas: [MetricValue],
  _ precisions: [MetricValue]
) -> [Measurement] {
  areas.indices.flatMap { index in
    [
      Measurement(.areaUnderROC, areas[index], classIndex: index),
      Measurement(.averagePrecision, precisions[index], classIndex: index),
    ]
  }
}

/// Each class's metrics of decisions.
private func decisionMeasurements(_ classes: [(BinaryCounts, String)]) -> [Measurement] {
  classes.indices.flatMap { index in
    let (counts, subject) = classes[index]
    return [
      Measurement(.f1, counts.f1(of: subject), classIndex: index),
      Measurement(.sensitivity, counts.sensitivity(of: subject), classIndex: index),
      Measurement(.specificity, counts.specificity(of: subject), classIndex: index),
      Measurement(.precision, counts.precision(of: subject), classIndex: index),
    ]
  }
}
