import Foundation
import Kernels
import Tensors
import Testing
import Training

/// A training that is interrupted, or killed, ends with the bits of one that never stopped.
struct ResumeTests {
  private let device = Device(threadCount: 2)

  /// What varies between trainings.
  enum Kind: String, CaseIterable {
    case adamW, momentum, lamb, averaged, balanced
  }

  /// 3 epochs of 4 steps: two batches of 3 each, and one of 4 at the end.
  private static func settings(_ kind: Kind) -> TrainingSettings {
    .short(epochs: 3) {
      ($0.batchSize, $0.accumulation) = (3, 2)
      switch kind {
      case .adamW: $0.schedule.warmUpEpochs = 1
      case .momentum: $0.optimizer = OptimizerChoice(.sgd, isNesterov: true)
      case .lamb: $0.optimizer = OptimizerChoice(.lamb)
      case .averaged: ($0.averageDecay, $0.patience) = (0.7, 2)
      case .balanced: $0.sampling = .balanced
      }
    }
  }

  private func job(on other: Device? = nil) -> PointJob {
    PointJob(PointJob.Options(hasBatchNorm: true, noise: 0.2), on: other ?? device)
  }

  private func uninterrupted(_ kind: Kind) throws -> ([[Float]], TrainingResult) {
    let job = self.job()
    let result = try Trainer(job, settings: Self.settings(kind), on: device).run()
    return (job.values, result)
  }

  @Test("stopped after any step and taken up again: the same bits", arguments: Kind.allCases)
  func stopped(kind: Kind) throws {
    let (values, whole) = try uninterrupted(kind)
    for last in 1...whole.steps {
      let folder = try TemporaryFolder()
      let saving = SavingPolicy(folder: folder.path)
      let stop = StopRequest()
      let observer = RecordingObserver()
      observer.onStep = { if $0 == last { stop.stop() } }
      let first = try Trainer(
        job(),
        settings: Self.settings(kind),
        saving: saving,
        stop: stop,
        observers: [observer],
        on: device
      ).run()
      let path = folder.url.appending(path: "state.h5").path(percentEncoded: false)
      #expect(first.outcome == .interrupted(state: path))
      #expect(first.steps == last)
      // Another number of threads, too.
      let other = Device(threadCount: 1 + last % 3)
      let job = self.job(on: other)
      let second = try Trainer(job, settings: Self.settings(kind), saving: saving, on: other).run()
      #expect(second.outcome == whole.outcome)
      #expect(job.values == values, "\(kind), stopped after step \(last)")
      #expect(second.history.withoutTimes == whole.history.withoutTimes)
      #expect(job.batches.first.map { $0.step == last } ?? (last == whole.steps))
    }
  }

  @Test(
    "killed in the middle of a step after savings at any step: the same bits",
    arguments: [Kind.adamW, .averaged],
    [1, 2, 5]
  )
  func killed(kind: Kind, interval: Int) throws {
    let (values, whole) = try uninterrupted(kind)
    let folder = try TemporaryFolder()
    // Saved at each step, as the clock would have it; a copy of some is what a kill leaves.
    let saving = SavingPolicy(folder: folder.path, intervalSeconds: 0, maximumShare: 1)
    var kills = 0
    for attempt in 0..<20 {
      let job = self.job()
      job.onBatch = { batch in
        // In the second batch of a step; nothing of it is saved.
        if batch.part == 1, batch.step >= (attempt + 1) * interval { throw Killed() }
      }
      do {
        let result = try Trainer(job, settings: Self.settings(kind), saving: saving, on: device)
          .run()
        #expect(result.outcome == whole.outcome)
        #expect(job.values == values)
        #expect(result.history.withoutTimes == whole.history.withoutTimes)
        break
      } catch is Killed {
        kills += 1
      }
    }
    #expect(kills >= 2)
  }

  @Test("what was lost after the last saving is done again", arguments: [3, 4, 6])
  func lost(savedStep: Int) throws {
    let (values, whole) = try uninterrupted(.averaged)
    let (folder, copy) = (try TemporaryFolder(), try TemporaryFolder())
    let observer = RecordingObserver()
    // The files as they were at one saving, while the training went on.
    observer.onSave = { step, _ in
      guard step == savedStep else { return }
      for name in folder.names {
        let target = copy.url.appending(path: name)
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(at: folder.url.appending(path: name), to: target)
      }
    }
    _ = try Trainer(
      job(),
      settings: Self.settings(.averaged),
      saving: SavingPolicy(folder: folder.path, intervalSeconds: 0, maximumShare: 1),
      observers: [observer],
      on: device
    ).run()
    #expect(observer.savedSteps.contains(savedStep))
    let job = self.job()
    let result = try Trainer(
      job,
      settings: Self.settings(.averaged),
      saving: SavingPolicy(folder: copy.path),
      on: device
    ).run()
    #expect(job.values == values)
    #expect(result.history.withoutTimes == whole.history.withoutTimes)
  }

  @Test("a finished training that is run again gives its weights without a step")
  func finished() throws {
    let folder = try TemporaryFolder()
    let saving = SavingPolicy(folder: folder.path)
    let (first, second) = (job(), job())
    let one = try Trainer(first, settings: Self.settings(.adamW), saving: saving, on: device).run()
    let two = try Trainer(second, settings: Self.settings(.adamW), saving: saving, on: device).run()
    #expect(second.batches.isEmpty && second.values == first.values)
    #expect(two.outcome == .finished && two.history == one.history && two.best == one.best)
    #expect(two.memory == nil)
  }

  @Test("a state of another machine's kernels is gone on from, and a note says so")
  func otherKernels() throws {
    let folder = try TemporaryFolder()
    let saving = SavingPolicy(folder: folder.path)
    for (set, isNoted) in [(InstructionSet.scalar, false), (.scalar, false), (.best, true)] {
      let stop = StopRequest()
      let observer = RecordingObserver()
      observer.onStep = { _ in stop.stop() }
      let device = Device(threadCount: 1, instructionSet: set)
      let result = try Trainer(
        job(on: device),
        settings: Self.settings(.adamW),
        saving: saving,
        stop: stop,
        observers: [observer],
        on: device
      ).run()
      guard case .interrupted = result.outcome else {
        Issue.record("\(result.outcome)")
        return
      }
      let notes = observer.start?.notes ?? []
      #expect(notes.isEmpty != (isNoted && InstructionSet.best != .scalar), "\(notes)")
    }
  }

  @Test("a training from the start deletes an older state")
  func anew() throws {
    let folder = try TemporaryFolder()
    let saving = SavingPolicy(folder: folder.path)
    let (values, whole) = try uninterrupted(.adamW)
    var other = Self.settings(.adamW)
    other.seed = 99
    _ = try Trainer(job(), settings: other, saving: saving, on: device).run()
    let job = self.job()
    let result = try Trainer(job, settings: Self.settings(.adamW), saving: saving, on: device)
      .run(from: .start)
    #expect(job.values == values && result.history.withoutTimes == whole.history.withoutTimes)
  }

  @Test("without a folder an interruption says that nothing was saved")
  func unsaved() throws {
    let stop = StopRequest()
    stop.stop()
    let result = try Trainer(job(), settings: .short(), stop: stop, on: device).run()
    #expect(result.outcome == .interrupted(state: nil) && result.steps == 0)
    #expect(result.outcome.description == "interrupted; nothing was saved")
  }
}
