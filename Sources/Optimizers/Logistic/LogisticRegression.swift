import Kernels
package import Parallelism

/// L2-regularised logistic regression: the linear probe's `lbfgs` solver.
///
/// Minimises Σ vᵢ·lossᵢ + ‖W‖² / (2C), intercepts not penalised: the objective of scikit-learn's
/// `LogisticRegression(C=C)`, in double precision on float features. Checked, encoded and multiplied
/// out once, the samples serve any number of strengths. The result is the same bits for any number
/// of threads.
package struct LogisticRegression: Sendable {
  /// How more than two classes are told apart.
  package enum Scheme: String, Sendable, Codable, CaseIterable {
    /// One joint distribution (softmax); two classes are one sigmoid.
    case multinomial
    /// Each class against all others, as scikit-learn's `OneVsRestClassifier`. Labels always are.
    case oneVsRest = "one-vs-rest"
  }

  /// What may be chosen.
  package struct Options: Sendable {
    /// How classes are weighted.
    package var classWeights: ClassWeights
    /// N weights of samples; nil weights all with 1.
    package var sampleWeights: [Double]?
    /// How far and how long a fit goes on.
    package var limits: LogisticLimits

    /// States options.
    ///
    /// - Parameters:
    ///   - classWeights: how classes are weighted.
    ///   - sampleWeights: N weights of samples, finite and at least 0; nil weights all with 1.
    ///   - limits: how far and how long a fit goes on.
    package init(
      classWeights: ClassWeights = .uniform,
      sampleWeights: [Double]? = nil,
      limits: LogisticLimits = LogisticLimits()
    ) {
      self.classWeights = classWeights
      self.sampleWeights = sampleWeights
      self.limits = limits
    }
  }

  private let encoding: LogisticEncoding
  private let rows: LogisticKernel.Rows
  private let products: LazyFeatureProducts
  private let link: LogisticModel.Link
  private let classCount: Int
  private let limits: LogisticLimits
  private let pool: WorkerPool

  /// Checks and prepares training samples.
  ///
  /// - Parameters:
  ///   - features: N × D, standardised where that is wanted.
  ///   - targets: classes or labels of the N samples.
  ///   - scheme: how more than two classes are told apart.
  ///   - options: weights and limits.
  ///   - pool: the threads.
  /// - Throws: ``OptimizersError`` where there are no samples, a label is out of range, sizes don't
  ///   match, a weight is invalid, or there is only one class.
  /// - Complexity: N·D² operations, N²·D where N is the smaller.
  package init(
    _ features: FeatureMatrix,
    _ targets: LogisticTargets,
    scheme: Scheme = .multinomial,
    options: Options = Options(),
    pool: WorkerPool
  ) throws {
    LinearAlgebra.prepareOpenBLAS()
    guard features.rows > 0 else { throw OptimizersError(.noSamples) }
    let weights = try Self.checkedWeights(options.sampleWeights, count: features.rows)
    classCount = targets.count
    switch targets {
    case .classes(let labels, let count):
      try Self.check(labels, count: count, rows: features.rows)
      if scheme == .multinomial || count == 2 {
        encoding = try LogisticEncoding(
          multinomial: labels,
          count: count,
          weights: weights,
          options.classWeights
        )
        link = .softmax
      } else {
        if let first = labels.first, labels.allSatisfy({ $0 == first }) {
          throw OptimizersError(.singleClass(first))
        }
        let answers = labels.flatMap { label in (0..<count).map { label == $0 } }
        encoding = try LogisticEncoding(
          separate: answers,
          count: count,
          weights: weights,
          options.classWeights
        )
        link = .oneVsRest
      }
    case .labels(let answers, let count):
      guard answers.count == features.rows * count, count >= 1 else {
        throw OptimizersError(
          .sizeMismatch(what: "labels", found: answers.count, expected: features.rows * count)
        )
      }
      encoding = try LogisticEncoding(
        separate: answers,
        count: count,
        weights: weights,
        options.classWeights
      )
      link = .multilabel
    }
    rows = LogisticKernel.Rows(
      features: features.values,
      dimensions: features.columns,
      targets: encoding.targets,
      rowWeights: encoding.rowWeights,
      outputWeights: encoding.outputWeights
    )
    products = LazyFeatureProducts(rows, pool: pool)
    limits = options.limits
    self.pool = pool
  }

  /// Fits one model from nothing.
  ///
  /// - Parameter strength: C, the inverse of the penalty's weight; positive and finite.
  /// - Returns: the model, converged or not.
  /// - Throws: ``OptimizersError`` for another strength. A fit that doesn't converge throws nothing:
  ///   the model says so.
  package func fit(strength: Double) throws -> LogisticModel {
    try Self.check(strength: strength)
    return model(of: solver(strength).minimise(from: zeroStart), strength: strength)
  }

  /// Fits one model per strength, each started where its weaker neighbours' solutions lead.
  ///
  /// - Parameter strengths: positive and finite, in any order.
  /// - Returns: the models in the order of `strengths`.
  /// - Throws: ``OptimizersError`` for another strength.
  package func sweep(strengths: [Double]) throws -> [LogisticModel] {
    for strength in strengths { try Self.check(strength: strength) }
    var models = [LogisticModel?](repeating: nil, count: strengths.count)
    var path = StrengthPath(start: zeroStart, width: rows.dimensions + 1)
    for index in strengths.indices.sorted(by: { strengths[$0] < strengths[$1] }) {
      let strength = strengths[index]
      let solution = solver(strength)
        .minimise(
          from: path.start(for: strength),
          memories: path.memories(for: strength),
          usesProducts: path.usesProducts
        )
      path.append(solution.problems, at: strength)
      models[index] = model(of: solution, strength: strength)
    }
    return models.compactMap(\.self)
  }
}

