import Datasets
import Foundation
import Imaging
import Models
import Pretraining
import Testing
import Training

/// The file that describes a pre-training.
struct PretrainingConfigurationTests {
  private static let transformer = VisionArchitecture.transformer(
    VisionTransformerArchitecture(
      layout: .clip,
      imageSize: 15,
      patchSize: 5,
      positionGrid: 3,
      width: 20,
      layers: 2,
      heads: 4,
      hiddenWidth: 40,
      projectionWidth: 7
    )
  )

  private func configuration(_ more: String = "") throws -> PretrainingConfiguration {
    try PretrainingConfiguration(
      yaml: """
        name: small
        model: { random: vilref-vit-b16 }
        pairs: { dataset: drawn }

        """ + more,
      path: "/runs/small.yaml"
    )
  }

  /// Numbers of the released code; the rest is documented as this project's.
  @Test func defaultsAreTheReleasedNumbers() throws {
    let configuration = try configuration()
    #expect(configuration.seed == 0 && configuration.ablation == nil)
    #expect(configuration.labels.findings == nil && !configuration.labels.countsSuspected)
    for name in ["vilref-vit-b16", "vilref-rn50"] {
      let architecture = try Architecture.named(name)
      #expect(architecture.text?.contextLength == 100)
      let settings = try configuration.settings(for: architecture.vision)
      let optimizer = settings.training.optimizer
      #expect(optimizer.kind == .adamW && optimizer.beta1 == 0.9)
      let isTransformer = name == "vilref-vit-b16"
      #expect(optimizer.beta2 == (isTransformer ? 0.98 : 0.999))
      #expect(optimizer.epsilon == (isTransformer ? 1e-6 : 1e-8))
      #expect(settings.training.learningRate == 3e-5 && settings.training.weightDecay == 1e-3)
      #expect(settings.training.schedule.kind == .cosine)
      #expect(settings.training.schedule.warmUpEpochs > 0)
      #expect(settings.training.schedule.finalShare == 0 && settings.training.layerDecay == 1)
      #expect(settings.training.gradientClip == nil && settings.training.averageDecay == nil)
      #expect(settings.augmentation == .light && settings.chunk == nil)
      #expect(settings.objective == ContrastiveObjective())
      #expect(settings.expansion == BatchExpansion())
    }
    let light = AugmentationPolicy.light
    #expect(light.crop?.scale == 0.9...1 && light.horizontalFlip == 0.5)
    #expect(light.colorJitter == ColorJitter(brightness: 0.1, contrast: 0.1, saturation: 0.1))
    #expect(light.colorJitter?.hue == 0)
  }

