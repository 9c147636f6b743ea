import Foundation
import Results

/// Runs to render: two tasks, undefined values, intervals apart and meeting, a failure, Chinese
/// names, and texts that each format must escape.
enum ReportSamples {
  static let all = [probe, baseline, zeroShot, failed, multilabel]

  /// A metric with a bootstrap interval.
  static func metric(
    _ identifier: String,
    _ name: String,
    _ value: Double,
    _ low: Double,
    _ high: Double,
    averaging: Averaging = .none,
    deviation: Double? = nil
  ) -> MetricRecord {
    MetricRecord(
      identifier: identifier,
      displayName: name,
      averaging: averaging,
      value: .value(value),
      standardDeviation: deviation,
      confidenceInterval: ConfidenceInterval(
        low: low,
        high: high,
        method: "bootstrap-percentile",
        replicates: 1000,
        seed: 7
      )
    )
  }

  /// A run on the grading task with these metrics and no more.
  static func run(
    _ id: String,
    model: String,
    protocolName: String = "linear-probe",
    preset: String? = "lbfgs-sweep",
    status: RunStatus = .passed,
    metrics: [MetricRecord]
  ) -> RunResult {
    RunResult(
      run: RunRecord(
        id: id,
        status: status,
        started: Date(timeIntervalSince1970: 1_795_245_956),
        seconds: 84.6
      ),
      evaluationProtocol: ProtocolRecord(
        name: protocolName,
        version: 1,
        preset: preset,
        parameters: [
          Parameter("solver", .text("lbfgs")),
          Parameter("strengths", .list([.real(0.01), .real(0.1), .integer(1)])),
        ]
      ),
      dataset: DatasetRecord(
        name: "idrid-grading",
        version: 1,
        task: "dr-grade",
        taskKind: "multiclass",
        evaluatedSplit: "test",
        evaluatedCount: 102,
        splits: [
          SplitRecord(name: "train", declaredCount: 413, usedCount: 413),
          SplitRecord(name: "test", declaredCount: 103, usedCount: 102),
        ],
        exclusions: [
          Exclusion(name: "IDRiD_007.jpg", split: "test", reason: "JPEG data ends after 12 bytes")
        ],
        checksums: [FileChecksum(name: "labels.csv", sha256: "5f2c")]
      ),
      model: ModelRecord(
        name: model,
        architecture: "vit-b-16",
        checkpoint: FileChecksum(name: "vilref.h5", sha256: "cd34"),
        parameterCount: 188_262_913,
        features: FeatureRecord(kind: "class-token", dimension: 768, isNormalized: false)
      ),
      metrics: metrics,
      environment: environment
    )
  }

  private static let environment = Environment(
    version: "0.1.0",
    revision: SourceRevision(commit: "0e73283", isDirty: true),
    swiftVersion: "6.3.1",
    processor: "a processor",
    instructionSet: "avx512",
    kernelVariants: ["layer_norm_f32": "avx512"],
    libraries: ["OpenBLAS": "0.3.21"],
    threads: 2,
    processorCount: 4,
    peakMemoryBytes: 1_503_238_553,
    operatingSystem: "Debian GNU/Linux 12"
  )

