import Imaging
import Models
import Pretraining
import Testing
import Training

/// The settings of a pre-training.
struct PretrainingSettingsTests {
  private static let vision = VisionArchitecture.resNet(
    ResNetArchitecture(imageSize: 64, width: 4, layers: [1, 1, 1, 1])
  )

  @Test(
    arguments: [
      SettingsVariant("batch") { $0.training.batchSize = 1 },
      SettingsVariant("accumulation") { $0.training.accumulation = 2 },
      SettingsVariant("chunk") { $0.chunk = 1 },
      SettingsVariant("validation interval") { $0.training.validationInterval = 21 },
      SettingsVariant("patience") { $0.training.patience = 20 },
      SettingsVariant("sampling") { $0.training.sampling = .balanced },
      SettingsVariant("sampling") { $0.training.classWeights = .balanced },
      SettingsVariant("augmentation") { $0.augmentation.horizontalFlip = 2 },
      SettingsVariant("gamma") { $0.objective.gamma = 17 },
      SettingsVariant("queue length") { $0.expansion?.queueLength = 0 },
      SettingsVariant("refill") { $0.objective.refill = .nothing },
      SettingsVariant("refill") {
        $0.objective = ContrastiveObjective(loss: .infoNCE, refill: .vacancies)
      },
    ]
  )
  func senselessOnesAreNamed(variant: SettingsVariant) throws {
    var settings = PretrainingSettings(for: Self.vision)
    try settings.validate()
    variant.change(&settings)
    #expect {
      try settings.validate()
    } throws: {
      guard case .invalidSetting(let found, _, _)? = ($0 as? PretrainingError)?.reason else {
        return false
      }
      return found == variant.name
    }
  }

  /// Each loss by its own rule; targets of the momentum encoders need no queue.
  @Test(arguments: ContrastiveLoss.allCases)
  func everyLossHasARule(loss: ContrastiveLoss) throws {
    var settings = PretrainingSettings(for: Self.vision)
    settings.objective.loss = loss
    try settings.validate()
    #expect(settings.objective.readsQueue)
    settings.objective.refill = .nothing
    settings.expansion?.targets = .momentum
    try settings.validate()
  }

  @Test func factsNameEachOnce() {
    var settings = PretrainingSettings(for: Self.vision)
    let names = settings.facts.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(names).isDisjoint(with: settings.training.facts.map(\.name)))
    settings.expansion = nil
    #expect(settings.facts.contains(TrainingFact("queue", "off")))
    #expect(!settings.facts.contains { $0.name == "targets" })
  }
}
