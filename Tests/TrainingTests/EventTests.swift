import Foundation
import Tensors
import Testing
import Training

/// What a training tells while it runs.
struct EventTests {
  private let device = Device(threadCount: 1)

  @Test("observers are told of each step, epoch and saving, and of the end")
  func told() throws {
    let folder = try TemporaryFolder()
    let observer = RecordingObserver()
    let job = PointJob(on: device)
    let settings = TrainingSettings.short(epochs: 3) {
      $0.schedule = ScheduleChoice(.cosine, warmUpEpochs: 1, finalShare: 0.1)
    }
    let result = try Trainer(
      job,
      settings: settings,
      saving: SavingPolicy(folder: folder.path, maximumShare: 1),
      observers: [observer],
      on: device
    ).run()
    #expect(observer.start?.stepsPerEpoch == 5 && observer.start?.stepCount == 15)
    #expect(observer.start?.resumedStep == 0 && observer.start?.notes == [])
    #expect(observer.steps.map(\.step) == Array(1...15))
    #expect(observer.steps.map(\.epoch) == [1, 2, 3].flatMap { Array(repeating: $0, count: 5) })
    let rates = observer.steps.map(\.learningRate)
    #expect((0..<5).allSatisfy { abs(rates[$0] - 0.02 * Double($0 + 1) / 6) < 1e-12 })
    #expect(abs(rates[5] - 0.02) < 1e-12)
    #expect(zip(rates[5...], rates[6...]).allSatisfy { $0 > $1 })
    #expect(rates[14] > 0.002 && rates[14] < 0.004)
    #expect(observer.steps.allSatisfy { ($0.loss ?? 0) > 0 && ($0.gradientNorm ?? 0) > 0 })
    #expect(observer.steps.allSatisfy { $0.samplesPerSecond > 0 && $0.secondsLeft >= 0 })
    #expect(observer.steps.last?.secondsLeft == 0)
    // The mean of an epoch weights batches of 5, 5, 5, 5 and 2 by their size.
    for (index, epoch) in observer.epochs.enumerated() {
      let losses: [Double] = observer.steps[index * 5..<index * 5 + 5].map { $0.loss ?? .nan }
      let sum = (losses[0] + losses[1] + losses[2] + losses[3]) * 5 + losses[4] * 2
      let mean = sum / 22
      #expect(abs((epoch.trainingLoss ?? 0) - mean) < 1e-12)
    }
    #expect(observer.epochs == result.history)
    #expect(observer.savedSteps.first == 5 && observer.savedSteps.last == 15)
    #expect(observer.result == result)
  }

  @Test("saving waits until its share of the time is small enough")
  func savingPolicy() throws {
    let folder = try TemporaryFolder()
    let observer = RecordingObserver()
    // A 10,000th of the time: after the first saving, only the last one is due.
    _ = try Trainer(
      PointJob(on: device),
      settings: .short(epochs: 6),
      saving: SavingPolicy(folder: folder.path, intervalSeconds: 0, maximumShare: 1e-4),
      observers: [observer],
      on: device
    ).run()
    #expect(observer.savedSteps == [1, 30])
    let other = RecordingObserver()
    _ = try Trainer(
      PointJob(on: device),
      settings: .short(epochs: 6),
      saving: SavingPolicy(folder: folder.path, intervalSeconds: 0, maximumShare: 1),
      observers: [other],
      on: device
    ).run(from: .start)
    #expect(other.savedSteps.count >= 30)
  }