  /// A run in which nothing is missing but one class's AUC.
  static let probe: RunResult = {
    var auc = metric("auc", "AUC", 0.8312, 0.7904, 0.868, averaging: .macro)
    auc.classesIncluded = 4
    auc.classesExcluded = [Exclusion(name: "mild", reason: "no positive sample")]
    var result = run(
      "20261121T072556Z-5f2c09ab",
      model: "ViLReF_ViT",
      metrics: [
        auc, metric("f1", "F1", 0.5123, 0.441, 0.5777, averaging: .macro),
        metric("kappa", "κ", 0.702, 0.61, 0.781),
      ]
    )
    result.classMetrics = [
      ClassRecord(
        name: "none",
        count: 34,
        metrics: [metric("auc", "AUC", 0.912, 0.85, 0.961), metric("f1", "F1", 0.8, 0.7, 0.89)]
      ),
      ClassRecord(
        name: "mild",
        count: 0,
        metrics: [
          MetricRecord(
            identifier: "auc",
            displayName: "AUC",
            value: .undefined(reason: "no positive sample")
          ), metric("f1", "F1", 0, 0, 0),
        ]
      ),
      ClassRecord(
        name: "moderate | <severe>",
        count: 68,
        metrics: [metric("auc", "AUC", 0.75, 0.68, 0.82), metric("f1", "F1", 0.74, 0.6, 0.8)]
      ),
    ]
    result.confusionMatrix = ConfusionMatrix(
      classes: ["none", "mild", "moderate | <severe>"],
      counts: [[30, 1, 3], [0, 0, 0], [11, 5, 52]]
    )
    result.curves = [
      Curve(
        kind: .receiverOperating,
        name: "none",
        x: [0, 0, 0.1, 0.3, 1],
        y: [0, 0.5, 0.8, 0.95, 1]
      ),
      Curve(
        kind: .receiverOperating,
        name: "moderate | <severe>",
        x: [0, 0.2, 0.5, 1],
        y: [0, 0.6, 0.85, 1]
      ),
      Curve(
        kind: .precisionRecall,
        name: "none",
        x: [0, 0.5, 0.8, 1],
        y: [1, 0.95, 0.8, 0.33]
      ),
    ]
    return result
  }()

  /// Lower in everything; only its AUC's interval lies apart from the first run's.
  static let baseline = run(
    "20261121T072701Z-11223344",
    model: "ImageNet ResNet-50 & friends",
    metrics: [
      metric("auc", "AUC", 0.7311, 0.68, 0.7853, averaging: .macro),
      metric("f1", "F1", 0.46, 0.39, 0.53, averaging: .macro),
      metric("kappa", "κ", 0.6, 0.5, 0.7),
    ]
  )

  static let zeroShot = run(
    "20261121T072801Z-55667788",
    model: "ViLReF_ViT",
    protocolName: "zero-shot",
    preset: nil,
    status: .mistrusted(reason: "all predictions are one class"),
    metrics: [
      metric("auc", "AUC", 0.61, 0.55, 0.69, averaging: .macro),
      MetricRecord(
        identifier: "kappa",
        displayName: "κ",
        value: .undefined(reason: "one class was predicted, 100% of the time")
      ),
    ]
  )

  static let failed: RunResult = {
    var result = run(
      "20261121T072901Z-99aabbcc",
      model: "RET-CLIP",
      status: .failed(reason: "the checkpoint lacks visual.proj"),
      metrics: []
    )
    result.dataset.exclusions = []
    return result
  }()

  /// Chinese classes, five repeats.
  static let multilabel: RunResult = {
    var result = run(
      "20261121T073001Z-ddeeff00",
      model: "视网膜基础模型",
      metrics: [
        metric("map", "mAP", 0.52, 0.44, 0.6, averaging: .macro, deviation: 0.0124),
        metric("auc", "AUC", 0.9, 0.88, 0.92, averaging: .macro, deviation: 0.003),
      ]
    )
    result.dataset.name = "odir-5k"
    result.dataset.task = nil
    result.dataset.subset = "5 per class"
    result.dataset.splits = []
    result.dataset.exclusions = (1...12).map {
      Exclusion(name: "图像_\($0).png", reason: "has 3 channels of 16 bits")
    }
    result.classMetrics = ["正常眼底", "白内障", "glaucoma"].map {
      ClassRecord(name: $0, count: 1200, metrics: [metric("ap", "AP", 0.5, 0.4, 0.6)])
    }
    result.repeats = (1...2).map {
      RepeatRecord(
        seed: $0,
        values: [
          RepeatValue(identifier: "map", averaging: .macro, value: .value(0.1 + 0.2)),
          RepeatValue(identifier: "auc", averaging: .macro, value: .undefined(reason: "a, \"b\"")),
        ]
      )
    }
    return result
  }()
}