  @Test func everyKeyIsRead() throws {
    let configuration = try configuration(
      """
      seed: 12
      labels: { findings: table.yaml, counts_suspected: true }
      loss: { name: soft-targets, target_temperature: 0.5 }
      queue: { length: 99, momentum: 0.9, warm_up_steps: 7, targets: momentum, refill: all }
      training:
        epochs: 3
        batch: 24
        chunk: 6
        optimizer: lamb
        learning_rate: 1e-3
        layer_decay: 0.75
        weight_decay: 0.2
        beta1: 0.8
        beta2: 0.95
        epsilon: 1e-7
        schedule: one-cycle
        warm_up_epochs: 0.5
        gradient_clip: 2
        augmentation: strong
        recompute: true
        average_decay: 0.99
        validate_every: 2
        patience: 2
      """
    )
    #expect(configuration.seed == 12 && configuration.labels.countsSuspected)
    #expect(configuration.labels.findings == "/runs/table.yaml")
    let settings = try configuration.settings(for: Self.transformer)
    #expect(
      settings.objective
        == ContrastiveObjective(
          loss: .softTargets,
          refill: .all,
          targetTemperature: 0.5
        )
    )
    #expect(
      settings.expansion
        == BatchExpansion(queueLength: 99, momentum: 0.9, warmUpSteps: 7, targets: .momentum)
    )
    let training = settings.training
    #expect(training.epochs == 3 && training.batchSize == 24 && settings.chunk == 6)
    #expect(
      training.optimizer == OptimizerChoice(.lamb, beta1: 0.8, beta2: 0.95, epsilon: 1e-7)
    )
    #expect(training.learningRate == 1e-3 && training.layerDecay == 0.75)
    #expect(training.weightDecay == 0.2 && training.schedule.kind == .oneCycle)
    #expect(training.schedule.warmUpEpochs == 0.5 && training.gradientClip == 2)
    #expect(settings.augmentation == .strong && training.recomputesBlocks)
    #expect(training.averageDecay == 0.99 && training.validationInterval == 2)
    #expect(training.patience == 2 && training.seed == 12)
  }

  /// A tenth of a short training, at most an epoch; what is stated counts.
  @Test(
    arguments: [
      ("epochs: 1", 0.1), ("epochs: 5", 0.5), ("epochs: 40", 1), ("batch: 8", 1),
      ("epochs: 40, warm_up_epochs: 3", 3),
    ] as [(String, Double)]
  )
  func warmUpFitsTheEpochs(section: String, wanted: Double) throws {
    let settings = try configuration("training: { \(section) }").settings(for: Self.transformer)
    #expect(settings.training.schedule.warmUpEpochs == wanted)
  }

  /// The line of the key that says it, of its section, or the file.
  @Test(
    arguments: [
      ("training: { epochs: 1, batch: 10 }\nqueue:\n  length: 12", ":6"),
      ("training: { epochs: 1, batch: 10 }\nqueue:\n  momentum: 0.9\n  warm_up_steps: 2", ":7"),
      ("training: { epochs: 1, batch: 10 }\nqueue: { momentum: 0.9 }", ":5"),
      ("training: { epochs: 1, batch: 10 }", ""),
      ("queue: { length: 4 }\ntraining:\n  epochs: 2\n  validate_every: 3", ":7"),
      ("queue: { length: 4 }\ntraining:\n  patience: 20", ":6"),
      ("training:\n  epochs: 2\n  warm_up_epochs: 2", ":6"),
      ("queue:\n  refill: none", ":5"),
    ]
  )
  func whatDoesNotFitNamesItsLine(sections: String, line: String) throws {
    let configuration = try configuration(sections)
    #expect {
      let settings = try configuration.settings(for: Self.transformer)
      try configuration.check(settings, pairs: 22)
    } throws: {
      ($0 as? PretrainingError)?.path == "/runs/small.yaml\(line)"
    }
  }

  @Test func zeroTurnsOff() throws {
    let settings = try configuration(
      """
      queue: { length: 0 }
      training: { gradient_clip: 0, average_decay: 0 }
      """
    ).settings(for: Self.transformer)
    #expect(settings.expansion == nil)
    #expect(settings.training.gradientClip == nil && settings.training.averageDecay == nil)
  }

  @Test func anotherOptimizerHasItsOwnNumbers() throws {
    let settings = try configuration("training: { optimizer: sgd }").settings(
      for: Self.transformer
    )
    #expect(settings.training.optimizer == OptimizerChoice(.sgd))
    let same = try configuration("training: { optimizer: adamw }").settings(for: Self.transformer)
    #expect(same.training.optimizer == OptimizerChoice(beta2: 0.98, epsilon: 1e-6))
  }

  /// Files are looked for from the configuration's folder.
  @Test func sources() throws {
    let read = try PretrainingConfiguration(
      yaml: """
        name: own
        model: { checkpoint: ../weights/start.h5 }
        pairs:
          table: pairs.csv
          images: /data/eyes
          image_column: photograph
          report_column: findings
          group_column: patient
          split_column: part
          validation_share: 0.25
        """,
      path: "/runs/own.yaml"
    )
    guard case .checkpoint(let path) = read.start else {
      Issue.record("\(read.start)")
      return
    }
    #expect(URL(filePath: path).standardized.path(percentEncoded: false) == "/weights/start.h5")
    guard case .table(let file) = read.source else {
      Issue.record("\(read.source)")
      return
    }
    #expect(file.table == "/runs/pairs.csv" && file.images == "/data/eyes")
    #expect(file.columns.image == "photograph" && file.columns.report == "findings")
    #expect(file.columns.group == "patient" && file.columns.split == "part")
    #expect(file.validationShare == 0.25 && read.validationShare == 0.25)
    let small = try configuration()
    #expect(small.source == .dataset("drawn") && small.validationShare == 0.1)
    #expect(
      small.start == .random(architecture: "vilref-vit-b16", imageSize: nil, vocabulary: nil)
    )
  }

  @Test func aMissingFileIsNamed() throws {
    #expect(throws: DatasetsError(.notFound, path: "/nowhere/run.yaml")) {
      try PretrainingConfiguration(path: "/nowhere/run.yaml")
    }
    let labels = try configuration("labels: { findings: /nowhere/table.yaml }").labels
    #expect(throws: DatasetsError(.notFound, path: "/nowhere/table.yaml")) { try labels.table() }
    let own = try configuration().labels
    #expect(throws: Never.self) { try own.table() }
  }
}
