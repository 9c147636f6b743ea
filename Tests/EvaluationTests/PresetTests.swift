import Datasets
import Evaluation
import Imaging
import Models
import Optimizers
import TestSupport
import Testing
import Training

/// Presets by name, and the errors of what a user asks for.
@Suite struct PresetTests {
  @Test("Each preset is found under its name and has valid settings")
  func names() throws {
    for preset in ProtocolPreset.all {
      let found = try ProtocolPreset.named(preset.name)
      #expect(found.settings == preset.settings)
      #expect(ProtocolSettings.names.contains(preset.settings.name))
      switch preset.settings {
      case .zeroShot, .retrieval: break
      case .linearProbe(let settings): try settings.validate()
      case .trainedProbe(let settings): try settings.validate()
      case .fineTune(let settings): try settings.validate()
      }
    }
    for name in ProtocolSettings.names {
      #expect(ProtocolPreset.usual(forProtocol: name)?.settings.name == name)
    }
    #expect(ProtocolPreset.usual(forProtocol: "fine-tune") == nil)
  }

  @Test("A name that no preset has lists those that there are")
  func unknown() {
    let error = #expect(throws: EvaluationError.self) { try ProtocolPreset.named("lbgfs-sweep") }
    #expect(
      error?.reason == .unknownPreset(name: "lbgfs-sweep", known: ProtocolPreset.all.map(\.name))
    )
    #expect(error?.description.contains("flair-probe") == true)
  }

  @Test(
    "Each documented harness has its preset",
    arguments: [
      ("clip-zeroshot", "zero-shot"), ("flair-zeroshot", "zero-shot"),
      ("exact-pair", "retrieval"), ("same-text", "retrieval"),
      ("lbfgs-sweep", "linear-probe"), ("adamw-probe", "linear-probe"),
      ("flair-probe", "linear-probe"), ("retclip-probe", "linear-probe"),
      ("clip-benchmark-probe", "linear-probe"), ("eva-offline", "linear-probe"),
      ("finetune", "finetune"), ("vilref-head", "finetune"), ("flair-finetune", "finetune"),
      ("retfound-finetune", "finetune"),
    ]
  )
  func harness(_ name: String, _ protocolName: String) throws {
    let preset = try ProtocolPreset.named(name)
    #expect(preset.name == name && preset.settings.name == protocolName)
  }

  @Test("No two presets share a name, and there is none beside the documented ones")
  func count() {
    #expect(ProtocolPreset.all.count == 14)
    #expect(Set(ProtocolPreset.all.map(\.name)).count == 14)
  }

  @Test("The solver tells the linear probes apart")
  func solvers() throws {
    for (solver, name) in [
      (nil, "lbfgs-sweep"), (ProbeSolver.lbfgs, "lbfgs-sweep"), (.adamW, "adamw-probe"),
    ] {
      #expect(ProtocolPreset.usual(forProtocol: "linear-probe", solver: solver)?.name == name)
    }
    #expect(ProtocolPreset.usual(forProtocol: "finetune", solver: .adamW)?.name == "finetune")
  }

  @Test("ViLReF's head: another batch and another rate of the encoder for its ResNet")
  func viLReF() throws {
    let preset = try ProtocolPreset.named("vilref-head")
    func settings(_ architecture: String) throws -> FineTuneSettings {
      let adapted = try preset.adapted(to: .named(architecture))
      guard case .fineTune(let settings) = adapted.settings, adapted.name == preset.name else {
        throw MissingValue()
      }
      return settings
    }
    let (transformer, resNet) = (try settings("vilref-vit-b16"), try settings("vilref-rn50"))
    #expect(transformer.training.batchSize == 32 && transformer.training.learningRate == 1e-6)
    #expect(resNet.training.batchSize == 128 && resNet.training.learningRate == 1e-3)
    for settings in [transformer, resNet] {
      let headRate = settings.training.learningRate * settings.headRateFactor
      #expect(abs(headRate - 1e-3) < 1e-15, "\(headRate)")
      #expect(settings.training.epochs == 50 && settings.training.optimizer.epsilon == 1e-6)
      #expect(settings.loss == .binary && settings.features == .pooled)
      #expect(settings.part == .everything && settings.headStart == .zeros)
    }
    // Only the harness that has others per encoder changes.
    for other in ProtocolPreset.all where other.name != "vilref-head" {
      #expect(try other.adapted(to: .named("vilref-rn50")).settings == other.settings)
    }
  }

  @Test("RETFound's pictures have ImageNet's mean and deviation; the size stays the model's")
  func retFound() throws {
    let preset = try ProtocolPreset.named("retfound-finetune")
    let prepared = try require(preset.preparation)(.vilref)
    let imageNet = Preprocessing.imagenet(224)
    #expect(prepared.mean == imageNet.mean && prepared.mean != Preprocessing.vilref.mean)
    #expect(prepared.standardDeviation == imageNet.standardDeviation)
    #expect(prepared.width == Preprocessing.vilref.width)
    guard case .fineTune(let settings) = preset.settings else { throw MissingValue() }
    #expect(settings.features == .meanPatch && settings.augmentation == .retfound)
    #expect(abs(settings.training.learningRate - 3.125e-4) < 1e-18)
    #expect(settings.training.layerDecay == 0.65 && settings.training.labelSmoothing == 0.1)
  }

  @Test("FLAIR's probe: C 0.316, balanced classes, projected features of length 1, a black square")
  func flair() throws {
    let preset = try ProtocolPreset.named("flair-probe")
    guard case .linearProbe(let settings) = preset.settings else {
      Issue.record("\(preset.settings)")
      return
    }
    #expect(settings.strengths == [0.316] && settings.classWeights == .balanced)
    #expect(settings.features == .projected && settings.scaling == .unitLength)
    let prepared = try require(preset.preparation)(.vilref)
    #expect(prepared.width == 512 && prepared.height == 512)
    #expect(prepared.resizeMode == .foregroundCropPadSquare(threshold: 0))
    #expect(prepared.mean == Preprocessing.vilref.mean)
  }

  @Test("The usual strengths are twenty, from 1e-5 to 1e2, evenly on a logarithmic scale")
  func strengths() {
    let strengths = LinearProbeSettings.usualStrengths
    #expect(strengths.count == 20)
    #expect(abs(strengths[0] - 1e-5) < 1e-17 && abs(strengths[19] - 100) < 1e-10)
    let ratios = zip(strengths.dropFirst(), strengths).map { $0 / $1 }
    #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 1e-12 })
  }

  @Test("Values outside their range are refused by the option's name")
  func ranges() {
    let faults: [(String, (inout LinearProbeSettings) -> Void)] = [
      ("--strength", { $0.strengths = [1, 0] }),
      ("--strength", { $0.strengths = [-1] }),
      ("--strength", { $0.strengths = [.infinity] }),
      ("--strength", { $0.strengths = [.nan] }),
      ("--strength", { $0.strengths = [] }),
      ("--seeds", { $0.seeds = [] }),
      ("--shots", { $0.shots = 0 }),
    ]
    for (option, fault) in faults {
      var settings = LinearProbeSettings()
      fault(&settings)
      let error = #expect(throws: EvaluationError.self) { try settings.validate() }
      guard case .invalidOption(option, _, _) = error?.reason else {
        Issue.record("\(option): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("Features that the encoder lacks, and prompts that the task lacks, are named")
  func unavailable() throws {
    let scene = try Scene()
    let pictures = try Scene(hasText: false)
    let features = #expect(throws: EvaluationError.self) {
      try pictures.run(probe { $0.features = .projected }, "disease")
    }
    #expect(
      features?.reason
        == .featuresNotAvailable(
          asked: "projected",
          available: ["pooled", "pooled_and_mean_patch", "mean_patch"]
        )
    )
    var settings = ZeroShotSettings()
    settings.language = .english
    let english = try ProtocolPreset.named("clip-zeroshot").with(.zeroShot(settings))
    let prompts = #expect(throws: EvaluationError.self) { try scene.run(english, "disease") }
    #expect(prompts?.reason == .noPrompts(task: "disease", language: "en"))
    #expect(scene.runNames.isEmpty)
  }
}
