import Optimizers
import TestSupport
import Testing

/// Each schedule against PyTorch's schedulers, and its ends.
struct ScheduleTests {
  private func recorded(_ name: String) throws -> RecordedCase {
    let cases = try RecordedCase.cases("Optimizers/training.json", "schedule-\(name)")
    return try #require(cases.first { $0.name == "schedule-\(name)" })
  }

  /// Compares rates with all that are recorded.
  private func expectRates(
    _ schedule: any LearningRateSchedule,
    _ recorded: RecordedCase,
    count: Int
  ) throws {
    let base = try recorded.number("base")
    for step in 0..<count {
      let wanted = try recorded.number("rate\(step)")
      let found = schedule.rate(at: step)
      #expect(abs(found - wanted) <= 1e-12 * base, "\(recorded), step \(step): \(found), \(wanted)")
    }
    #expect(recorded.numbers["rate\(count)"] == nil, "\(recorded) has no more rates")
  }

  @Test func warmUpAndCosine() throws {
    let recorded = try recorded("cosine")
    let schedule = try WarmupCosineSchedule(
      rate: recorded.number("base"),
      warmupSteps: recorded.integer("warmup"),
      totalSteps: recorded.integer("total"),
      warmupStart: recorded.number("start"),
      endRate: recorded.number("end")
    )
    try expectRates(schedule, recorded, count: 41)
    #expect(schedule.rate(at: 41) == 2e-6 && schedule.rate(at: 1000) == 2e-6, "no second rise")
    #expect(schedule.rate(at: 7) == 3e-4, "the warm-up ends at the rate itself")
  }

  @Test func cosineWithoutWarmUp() throws {
    let recorded = try recorded("cosine-without-warm-up")
    let schedule = try WarmupCosineSchedule(
      rate: recorded.number("base"),
      warmupSteps: 0,
      totalSteps: recorded.integer("total"),
      endRate: recorded.number("end")
    )
    try expectRates(schedule, recorded, count: 21)
  }

  @Test(arguments: ["one-cycle", "one-cycle-late"])
  func oneCycle(_ name: String) throws {
    let recorded = try recorded(name)
    let schedule = try OneCycleSchedule(
      rate: recorded.number("base"),
      totalSteps: recorded.integer("total"),
      risingShare: recorded.number("share"),
      startDivisor: recorded.number("divisor"),
      endDivisor: recorded.number("final")
    )
    try expectRates(schedule, recorded, count: 37)
    #expect(schedule.rate(at: 500) == schedule.rate(at: 36))
  }

  /// A rise of one step, where PyTorch divides by 0, starts at the top.
  @Test func oneCycleWithoutRise() throws {
    let schedule = try OneCycleSchedule(rate: 2, totalSteps: 10, risingShare: 0.1)
    #expect(schedule.rate(at: 0) == 2)
    #expect(schedule.rate(at: 1) < 2)
    let falling = try OneCycleSchedule(rate: 2, totalSteps: 10, risingShare: 0)
    #expect((0..<10).allSatisfy { falling.rate(at: $0) > falling.rate(at: $0 + 1) || $0 == 9 })
  }

  @Test func steps() throws {
    let every = try recorded("step")
    let regular = try StepSchedule(
      rate: every.number("base"),
      factor: every.number("factor"),
      milestones: .every(every.integer("every"))
    )
    try expectRates(regular, every, count: 25)
    let milestones = try recorded("milestones")
    let listed = try StepSchedule(
      rate: milestones.number("base"),
      factor: milestones.number("factor"),
      milestones: .at([milestones.integer("milestone1"), milestones.integer("milestone0")]),
      warmupSteps: milestones.integer("warmup"),
      warmupStart: milestones.number("start")
    )
    try expectRates(listed, milestones, count: 20)
  }

  @Test func constant() throws {
    let schedule = try ConstantSchedule(rate: 0.3)
    #expect([0, 1, 1_000_000].allSatisfy { schedule.rate(at: $0) == 0.3 })
  }

  @Test func settingsAreChecked() {
    let faults: [() throws -> any LearningRateSchedule] = [
      { try ConstantSchedule(rate: 0) },
      { try ConstantSchedule(rate: .infinity) },
      { try WarmupCosineSchedule(rate: 1, warmupSteps: 5, totalSteps: 5) },
      { try WarmupCosineSchedule(rate: 1, warmupSteps: -1, totalSteps: 5) },
      { try WarmupCosineSchedule(rate: 1, warmupSteps: 0, totalSteps: 0) },
      { try WarmupCosineSchedule(rate: 1, warmupSteps: 1, totalSteps: 5, warmupStart: 1.5) },
      { try WarmupCosineSchedule(rate: 1, warmupSteps: 1, totalSteps: 5, endRate: 2) },
      { try WarmupCosineSchedule(rate: 1, warmupSteps: 1, totalSteps: 5, endRate: .nan) },
      { try OneCycleSchedule(rate: 1, totalSteps: 1) },
      { try OneCycleSchedule(rate: 1, totalSteps: 9, risingShare: 1) },
      { try OneCycleSchedule(rate: 1, totalSteps: 9, startDivisor: 0.5) },
      { try OneCycleSchedule(rate: 1, totalSteps: 9, endDivisor: 0) },
      { try StepSchedule(rate: 1, factor: 1.1, milestones: .every(3)) },
      { try StepSchedule(rate: 1, factor: 0.1, milestones: .every(0)) },
      { try StepSchedule(rate: 1, factor: 0.1, milestones: .at([3, 0])) },
    ]
    for (index, fault) in faults.enumerated() {
      let error = #expect(throws: OptimizersError.self, "fault \(index)") { try fault() }
      guard case .invalidSetting = error?.reason else {
        Issue.record("fault \(index) is called \(String(describing: error))")
        continue
      }
    }
  }
}
