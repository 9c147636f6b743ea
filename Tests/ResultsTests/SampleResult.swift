import Foundation
import Results

extension RunResult {
  /// A small result in which every field is set.
  static func sample() -> RunResult {
    RunResult(
      run: RunRecord(
        id: "20261121T072556Z-5f2c09ab",
        status: .passed,
        started: Date(timeIntervalSince1970: 1_795_246_000),
        seconds: 12.5
      ),
      evaluationProtocol: ProtocolRecord(
        name: "linear-probe",
        version: 1,
        preset: "lbfgs-sweep",
        parameters: [
          Parameter("solver", .text("lbfgs")),
          Parameter("strengths", .list([.real(0.1), .integer(1), .real(1e-300)])),
          Parameter("epochs", .integer(50)),
          Parameter("standardize", .flag(true)),
          Parameter("shots", .none),
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
          SplitRecord(name: "validation", declaredCount: nil, usedCount: 83),
        ],
        classes: [ClassCount(name: "正常眼底", count: 34), ClassCount(name: "mild", count: 68)],
        subset: "5 per class, seed 1",
        exclusions: [Exclusion(name: "IDRiD_007.jpg", split: "test", reason: "is truncated")],
        checksums: [FileChecksum(name: "test.csv", sha256: "ab12")]
      ),
      model: ModelRecord(
        name: "ViLReF-ViT",
        architecture: "vit-b-16",
        checkpoint: FileChecksum(name: "vilref.h5", sha256: "cd34"),
        parameterCount: 188_262_913,
        features: FeatureRecord(kind: "class-token", dimension: 768, isNormalized: false)
      ),
      metrics: [
        MetricRecord(
          identifier: "auc",
          displayName: "AUC",
          averaging: .macro,
          value: .value(0.1 + 0.2),
          standardDeviation: 1.0 / 3,
          confidenceInterval: ConfidenceInterval(
            low: 0.602,
            high: 0.845,
            method: "bootstrap-percentile",
            replicates: 1000,
            seed: .max
          ),
          classesIncluded: 1,
          classesExcluded: [Exclusion(name: "mild", reason: "no positive sample")],
          unit: "share"
        ),
        MetricRecord(
          identifier: "kappa",
          displayName: "κ",
          value: .undefined(reason: "one class was predicted"),
          higherIsBetter: nil
        ),
      ],
      classMetrics: [
        ClassRecord(
          name: "mild",
          count: 68,
          metrics: [MetricRecord(identifier: "auc", displayName: "AUC", value: .value(0.5))]
        )
      ],
      confusionMatrix: ConfusionMatrix(classes: ["a", "b"], counts: [[30, 4], [8, 60]]),
      curves: [
        Curve(kind: .receiverOperating, name: "mild", x: [0, 0.25, 1], y: [0, 0.5, 1]),
        Curve(kind: .precisionRecall, name: "mild", x: [0, 1], y: [1, 2.0 / 3]),
      ],
      repeats: [
        RepeatRecord(
          seed: .max,
          values: [
            RepeatValue(identifier: "auc", averaging: .macro, value: .value(.leastNonzeroMagnitude))
          ]
        )
      ],
      environment: Environment(
        version: "0.1.0",
        revision: SourceRevision(commit: "0e73283", isDirty: false),
        swiftVersion: "6.3.1",
        processor: "a processor",
        instructionSet: "avx512",
        kernelVariants: ["layer_norm_f32": "avx512", "gelu_f32": "scalar"],
        libraries: ["OpenBLAS": "0.3.21", "HDF5": "1.10.8"],
        threads: 2,
        processorCount: 4,
        peakMemoryBytes: 123_456_789,
        operatingSystem: "Debian GNU/Linux 12"
      ),
      artefacts: [Artefact(name: "predictions.h5", sha256: "ef56")]
    )
  }
}
