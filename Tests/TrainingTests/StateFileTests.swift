import Checkpoints
import Foundation
import Randomness
import Tensors
import Testing
import Training

/// Saved states of other trainings, and damaged ones, are refused by name.
struct StateFileTests {
  private let device = Device(threadCount: 1)
  private let folder: TemporaryFolder

  /// Saves the state of a training that was stopped in its second epoch.
  init() throws {
    folder = try TemporaryFolder()
    let stop = StopRequest()
    let observer = RecordingObserver()
    observer.onStep = { if $0 == 7 { stop.stop() } }
    _ = try Trainer(
      PointJob(PointJob.Options(hasBatchNorm: true), on: device),
      settings: Self.settings,
      saving: SavingPolicy(folder: folder.path),
      stop: stop,
      observers: [observer],
      on: device
    ).run()
  }

  private static let settings = TrainingSettings.short { $0.averageDecay = 0.9 }

  private var state: URL { folder.url.appending(path: "state.h5") }

  /// Goes on with a job; what is thrown.
  private func refusal(
    _ job: PointJob? = nil,
    _ settings: TrainingSettings = settings
  ) throws -> TrainingError? {
    let job = job ?? PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    let before = job.values
    let trainer = try Trainer(
      job,
      settings: settings,
      saving: SavingPolicy(folder: folder.path),
      on: device
    )
    do {
      _ = try trainer.run()
      return nil
    } catch let error as TrainingError {
      #expect(job.values == before, "a refused state changes nothing")
      #expect(!error.description.contains("\n"))
      return error
    }
  }

  @Test("a state of other settings is refused with what differs")
  func otherSettings() throws {
    var other = Self.settings
    other.learningRate = 0.5
    other.optimizer = OptimizerChoice(.sgd)
    let error = try #require(try refusal(nil, other))
    #expect(
      error.reason
        == .differentState(differences: [
          "optimizer is adamw there and sgd here",
          "momentum is absent there and 0.9 here",
          "nesterov is absent there and no here",
          "learning rate is 0.02 there and 0.5 here",
          "beta 1 is 0.9 there and absent here",
          "beta 2 is 0.999 there and absent here",
          "epsilon is 1e-08 there and absent here",
        ])
    )
    #expect(error.path == state.path(percentEncoded: false))
    // Nothing was deleted: the right settings go on.
    #expect(try refusal() == nil)
  }

  @Test("a state of other data or another model is refused")
  func otherJob() throws {
    let data = PointJob(PointJob.Options(hasBatchNorm: true, data: "others"), on: device)
    #expect(
      try refusal(data)?.reason
        == .differentState(differences: ["data is points there and others here"])
    )
    let more = PointJob(PointJob.Options(sampleCount: 24, hasBatchNorm: true), on: device)
    #expect(
      try refusal(more)?.reason
        == .differentState(differences: ["training samples is 22 there and 24 here"])
    )
    let model = PointJob(on: device)
    #expect(
      try refusal(model)?.reason
        == .differentState(differences: [
          "8 arrays there and 4 here, which differ in norm.bias [7]"
        ])
    )
  }

  @Test("a state that is cut or changed anywhere is refused, and the remedy is told")
  func damaged() throws {
    let bytes = [UInt8](try Data(contentsOf: state))
    for length in stride(from: 0, to: bytes.count, by: bytes.count / 37) {
      try Data(bytes[..<length]).write(to: state)
      let error = try #require(try refusal())
      guard case .damagedState = error.reason else {
        Issue.record("cut to \(length) of \(bytes.count) bytes: \(error)")
        continue
      }
      #expect(error.description.contains("delete state.h5 to begin anew"))
    }
    var refused = 0
    for round in 0..<120 {
      var source = RandomSource(seed: 8, UInt32(round))
      var changed = bytes
      changed[source.nextIndex(below: bytes.count)] ^= 1 << UInt8(source.nextIndex(below: 8))
      try Data(changed).write(to: state)
      // What isn't refused was changed where nothing lies, and goes on.
      if try refusal() != nil { refused += 1 }
      try? FileManager.default.removeItem(at: state)
    }
    #expect(refused > 30, "\(refused) of 120 changes were found")
  }

  @Test("a changed number of each kind is found by its checksum")
  func changedNumbers() throws {
    let bytes = [UInt8](try Data(contentsOf: state))
    let file = try HDF5File(reading: state.path(percentEncoded: false))
    let kinds = [
      "parameters/first.weight", "statistics/norm.running_var",
      "optimizer/exp_avg_sq/second.weight",
      "averages/ema/first.bias",
    ]
    for kind in kinds {
      let values = try file.read("/training/\(kind)", as: Float.self).values
      let pattern = values[0..<3].flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
      }
      let place = try #require(
        (0..<bytes.count - 12).first { Array(bytes[$0..<$0 + 12]) == pattern }
      )
      var changed = bytes
      changed[place] ^= 1
      try Data(changed).write(to: state)
      let error = try #require(try refusal())
      #expect(error.description.contains("/training/\(kind)"), "\(error)")
    }
  }

  @Test("best weights that are gone or changed are found before training goes on")
  func best() throws {
    let name = try #require(folder.names.first { $0.hasPrefix("best-") })
    let url = folder.url.appending(path: name)
    let bytes = try Data(contentsOf: url)
    try FileManager.default.removeItem(at: url)
    let missing = try #require(try refusal())
    #expect(missing.path == url.path(percentEncoded: false))
    try bytes.prefix(bytes.count / 2).write(to: url)
    guard case .damagedState = try #require(try refusal()).reason else {
      Issue.record("half a file of weights was taken")
      return
    }
    try bytes.write(to: url)
    #expect(try refusal() == nil)
  }

  @Test("the older state stays until a new one is complete, and nothing else is left")
  func leftOvers() throws {
    #expect(folder.names.count == 2, "\(folder.names)")
    // What a process that was killed while it saved leaves behind.
    for name in [".state.h5.1234.partial", ".best-5.h5.1234.partial"] {
      try Data("half".utf8).write(to: folder.url.appending(path: name))
    }
    #expect(try refusal() == nil)
    #expect(folder.names.count == 2 && folder.names.contains("state.h5"), "\(folder.names)")
  }

  @Test("a folder that can't be made is told")
  func unwritable() throws {
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    let path = file.appending(path: "folder").path(percentEncoded: false)
    let trainer = try Trainer(
      PointJob(on: device),
      settings: .short(),
      saving: SavingPolicy(folder: path),
      on: device
    )
    do {
      _ = try trainer.run()
      Issue.record("a training was saved inside a file")
    } catch let error as TrainingError {
      #expect(error.path == path)
      guard case .notWritable = error.reason else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
