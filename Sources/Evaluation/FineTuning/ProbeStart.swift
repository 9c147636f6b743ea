import Datasets
import Optimizers
import Parallelism

/// The weights of a linear probe, for a classifier to begin with.
///
/// Features are standardised and the strength is swept as by the usual linear probe; both are then
/// folded into the weights, so that they take features as they are.
struct ProbeStart {
  /// K rows of D.
  let weights: [Float]
  /// K.
  let offsets: [Float]
  /// What a reader must know, in one line each.
  let notes: [String]

  /// Where a class has no training sample, its logit begins so far below the others.
  private static let absentOffset = -5.0

  /// Fits a probe.
  ///
  /// - Parameters:
  ///   - train: N × D features of the training samples.
  ///   - labels: their N labels.
  ///   - validation: M × D features of the validation samples; they choose the strength.
  ///   - indices: which M samples of the task.
  ///   - task: the task.
  ///   - loss: what the classifier's loss will be.
  ///   - pool: the threads.
  /// - Throws: `OptimizersError` where training samples show one class only; `MetricsError`.
  init(
    _ train: FeatureMatrix,
    _ labels: TaskLabels,
    validation: FeatureMatrix,
    _ indices: [Int],
    of task: TaskContents,
    loss: ClassifierLoss,
    pool: WorkerPool
  ) throws {
    let scaler = try Standardizer(fitting: train, pool: pool)
    let targets: LogisticTargets =
      switch labels {
      case .classes(let classes): .classes(classes, count: task.task.classes.count)
      case .findings(let rows):
        .labels(rows.flatMap { $0.map { $0 == 1 } }, count: task.task.classes.count)
      }
    let regression = try LogisticRegression(
      scaler(train, pool: pool),
      targets,
      scheme: loss == .binary ? .oneVsRest : .multinomial,
      options: .init(classWeights: .uniform, limits: LogisticLimits()),
      pool: pool
    )
    let models = try regression.sweep(strengths: LinearProbeSettings.usualStrengths)
    let scaled = try scaler(validation, pool: pool)
    let scores = try models.map { model in
      indices.isEmpty ? nil : try macroAUC(model.probabilities(scaled), of: task, indices)
    }
    let best = models.indices.max { (scores[$0] ?? -1) < (scores[$1] ?? -1) }
    let chosen = scores.contains { $0 != nil } ? best ?? 0 : models.count / 2
    let model = models[chosen]
    var weights: [Float] = []
    var offsets: [Float] = []
    for output in 0..<model.classCount {
      let row = model.coefficients[output * model.dimensions..<(output + 1) * model.dimensions]
      let folded = zip(row, scaler.scales).map { $0 / $1 }
      weights += folded.map { Float($0) }
      let shift = zip(folded, scaler.means).reduce(0) { $0 + $1.0 * $1.1 }
      offsets.append(Float(model.intercepts[output] - shift))
    }
    for absent in model.undetermined {
      offsets[absent.index] = Float(
        absent.isAlwaysPresent ? -Self.absentOffset : Self.absentOffset
      )
    }
    self.weights = weights
    self.offsets = offsets
    notes = model.undetermined.map {
      "no training sample tells class \(task.task.classes[$0.index])"
    }
  }
}
