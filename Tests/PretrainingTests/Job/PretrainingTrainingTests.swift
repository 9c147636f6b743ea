import Foundation
import Imaging
import Pretraining
import TestSupport
import Tensors
import Testing
import Training

/// Whole pre-trainings of a few steps.
struct PretrainingTrainingTests {
  /// What varies.
  enum Kind: String, CaseIterable {
    case plain, queue, momentumTargets, chunked, statistics, averaged

    var encoder: TinyPairs.Encoder { self == .statistics ? .residual : .transformer }

    func change(_ settings: inout PretrainingSettings) {
      switch self {
      case .plain: settings.expansion = nil
      case .queue: settings.objective.refill = .all
      case .momentumTargets:
        settings.expansion?.targets = .momentum
        settings.expansion?.warmUpSteps = 1
      case .chunked: settings.chunk = 2
      case .statistics: settings.training.epochs = 2
      case .averaged: settings.training.averageDecay = 0.7
      }
    }
  }

  private struct Outcome: Equatable {
    var values: [[Float]]
    var history: [TrainingEpoch]
    var state: [[Float]]
  }

  private func folder() throws -> URL { try Fixtures.temporaryDirectory() }

  /// Trains, or goes on.
  ///
  /// - Parameters:
  ///   - kind: what varies.
  ///   - threads: how many threads work.
  ///   - saving: the folder of the state.
  ///   - last: after which step it is to stop; nil for never.
  ///   - seed: of the weights that it would begin with.
  /// - Returns: what came of it.
  /// - Throws: what the trainer throws.
  private func train(
    _ kind: Kind,
    threads: Int = 2,
    in saving: URL? = nil,
    stopAfter last: Int? = nil,
    seed: UInt64 = 6
  ) throws -> (outcome: Outcome, result: TrainingResult) {
    let device = Device(threadCount: threads)
    let pairs = try TinyPairs(kind.encoder, on: device)
    let settings = pairs.settings(kind.change)
    let model = try pairs.model(seed: seed)
    let job = try pairs.job(model, settings)
    let observer = StoppingObserver(after: last ?? -1)
    let result = try Trainer(
      job,
      settings: settings.training,
      saving: saving.map { SavingPolicy(folder: $0.path(percentEncoded: false)) },
      stop: observer.stop,
      observers: [observer],
      on: device
    ).run()
    let outcome = Outcome(
      values: model.values,
      history: result.history.withoutTimes,
      state: job.state.map(\.tensor.elements)
    )
    return (outcome, result)
  }

  @Test(arguments: Kind.allCases)
  func theNumberOfThreadsChangesNoBit(kind: Kind) throws {
    let one = try train(kind, threads: 1)
    #expect(one.result.outcome == .finished)
    #expect(one.outcome.state.isEmpty == (kind == .plain))
    #expect(try train(kind, threads: 2).outcome == one.outcome)
  }

  @Test("stopped and taken up again: the same bits", arguments: Kind.allCases)
  func interrupted(kind: Kind) throws {
    let whole = try train(kind)
    #expect(whole.result.steps == (kind == .statistics ? 8 : 12))
    for last in [1, 2, 4, 7] {
      let folder = try folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let first = try train(kind, in: folder, stopAfter: last)
      guard case .interrupted = first.result.outcome else {
        Issue.record("\(first.result.outcome)")
        return
      }
      #expect(first.result.steps == last)
      // Other weights: all that counts is in the state.
      let second = try train(kind, threads: 1, in: folder, seed: 55)
      #expect(second.result.outcome == .finished)
      #expect(second.outcome == whole.outcome, "\(kind), stopped after step \(last)")
    }
  }

  @Test func trainingLowersTheLossAndRaisesTheScore() throws {
    let device = Device(threadCount: 2)
    let pairs = try TinyPairs(on: device)
    let settings = pairs.settings {
      $0.training.epochs = 16
      $0.training.batchSize = 10
      $0.training.learningRate = 5e-3
    }
    let model = try pairs.model()
    let before = try pairs.validation().scores(of: model, on: device)
    let job = try pairs.job(model, settings, pairs.split(40))
    let result = try Trainer(job, settings: settings.training, on: device).run()
    let losses = result.history.compactMap(\.trainingLoss)
    #expect(losses.count == 16)
    #expect((losses.last ?? 1) < 0.5 * (losses.first ?? 0), "\(losses)")
    let after = try pairs.validation().scores(of: model, on: device)
    let areas = (before.zeroShotAUC ?? 1, after.zeroShotAUC ?? 0)
    #expect(areas.1 > 0.95 && areas.1 > areas.0, "\(areas)")
    #expect(result.best?.validation?.value == after.zeroShotAUC)
    #expect(result.best?.validation?.name == "zero-shot macro AUC")
  }

  @Test(
    "a state of other settings is refused, with what differs",
    arguments: [
      SettingsVariant("gamma") { $0.objective.gamma = 2 },
      SettingsVariant("loss") { $0.objective.loss = .elimination },
      SettingsVariant("refill") { $0.objective.refill = .vacancies },
      SettingsVariant("queue") { $0.expansion?.queueLength = 7 },
      SettingsVariant("queue") { $0.expansion = nil },
      SettingsVariant("encoders' momentum") { $0.expansion?.momentum = 0.5 },
      SettingsVariant("queue warm-up") { $0.expansion?.warmUpSteps = 2 },
      SettingsVariant("targets") { $0.expansion?.targets = .momentum },
      SettingsVariant("chunk") { $0.chunk = 2 },
      SettingsVariant("augmentation") { $0.augmentation = .none },
      SettingsVariant("target temperature") { $0.objective.targetTemperature = 0.5 },
      SettingsVariant("learning rate") { $0.training.learningRate = 1e-3 },
    ]
  )
  func otherSettings(variant: SettingsVariant) throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try train(.queue, in: folder, stopAfter: 1)
    let device = Device(threadCount: 1)
    let pairs = try TinyPairs(on: device)
    let settings = pairs.settings {
      Kind.queue.change(&$0)
      variant.change(&$0)
    }
    let job = try pairs.job(try pairs.model(), settings)
    #expect {
      try Trainer(
        job,
        settings: settings.training,
        saving: SavingPolicy(folder: folder.path(percentEncoded: false)),
        on: device
      ).run()
    } throws: {
      guard case .differentState(let differences)? = ($0 as? TrainingError)?.reason else {
        return false
      }
      return differences.contains { $0.hasPrefix("\(variant.name) is ") }
    }
  }
}
