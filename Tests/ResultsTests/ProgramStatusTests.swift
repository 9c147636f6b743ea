import Results
import Testing

@Suite struct ProgramStatusTests {
  private func result(_ status: RunStatus, _ values: [MetricValue] = [.value(0.5)]) -> RunResult {
    var result = RunResult.sample()
    result.run.status = status
    result.metrics = values.map {
      MetricRecord(identifier: "auc", displayName: "AUC", value: $0)
    }
    return result
  }

  @Test func allRunsRan() {
    #expect(ProgramStatus(of: []) == .success)
    #expect(ProgramStatus(of: [result(.passed), result(.mistrusted(reason: "x"))]) == .success)
    #expect(ProgramStatus(of: [result(.passed, [])]) == .success)
    #expect(
      ProgramStatus(of: [result(.passed, [.undefined(reason: "x"), .value(0)])]) == .success
    )
  }

  @Test func oneOfThemDidNot() {
    #expect(ProgramStatus(of: [result(.passed), result(.failed(reason: "x"))]) == .failure)
    #expect(ProgramStatus(of: [result(.skipped(reason: "x")), result(.passed)]) == .failure)
    #expect(ProgramStatus(of: [result(.passed, [.undefined(reason: "x")])]) == .failure)
  }

  @Test func numbersAreThoseOfTheManual() {
    let all: [ProgramStatus] = [
      .success, .failure, .usage, .badData, .missingInput, .internalError,
    ]
    #expect(all.map(\.rawValue) == [0, 1, 64, 65, 66, 70])
  }
}
