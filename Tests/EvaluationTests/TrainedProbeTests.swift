import Datasets
import Evaluation
import Results
import Testing
import TestSupport
import Training

/// Linear probes that are trained by steps.
@Suite struct TrainedProbeTests {
  /// A task with a loss, and what the loss is made of.
  struct Case: Sendable, CustomTestStringConvertible {
    let task: String
    let loss: ClassifierLoss
    let smoothing: Double
    let weighting: TrainingSettings.ClassWeighting

    var testDescription: String { "\(task), \(loss), smoothing \(smoothing), \(weighting)" }

    /// Whole batches and plain steps, that a slow reference can follow.
    var settings: TrainedProbeSettings {
      var settings = TrainedProbeSettings()
      settings.scaling = .none
      settings.loss = loss
      settings.training.epochs = 6
      settings.training.batchSize = 1000
      settings.training.optimizer = OptimizerChoice(.sgd, momentum: 0)
      settings.training.learningRate = 0.05
      settings.training.schedule = ScheduleChoice(.constant)
      settings.training.gradientClip = nil
      settings.training.labelSmoothing = smoothing
      settings.training.classWeights = weighting
      return settings
    }
  }

  static let cases = ["grade", "referable", "findings"].flatMap { task in
    ClassifierLoss.allCases.flatMap { loss in
      [
        (0.0, TrainingSettings.ClassWeighting.uniform), (0.1, .uniform), (0, .balanced),
        (0.2, .balanced),
      ]
      .map { Case(task: task, loss: loss, smoothing: $0.0, weighting: $0.1) }
    }
  }

  @Test("Losses and probabilities are those of the formulas in double precision", arguments: cases)
  func formulas(_ example: Case) throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    let task = try table.task(example.task)
    let scored = try table.run(example.settings, example.task)
    let epochs = try require(scored.training?.epochs)
    let chosen = Int(try require(scored.chosen.first { $0.name == "epoch" }).value)
    #expect(epochs.map(\.epoch) == Array(1...6) && epochs.filter(\.isBest).map(\.epoch) == [chosen])
    let best = try require(epochs.compactMap(\.validation).max())
    #expect(epochs[chosen - 1].validation == best, "the epoch of the best validation score")
    var reference = try SteppedProbe(table, task, example.settings)
    for _ in 0..<chosen { reference.step() }
    let expected = scored.indices.flatMap {
      reference.probabilities(table.features(task, $0).map(Double.init))
    }
    for _ in chosen..<6 { reference.step() }
    let tolerance = Tolerance(absolute: 2e-5, relative: 1e-5, reason: "six steps in float32")
    let context = example.testDescription
    #expect(mismatch(scored.scores, expected, within: tolerance, context: context) == nil)
    #expect(
      mismatch(
        epochs.compactMap(\.trainingLoss),
        reference.losses,
        within: tolerance,
        context: context
      ) == nil
    )
  }

  @Test(
    "Trained by AdamW, a probe ranks as the fit to the minimum does",
    arguments: ["grade", "referable", "findings"]
  )
  func fit(_ name: String) throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    var fit = LinearProbeSettings()
    fit.scaling = .none
    let fitted = try table.auc(table.run(fit, name, isEasy: true), name)
    var settings = TrainedProbeSettings()
    settings.scaling = .none
    settings.training.learningRate = 0.01
    let trained = try table.auc(table.run(settings, name, isEasy: true), name)
    #expect(fitted > 0.9)
    #expect(abs(trained - fitted) < 0.03, "\(trained) against \(fitted)")
  }

  @Test("The weight decay of the best validation score is taken")
  func decays() throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    var settings = TrainedProbeSettings()
    settings.training.epochs = 4
    settings.training.learningRate = 0.05
    func run(_ decays: [Double]) throws -> (scores: [Double], chosen: [String: Double]) {
      settings.weightDecays = decays
      let scored = try table.run(settings, "grade")
      return (
        scored.scores, Dictionary(uniqueKeysWithValues: scored.chosen.map { ($0.name, $0.value) })
      )
    }
    let decays = [0, 2, 0.2, 15]
    let alone = try decays.map { try run([$0]) }
    let scores = try alone.map { try require($0.chosen["validation macro AUC"]) }
    #expect(alone.allSatisfy { $0.chosen["weight decay"] == nil })
    #expect(Set(scores).count > 1, "\(scores)")
    let best = try require(scores.max())
    let place = try require(scores.firstIndex(of: best))
    let together = try run(decays)
    #expect(together.chosen["weight decay"] == decays[place])
    #expect(together.scores == alone[place].scores)
    #expect(together.chosen["validation macro AUC"] == best)
  }

  @Test("Limits of steps become limits of epochs, rounded up")
  func stepLimits() throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    var settings = TrainedProbeSettings()
    settings.training.batchSize = 25
    settings.stepLimit = 8
    // Sixty samples are three steps an epoch.
    #expect(try table.run(settings, "grade").training?.epochs.count == 3)
    settings.stepLimit = nil
    settings.training.epochs = 200
    settings.training.learningRate = 1e-12
    settings.patienceSteps = 4
    let stopped = try require(table.run(settings, "grade").training)
    // Four steps without gain are two epochs.
    let best = try require(stopped.epochs.last(where: \.isBest)).epoch
    #expect(stopped.epochs.count == best + 2)
    #expect(stopped.ending == "stopped early after epoch \(best + 2)")
  }

  @Test("A seed is a training of its own; threads don't matter")
  func seeds() throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    var settings = TrainedProbeSettings()
    settings.training.epochs = 2
    settings.training.batchSize = 7
    let first = try table.run(settings, "findings", seed: 1, threads: 1).scores
    #expect(try table.run(settings, "findings", seed: 1, threads: 3).scores == first)
    #expect(try table.run(settings, "findings", seed: 2).scores != first)
    settings.shots = 2
    let few = try table.run(settings, "grade", seed: 1)
    #expect(few.training?.seed == 1 && few.notes.isEmpty)
    #expect(try table.run(settings, "grade", seed: 2).scores != few.scores)
  }

  @Test("A probe that diverges is a failure that names a tensor, and no error")
  func divergence() throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    for epochs in [1, 3] {
      var settings = TrainedProbeSettings()
      settings.training.learningRate = 1e38
      settings.training.gradientClip = nil
      settings.training.batchSize = 20
      settings.training.epochs = epochs
      let scored = try table.run(settings, "grade")
      let failure = try require(scored.failure)
      #expect(scored.scores.isEmpty && scored.thresholds == nil)
      #expect(failure.contains(" of epoch 1"), "\(failure)")
    }
  }
}
