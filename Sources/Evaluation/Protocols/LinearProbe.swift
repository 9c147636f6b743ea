package import Datasets
import Optimizers
package import Parallelism

/// A linear probe: logistic regression on frozen features.
///
/// The strength is chosen on validation samples by the macro AUC (ties go to the stronger penalty),
/// decision thresholds by the F1 of a model that has not seen these samples; the test split is looked
/// at once, by the chosen model.
package struct LinearProbe {
  private let settings: LinearProbeSettings
  private let pool: WorkerPool

  /// Prepares a probe.
  ///
  /// - Parameters:
  ///   - settings: how it is fitted.
  ///   - pool: the threads.
  package init(_ settings: LinearProbeSettings, pool: WorkerPool) {
    self.settings = settings
    self.pool = pool
  }

  /// Fits on training samples and scores the test samples.
  ///
  /// - Parameters:
  ///   - task: the samples with their labels.
  ///   - splits: which samples are for what; samples without features are not among them.
  ///   - features: one row per sample of the task; rows outside the splits are not read.
  ///   - width: how many numbers a row has.
  ///   - seed: the repeat's seed.
  /// - Returns: the test samples' probabilities.
  /// - Throws: `EvaluationError` where a split is empty; `OptimizersError` where training samples
  ///   show one class only.
  package func run(
    _ task: TaskContents,
    splits: TaskSplits,
    features: (Int) -> ArraySlice<Float>,
    width: Int,
    seed: UInt64
  ) throws -> ScoredSamples {
    func matrix(_ indices: [Int]) throws -> FeatureMatrix {
      try FeatureMatrix(indices.flatMap(features), rows: indices.count, columns: width)
    }
    var notes: [String] = []
    var train = splits.train
    let sweeps = settings.strengths.count > 1
    if let shots = settings.shots {
      let subset = task.fewShot(shots, of: train, seed: seed)
      train = subset.indices
      notes += subset.warnings
    }
    try requireSamples(train, "train", task)
    try requireSamples(splits.test, "test", task)
    var strength = settings.strengths[0]
    var chosen: [(name: String, value: Double)] = []
    var validationScores: [Double]?
    if sweeps { try requireSamples(splits.validation, "validation", task) }
    if sweeps || settings.decision.needsValidation(task) && !splits.validation.isEmpty {
      let swept = try sweep(
        matrix(train),
        task.labels[train],
        matrix(splits.validation),
        task,
        splits.validation
      )
      validationScores = swept.scores
      if sweeps {
        strength = swept.strength
        chosen = [("strength", strength), ("validation macro AUC", swept.score)]
        notes += swept.notes
      }
    }
    let thresholds = settings.decision.thresholds(validationScores, of: task, splits.validation)
    notes += thresholds?.notes ?? []
    // Without a sweep nothing is chosen, so validation samples are training samples like others.
    let joins = settings.shots == nil && (!sweeps || settings.refitsWithValidation)
    let final = joins ? (train + splits.validation).sorted() : train
    let scaler = try FeatureScaler(settings.scaling, fitting: matrix(final), pool)
    let regression = try regression(scaler(matrix(final)), task.labels[final], task)
    let model = try regression.fit(strength: strength)
    if model.convergence != .converged {
      notes.append("the fit stopped (\(model.convergence)) at gap \(model.relativeGap)")
    }
    notes += model.undetermined.map {
      "no training sample tells class \(task.task.classes[$0.index])"
    }
    let scores = try model.probabilities(scaler(matrix(splits.test)))
    return ScoredSamples(
      indices: splits.test,
      scores: scores,
      thresholds: thresholds?.values,
      chosen: chosen,
      notes: notes
    )
  }

  private func regression(
    _ features: FeatureMatrix,
    _ labels: TaskLabels,
    _ task: TaskContents
  ) throws -> LogisticRegression {
    let targets: LogisticTargets =
      switch labels {
      case .classes(let classes): .classes(classes, count: task.task.classes.count)
      case .findings(let rows):
        .labels(rows.flatMap { $0.map { $0 == 1 } }, count: task.task.classes.count)
      }
    return try LogisticRegression(
      features,
      targets,
      scheme: settings.scheme,
      options: .init(
        classWeights: settings.classWeights,
        limits: LogisticLimits(evaluations: settings.evaluationLimit)
      ),
      pool: pool
    )
  }

  private func sweep(
    _ train: FeatureMatrix,
    _ labels: TaskLabels,
    _ validation: FeatureMatrix,
    _ task: TaskContents,
    _ indices: [Int]
  ) throws -> (strength: Double, score: Double, scores: [Double], notes: [String]) {
    let scaler = try FeatureScaler(settings.scaling, fitting: train, pool)
    let models = try regression(scaler(train), labels, task).sweep(strengths: settings.strengths)
    let scaled = try scaler(validation)
    var best: (strength: Double, score: Double, scores: [Double])?
    for (strength, model) in zip(settings.strengths, models).sorted(by: { $0.0 < $1.0 }) {
      let scores = try model.probabilities(scaled)
      let score = try macroAUC(scores, of: task, indices)
      if let score, score > best?.score ?? -1 { best = (strength, score, scores) }
    }
    guard let best else {
      let middle = settings.strengths.sorted()[settings.strengths.count / 2]
      let index = settings.strengths.firstIndex(of: middle) ?? 0
      return (
        middle, .nan, try models[index].probabilities(scaled),
        ["validation shows no class that an AUC can be had of; strength \(middle) was taken"]
      )
    }
    return (best.strength, best.score, best.scores, [])
  }
}
