import Datasets
import Evaluation
import Imaging
import Models
import Optimizers
import TestSupport
import Testing

/// Presets by name, and the errors of what a user asks for.
@Suite struct PresetTests {
  @Test("Each preset is found under its name and has valid settings")
  func names() throws {
    for preset in ProtocolPreset.all {
      let found = try ProtocolPreset.named(preset.name)
      #expect(found.settings == preset.settings)
      #expect(ProtocolSettings.names.contains(preset.settings.name))
      if case .linearProbe(let settings) = preset.settings { try settings.validate() }
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
    "A preset that trains with AdamW is told apart from an unknown one",
    arguments: ["vilref-head", "retclip-probe", "flair-finetune", "eva-offline"]
  )
  func training(_ name: String) {
    let error = #expect(throws: EvaluationError.self) { try ProtocolPreset.named(name) }
    #expect(error?.reason == .presetNeedsTraining(name: name))
    #expect(error?.description.contains("AdamW") == true)
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
          available: ["pooled", "pooled_and_mean_patch"]
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