  @Test("the log and the table of a resumed training are those of one that never stopped")
  func histories() throws {
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    let settings = TrainingSettings.short(epochs: 4)
    func run(
      _ folder: TemporaryFolder,
      killAt step: Int?,
      _ interval: Double,
      _ share: Double
    ) throws {
      let job = PointJob(on: device)
      job.onBatch = { if $0.step == step { throw Killed() } }
      let killer = RecordingObserver()
      killer.onEpoch = { if $0 * 5 == step { throw Killed() } }
      let saving = SavingPolicy(
        folder: folder.path,
        intervalSeconds: interval,
        maximumShare: share
      )
      _ = try Trainer(
        job,
        settings: settings,
        saving: saving,
        observers: [
          JSONLinesObserver(folder.url.appending(path: "log.jsonl").path(percentEncoded: false)),
          CSVHistory(folder.url.appending(path: "history.csv").path(percentEncoded: false)),
          killer,
        ],
        on: device
      ).run()
    }
    try run(whole, killAt: nil, 1e9, 1)
    // Saved at each step: what was told of steps 6 to 8 is in the log before.
    #expect(throws: Killed.self) { try run(parts, killAt: 8, 0, 1) }
    // A line that was cut in the middle, as a full disk would leave it.
    let log = parts.url.appending(path: "log.jsonl")
    let file = try FileHandle(forWritingTo: log)
    try file.seekToEnd()
    try file.write(contentsOf: Data("{\"event\":\"step\",\"st".utf8))
    try file.close()
    // Saved after the second epoch's last step; its end is in the log and not yet in the state.
    #expect(throws: Killed.self) { try run(parts, killAt: 10, 0, 1) }
    // Saved at step 10, not at 15, of which the log knows: steps 11 to 17 are told again.
    #expect(throws: Killed.self) { try run(parts, killAt: 17, 1e9, 1e-9) }
    try run(parts, killAt: nil, 1e9, 1)
    for (part, line) in zip(try Self.lines(parts), try Self.lines(whole)) { #expect(part == line) }
    #expect(try Self.lines(parts).count == Self.lines(whole).count)
    #expect(try Self.rows(parts) == Self.rows(whole))
    #expect(try Self.rows(whole).count == 5)
    #expect(try Self.lines(whole).count == 20 + 4)
    let last = try #require(try Self.objects(parts).last)
    #expect(last["event"] as? String == "ended" && last["outcome"] as? String == "finished")
  }

  @Test("a table quotes names and leaves out what isn't defined")
  func table() {
    let epochs = [
      TrainingEpoch(
        epoch: 1,
        step: 4,
        seconds: 0.12345,
        learningRate: 1e-4,
        trainingLoss: 0.5,
        validation: ValidationScore("AUC, \"macro\"", 0.75, higherIsBetter: true),
        isBest: true
      ),
      TrainingEpoch(
        epoch: 2,
        step: 8,
        seconds: 2,
        learningRate: 0,
        trainingLoss: nil,
        validation: nil,
        isBest: false
      ),
    ]
    #expect(
      CSVHistory.table(epochs) == """
        epoch,step,seconds,learning_rate,training_loss,validation,score,is_best
        1,4,0.123,0.0001,0.5,"AUC, ""macro\""",0.75,true
        2,8,2.0,0.0,,,,false

        """
    )
  }

  @Test("a log that can't be written ends the training with its name")
  func unwritable() throws {
    let path = "/nowhere/log.jsonl"
    let trainer = try Trainer(
      PointJob(on: device),
      settings: .short(),
      observers: [JSONLinesObserver(path)],
      on: device
    )
    do {
      _ = try trainer.run()
      Issue.record("a log was written to a folder that isn't there")
    } catch let error as TrainingError {
      #expect(error.path == path)
    }
  }

  private static func objects(_ folder: TemporaryFolder) throws -> [[String: Any]] {
    let text = try String(contentsOf: folder.url.appending(path: "log.jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  /// The lines of steps and epochs, without times.
  private static func lines(_ folder: TemporaryFolder) throws -> [String] {
    try objects(folder).compactMap { object in
      guard let event = object["event"] as? String, ["step", "epoch"].contains(event) else {
        return nil
      }
      let kept = object.filter { !["seconds", "secondsLeft", "samplesPerSecond"].contains($0.key) }
      let data = try JSONSerialization.data(withJSONObject: kept, options: .sortedKeys)
      return String(decoding: data, as: UTF8.self)
    }
  }

  /// The table's rows without times.
  private static func rows(_ folder: TemporaryFolder) throws -> [[String]] {
    let text = try String(contentsOf: folder.url.appending(path: "history.csv"), encoding: .utf8)
    return text.split(separator: "\n").map { row in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return fields.enumerated().filter { $0.offset != 2 }.map(\.element)
    }
  }
}
