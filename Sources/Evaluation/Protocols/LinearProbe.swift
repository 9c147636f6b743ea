package import Datasets
import Optimizers
package import Parallelism

/// A linear probe: logistic regression on frozen features.
///
/// The strength is chosen on validation samples by the macro AUC (ties go to the stronger penalty);
/// the test split is looked at once, by the chosen model.
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
    try require(train, "train", task)
    try require(splits.test, "test", task)
    var strength = settings.strengths[0]
    var chosen: [(name: String, value: Double)] = []
    if sweeps {
      try require(splits.validation, "validation", task)
      let swept = try sweep(
        matrix(train),
        task.labels[train],
        matrix(splits.validation),
        task,
        splits.validation
      )
      strength = swept.strength
      chosen = [("strength", strength), ("validation macro AUC", swept.score)]
      notes += swept.notes
    }
    // Without a sweep nothing is chosen, so validation samples are training samples like others.
    let joins = settings.shots == nil && (!sweeps || settings.refitsWithValidation)
    let final = joins ? (train + splits.validation).sorted() : train
    let scaler = try Scaler(settings.scaling, fitting: matrix(final), pool)
    let regression = try regression(scaler(matrix(final)), task.labels[final], task)
    let model = try regression.fit(strength: strength)
    if model.convergence != .converged {
      notes.append("the fit stopped (\(model.convergence)) at gap \(model.relativeGap)")
    }
    notes += model.undetermined.map {
      "no training sample tells class \(task.task.classes[$0.index])"
    }
    let scores = try model.probabilities(scaler(matrix(splits.test)))
    return ScoredSamples(indices: splits.test, scores: scores, chosen: chosen, notes: notes)
  }

  private func require(_ indices: [Int], _ split: String, _ task: TaskContents) throws {
    guard indices.isEmpty else { return }
    throw EvaluationError(
      .emptySplit(
        split: split,
        task: "\(task.dataset.name)/\(task.task.name)",
        detail: "no sample has a label and a readable image"
      )
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
  ) throws -> (strength: Double, score: Double, notes: [String]) {
    let scaler = try Scaler(settings.scaling, fitting: train, pool)
    let models = try regression(scaler(train), labels, task).sweep(strengths: settings.strengths)
    let scaled = try scaler(validation)
    var best: (strength: Double, score: Double)?
    for (strength, model) in zip(settings.strengths, models).sorted(by: { $0.0 < $1.0 }) {
      let scores = try model.probabilities(scaled)
      let score = try macroAUC(scores, of: task, indices)
      if let score, score > best?.score ?? -1 { best = (strength, score) }
    }
    guard let best else {
      let middle = settings.strengths.sorted()[settings.strengths.count / 2]
      return (
        middle, .nan,
        ["validation shows no class that an AUC can be had of; strength \(middle) was taken"]
      )
    }
    return (best.strength, best.score, [])
  }
}

/// What is done to features: measured once on training samples, applied to all.
private struct Scaler {
  private let scaling: FeatureScaling
  private let standardizer: Standardizer?
  private let pool: WorkerPool

  init(_ scaling: FeatureScaling, fitting features: FeatureMatrix, _ pool: WorkerPool) throws {
    self.scaling = scaling
    self.pool = pool
    standardizer =
      scaling == .standardized ? try Standardizer(fitting: features, pool: pool) : nil
  }

  func callAsFunction(_ features: FeatureMatrix) throws -> FeatureMatrix {
    if let standardizer { return try standardizer(features, pool: pool) }
    return scaling == .unitLength ? try features.unitLength() : features
  }
}
