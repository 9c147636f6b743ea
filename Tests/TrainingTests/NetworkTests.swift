import Layers
import TestSupport
import Tensors
import Testing
import Training

/// A network of real layers: convolutions, batch normalisation, residual blocks and dropout.
struct NetworkTests {
  private static func settings(epochs: Int) -> TrainingSettings {
    .short(epochs: epochs) { ($0.learningRate, $0.layerDecay) = (0.03, 0.8) }
  }

  @Test("it learns to tell stripes apart")
  func learns() throws {
    let device = Device(threadCount: 2)
    let job = PictureJob(on: device)
    let result = try Trainer(job, settings: Self.settings(epochs: 25), on: device).run()
    #expect(result.outcome == .finished)
    #expect(
      result.best?.validation?.value == 1,
      "\(result.history.compactMap(\.validation?.value))"
    )
    #expect((try job.validate()).value == 1)
  }

  @Test("layers learn at their share of the rate, and matrices decay")
  func groups() throws {
    let device = Device(threadCount: 1)
    func changes(_ change: (inout TrainingSettings) -> Void) throws -> [String: [Float]] {
      let settings = TrainingSettings.short(epochs: 1) {
        ($0.batchSize, $0.gradientClip, $0.weightDecay) = (21, nil, 0)
        $0.optimizer = OptimizerChoice(.sgd, momentum: 0)
        $0.schedule = ScheduleChoice(.constant)
        change(&$0)
      }
      let job = PictureJob(on: device)
      let before = job.values
      _ = try Trainer(job, settings: settings, on: device).run()
      return Dictionary(
        uniqueKeysWithValues: zip(job.parameterSet.parameters, zip(job.values, before)).map {
          ($0.name, zip($1.0, $1.1).map { $0 - $1 })
        }
      )
    }
    let plain = try changes { _ in }
    let layered = try changes { $0.layerDecay = 0.5 }
    let decayed = try changes { $0.weightDecay = 0.25 }
    let start = PictureJob(on: device).parameterSet
    let tolerance = Tolerance(absolute: 2e-7, reason: "differences of float32 near 1")
    for (name, factor) in [
      ("layer1.0.conv1.weight", 0.0625), ("layer1.3.conv2.weight", 0.5), ("head.weight", 1),
    ] as [(String, Float)] {
      let (whole, share) = (try #require(plain[name]), try #require(layered[name]))
      #expect(mismatch(share, whole.map { $0 * factor }, within: tolerance, context: name) == nil)
      let found = try #require(decayed[name])
      let expected = zip(whole, try #require(start[name]).value.elements).map {
        $0 - 0.02 * 0.25 * $1
      }
      #expect(mismatch(found, expected, within: tolerance, context: name) == nil)
    }
    for name in ["head.bias", "layer1.2.conv1.bn.weight"] { #expect(plain[name] == decayed[name]) }
  }

  @Test("same bits on 1 and 3 threads, stopped and taken up again", arguments: [false, true])
  func bits(isRecomputed: Bool) throws {
    var settings = Self.settings(epochs: 2)
    settings.recomputesBlocks = isRecomputed
    let device = Device(threadCount: 1)
    let whole = PictureJob(on: device)
    let result = try Trainer(whole, settings: settings, on: device).run()
    for last in [1, 3, 6] {
      let folder = try TemporaryFolder()
      let saving = SavingPolicy(folder: folder.path)
      let stop = StopRequest()
      let observer = RecordingObserver()
      observer.onStep = { if $0 == last { stop.stop() } }
      let other = Device(threadCount: 3)
      _ = try Trainer(
        PictureJob(on: other),
        settings: settings,
        saving: saving,
        stop: stop,
        observers: [observer],
        on: other
      ).run()
      let job = PictureJob(on: other)
      let rest = try Trainer(job, settings: settings, saving: saving, on: other).run()
      #expect(job.values == whole.values)
      #expect(rest.history.withoutTimes == result.history.withoutTimes)
    }
  }

  @Test("blocks that run again give the same bits and need less memory")
  func recomputation() throws {
    let results = try [false, true].map { isRecomputed in
      let device = Device(threadCount: 2)
      let job = PictureJob(on: device)
      var settings = Self.settings(epochs: 2)
      (settings.recomputesBlocks, settings.batchSize) = (isRecomputed, 21)
      let result = try Trainer(job, settings: settings, on: device).run()
      return (job.values, result.memory?.activations ?? 0)
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[1].1 < results[0].1, "\(results[1].1) of \(results[0].1) bytes")
  }
}
