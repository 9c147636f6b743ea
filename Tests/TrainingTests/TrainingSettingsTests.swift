import Foundation
import Tensors
import Testing
import Training

/// Settings that make no sense are refused by name; the others are listed as they are used.
struct TrainingSettingsTests {
  /// An option, a change that breaks it, and what the message says was found.
  struct Wrong: CustomTestStringConvertible, Sendable {
    var option: String
    var found: String
    var change: @Sendable (inout TrainingSettings) -> Void
    var testDescription: String { "\(option) \(found)" }
  }

  static let wrong: [Wrong] = [
    Wrong(option: "epochs", found: "0") { $0.epochs = 0 },
    Wrong(option: "batch size", found: "-1") { $0.batchSize = -1 },
    Wrong(option: "accumulation", found: "0") { $0.accumulation = 0 },
    Wrong(option: "epochs", found: "\(Int.max)") { $0.epochs = .max },
    Wrong(option: "batch size", found: "\(Int.max)") { $0.batchSize = .max },
    Wrong(option: "accumulation", found: "\(Int.max)") { $0.accumulation = .max },
    Wrong(option: "learning rate", found: "0.0") { $0.learningRate = 0 },
    Wrong(option: "learning rate", found: "nan") { $0.learningRate = .nan },
    Wrong(option: "learning rate", found: "inf") { $0.learningRate = .infinity },
    Wrong(option: "layer decay", found: "1.5") { $0.layerDecay = 1.5 },
    Wrong(option: "layer decay", found: "0.0") { $0.layerDecay = 0 },
    Wrong(option: "weight decay", found: "-0.1") { $0.weightDecay = -0.1 },
    Wrong(option: "gradient clip", found: "0.0") { $0.gradientClip = 0 },
    Wrong(option: "average decay", found: "1.0") { $0.averageDecay = 1 },
    Wrong(option: "label smoothing", found: "1.0") { $0.labelSmoothing = 1 },
    Wrong(option: "patience", found: "0") { $0.patience = 0 },
    Wrong(option: "validation interval", found: "0") { $0.validationInterval = 0 },
    Wrong(option: "beta 1", found: "1.0") { $0.optimizer.beta1 = 1 },
    Wrong(option: "beta 2", found: "-0.5") { $0.optimizer.beta2 = -0.5 },
    Wrong(option: "epsilon", found: "0.0") { $0.optimizer.epsilon = 0 },
    Wrong(option: "momentum", found: "1.0") { $0.optimizer = OptimizerChoice(.sgd, momentum: 1) },
    Wrong(option: "momentum", found: "0.0") {
      $0.optimizer = OptimizerChoice(.sgd, momentum: 0, isNesterov: true)
    },
    Wrong(option: "warm-up", found: "50.0") { $0.schedule.warmUpEpochs = 50 },
    Wrong(option: "warm-up", found: "0.0") { $0.schedule = ScheduleChoice(.oneCycle) },
    Wrong(option: "final learning rate", found: "1.1") { $0.schedule.finalShare = 1.1 },
    Wrong(option: "drop interval", found: "0") {
      $0.schedule = ScheduleChoice(.step, dropInterval: 0)
    },
    Wrong(option: "drop factor", found: "0.0") {
      $0.schedule = ScheduleChoice(.step, dropFactor: 0)
    },
  ]

  @Test("a setting outside its range is refused by name", arguments: wrong)
  func refused(wrong: Wrong) throws {
    var settings = TrainingSettings()
    try settings.validate()
    wrong.change(&settings)
    do {
      try settings.validate()
      Issue.record("\(wrong.option) \(wrong.found) was taken")
    } catch let error as TrainingError {
      guard case .invalidSetting(let option, let found, let expected) = error.reason else {
        Issue.record("\(error)")
        return
      }
      #expect(option == wrong.option && found == wrong.found && !expected.isEmpty)
      #expect(error.description.contains(option) && error.description.contains(expected))
    }
  }

  @Test("settings keep their values through JSON")
  func coding() throws {
    var settings = TrainingSettings.short()
    settings.averageDecay = 0.999
    settings.gradientClip = nil
    settings.optimizer = OptimizerChoice(.lamb)
    settings.schedule = ScheduleChoice(.oneCycle, warmUpEpochs: 1.5)
    settings.seed = .max
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(TrainingSettings.self, from: data) == settings)
  }

  @Test("facts list what has an effect, once each")
  func facts() throws {
    for kind in OptimizerChoice.Kind.allCases {
      for schedule in ScheduleChoice.Kind.allCases {
        var settings = TrainingSettings()
        settings.optimizer = OptimizerChoice(kind)
        settings.schedule = ScheduleChoice(schedule)
        let names = settings.facts.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.contains("momentum") == (kind == .sgd))
        #expect(names.contains("beta 1") == (kind != .sgd))
        #expect(names.contains("final learning rate") == (schedule == .cosine))
        #expect(names.contains("drop factor") == (schedule == .step))
      }
    }
    let facts = TrainingSettings().facts
    #expect(facts.contains(TrainingFact("learning rate", "0.0001")))
    #expect(facts.contains(TrainingFact("patience", "off")))
  }

  @Test("a job that can't be trained so is refused")
  func job() throws {
    let device = Device(threadCount: 1)
    func reason(_ options: PointJob.Options, _ settings: TrainingSettings) -> TrainingError.Reason?
    {
      do {
        _ = try Trainer(PointJob(options, on: device), settings: settings, on: device)
        return nil
      } catch {
        return (error as? TrainingError)?.reason
      }
    }
    #expect(
      reason(PointJob.Options(sampleCount: 0), .short()) == .tooFewSamples(found: 0, needed: 1)
    )
    #expect(
      reason(PointJob.Options(sampleCount: 1, hasBatchNorm: true), .short())
        == .tooFewSamples(found: 1, needed: 2)
    )
    #expect(
      reason(PointJob.Options(hasBatchNorm: true), .short { $0.batchSize = 1 })
        == .invalidSetting(
          option: "batch size",
          found: "1",
          expected: "at least 2, since the model normalises over batches"
        )
    )
    #expect(reason(PointJob.Options(sampleCount: 1), .short()) == nil)
  }
}
