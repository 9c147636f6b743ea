import Foundation
package import Parallelism

/// Times fits and sweeps on features from a file, for comparison with other programs.
package enum LogisticBenchmark {
  /// What to read and to time.
  package struct Request: Sendable {
    /// N × D float32 values, little-endian, row by row, without a header.
    package var featuresPath: String
    /// N int32 classes, little-endian, without a header.
    package var labelsPath: String
    /// D.
    package var dimensions: Int
    /// K.
    package var classes: Int
    /// The strengths C: one is a fit, more are a sweep.
    package var strengths: [Double]
    /// How more than two classes are told apart.
    package var scheme: LogisticRegression.Scheme
    /// The limits of each fit.
    package var limits: LogisticLimits
    /// How often to repeat; at least 1.
    package var repeats: Int

    /// States what to read and to time.
    ///
    /// - Parameters:
    ///   - featuresPath: a file of N × D float32 values, little-endian, without a header.
    ///   - labelsPath: a file of N int32 classes.
    ///   - dimensions: D.
    ///   - classes: K.
    ///   - strengths: one is a fit, more are a sweep.
    ///   - scheme: how more than two classes are told apart.
    ///   - limits: the limits of each fit.
    ///   - repeats: how often to repeat; at least 1.
    package init(
      featuresPath: String,
      labelsPath: String,
      dimensions: Int,
      classes: Int,
      strengths: [Double] = [1],
      scheme: LogisticRegression.Scheme = .multinomial,
      limits: LogisticLimits = LogisticLimits(),
      repeats: Int = 5
    ) {
      self.featuresPath = featuresPath
      self.labelsPath = labelsPath
      self.dimensions = dimensions
      self.classes = classes
      self.strengths = strengths
      self.scheme = scheme
      self.limits = limits
      self.repeats = repeats
    }
  }

  /// What was measured.
  package struct Report: Sendable, Codable {
    /// N, D, K.
    package let rows, dimensions, classes: Int
    /// How many threads worked.
    package let threads: Int
    /// Seconds per repetition, from features in memory to models, checks included.
    package let seconds: [Double]
    /// One entry per strength, in the order asked for.
    package let strengths: [Double]
    /// The objective per strength.
    package let objectives: [Double]
    /// The evaluations of the objective per strength.
    package let evaluations: [Int]
    /// Whether each fit converged.
    package let hasConverged: [Bool]
  }

  /// Reads the files and times what was asked for.
  ///
  /// - Parameters:
  ///   - request: what to read and to time.
  ///   - pool: the threads.
  /// - Returns: the times and the objectives.
  /// - Throws: ``OptimizersError`` where a file or its contents aren't as stated.
  package static func run(_ request: Request, pool: WorkerPool) throws -> Report {
    let values = try words(of: request.featuresPath).map { Float(bitPattern: $0) }
    let labels = try words(of: request.labelsPath).map { Int(Int32(bitPattern: $0)) }
    var seconds: [Double] = []
    var models: [LogisticModel] = []
    for _ in 0..<max(request.repeats, 1) {
      let clock = ContinuousClock()
      let start = clock.now
      let features = try FeatureMatrix(values, rows: labels.count, columns: request.dimensions)
      let regression = try LogisticRegression(
        features,
        .classes(labels, count: request.classes),
        scheme: request.scheme,
        options: .init(limits: request.limits),
        pool: pool
      )
      models = try regression.sweep(strengths: request.strengths)
      let time = clock.now - start
      seconds.append(
        Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
      )
    }
    return Report(
      rows: labels.count,
      dimensions: request.dimensions,
      classes: request.classes,
      threads: pool.threadCount,
      seconds: seconds,
      strengths: request.strengths,
      objectives: models.map(\.objective),
      evaluations: models.map(\.evaluations),
      hasConverged: models.map { $0.convergence == .converged }
    )
  }

  /// The 32-bit little-endian words of a file.
  private static func words(of path: String) throws -> [UInt32] {
    let bytes: [UInt8]
    do {
      bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw OptimizersError(.unreadable(detail: error.localizedDescription), path: path)
    }
    guard bytes.count.isMultiple(of: 4) else {
      throw OptimizersError(
        .unreadable(detail: "\(bytes.count) bytes are no whole number of 32-bit values"),
        path: path
      )
    }
    return stride(from: 0, to: bytes.count, by: 4).map { index in
      UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
        | UInt32(bytes[index + 3]) << 24
    }
  }
}