// MARK: - Solving

extension LogisticRegression {
  private var zeroStart: [[Double]] {
    let problems = encoding.loss == .softmax ? 1 : rows.outputs
    let count = rows.outputs * (rows.dimensions + 1) / problems
    return Array(repeating: Array(repeating: 0, count: count), count: problems)
  }

  private func solver(_ strength: Double) -> LogisticSolver {
    let objective = LogisticObjective(
      kernel: LogisticKernel(encoding.loss),
      rows: rows,
      pool: pool,
      penalty: 1 / strength
    )
    return LogisticSolver(objective: objective, products: products, limits: limits)
  }

  private func model(
    of solution: LogisticSolver.Solution,
    strength: Double
  ) -> LogisticModel {
    let dimensions = rows.dimensions
    var coefficients = [Double](repeating: 0, count: classCount * dimensions)
    var intercepts = [Double](repeating: 0, count: classCount)
    let points = Array(solution.problems.map(\.point).joined())
    func set(_ target: Int, from output: Int, times factor: Double) {
      let source = output * (dimensions + 1)
      for column in 0..<dimensions {
        coefficients[target * dimensions + column] = factor * points[source + column]
      }
      intercepts[target] = factor * points[source + dimensions]
    }
    switch encoding.layout {
    case .binary(let negative, let positive):
      set(negative, from: 0, times: -0.5)
      set(positive, from: 0, times: 0.5)
    case .softmax(let classes), .separate(let classes):
      for (output, target) in classes.enumerated() { set(target, from: output, times: 1) }
    }
    let ends = solution.problems.compactMap(\.end)
    let value = solution.problems.reduce(0) { $0 + $1.current.value }
    return LogisticModel(
      link: link,
      classCount: classCount,
      dimensions: dimensions,
      coefficients: coefficients,
      intercepts: intercepts,
      undetermined: encoding.undetermined,
      strength: strength,
      objective: value,
      evaluations: solution.evaluations,
      iterations: solution.problems.map(\.iterations).max() ?? 0,
      convergence: ends.contains(.stalled)
        ? .stalled : ends.contains(.evaluationLimit) ? .evaluationLimit : .converged,
      relativeGap: solution.problems.reduce(0) { $0 + max($1.gap, 0) } / value
    )
  }
}

// MARK: - Checks

extension LogisticRegression {
  private static func check(strength: Double) throws {
    guard strength > 0, strength.isFinite, (1 / strength).isFinite else {
      throw OptimizersError(.invalidStrength("\(strength)"))
    }
  }

  private static func check(_ labels: [Int], count: Int, rows: Int) throws {
    guard labels.count == rows else {
      throw OptimizersError(
        .sizeMismatch(what: "class labels", found: labels.count, expected: rows)
      )
    }
    if let row = labels.firstIndex(where: { $0 < 0 || $0 >= count }) {
      throw OptimizersError(.labelOutOfRange(row: row, label: labels[row], classes: count))
    }
  }

  private static func checkedWeights(_ weights: [Double]?, count: Int) throws -> [Double] {
    guard let weights else { return [Double](repeating: 1, count: count) }
    guard weights.count == count else {
      throw OptimizersError(
        .sizeMismatch(what: "sample weights", found: weights.count, expected: count)
      )
    }
    if let row = weights.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
      throw OptimizersError(.invalidWeight(row: row, value: "\(weights[row])"))
    }
    return weights
  }
}
