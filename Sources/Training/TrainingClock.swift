/// Measures how long a training works and how long it saves.
struct TrainingClock {
  private let start = ContinuousClock.now
  private var earlier = 0.0
  private var begin = 0.0
  private var samples = 0
  private var steps = 0
  private var savingBegan = 0.0
  private var savingEnded = 0.0
  /// How many seconds the last saving took; 0 before the first.
  private(set) var savingCost = 0.0

  /// The training begins, or goes on.
  ///
  /// - Parameter earlier: how many seconds it had worked before.
  mutating func begin(at earlier: Double) {
    self.earlier = earlier
    begin = now
    savingEnded = now
  }

  /// How many seconds the training has worked, interruptions left out.
  var seconds: Double { earlier + now - begin }

  /// Notes a step.
  mutating func note(samples: Int) {
    self.samples += samples
    steps += 1
  }

  /// How many samples were gone through per second since the training began or went on.
  var samplesPerSecond: Double { Double(samples) / max(now - begin, 1e-9) }

  /// How many seconds a step takes, with validations and savings between.
  var secondsPerStep: Double { (now - begin) / Double(max(steps, 1)) }

  /// How many seconds have passed since the last saving, or the beginning.
  var secondsSinceSaving: Double { now - savingEnded }

  /// The state is about to be saved.
  mutating func beginSaving() { savingBegan = now }

  /// The state is saved.
  mutating func endSaving() {
    savingEnded = now
    savingCost = savingEnded - savingBegan
  }

  private var now: Double {
    let passed = start.duration(to: .now).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }
}
