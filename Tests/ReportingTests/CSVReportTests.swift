import Reporting
import Results
import Testing

@Suite struct CSVReportTests {
  /// Splits a CSV text by the rules of RFC 4180: a second reader, so that writing is not its own proof.
  static func parse(_ text: String) -> [[String]] {
    var (rows, row, field) = ([[String]](), [String](), "")
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      if isQuoted {
        if scalar != "\"" {
          field.unicodeScalars.append(scalar)
        } else if scalars.first == "\"" {
          field.unicodeScalars.append(scalars.removeFirst())
        } else {
          isQuoted = false
        }
        continue
      }
      switch scalar {
      case "\"": isQuoted = true
      case ",":
        row.append(field)
        field = ""
      case "\r" where scalars.first == "\n":
        scalars.removeFirst()
        rows.append(row + [field])
        (row, field) = ([], "")
      default: field.unicodeScalars.append(scalar)
      }
    }
    return rows
  }

  /// The rows as dictionaries by column.
  private func records(_ results: [RunResult]) -> [[String: String]] {
    let rows = Self.parse(csvReport(results))
    return rows.dropFirst().map { row in
      Dictionary(zip(rows[0], row), uniquingKeysWith: { first, _ in first })
    }
  }

  @Test func everyRowHasEveryColumn() {
    let rows = Self.parse(csvReport(ReportSamples.all))
    #expect(Set(rows.map(\.count)) == [30])
    #expect(Set(rows[0]).count == 30)
    // Metrics, class metrics and repeats of each run; one row for the run without any.
    #expect(rows.count == 1 + (3 + 6) + 3 + 2 + 1 + (2 + 3 + 4))
  }

  @Test func numbersAreExactAndUndefinedIsEmpty() throws {
    let records = records(ReportSamples.all)
    let repeats = records.filter { $0["level"] == "repeat" }
    #expect(repeats.first?["value"] == "0.30000000000000004")
    #expect(repeats.first?["seed"] == "1")
    let undefined = try #require(records.first { $0["undefined_reason"] == "a, \"b\"" })
    #expect(undefined["value"] == "")
    let auc = try #require(records.first)
    #expect(auc["metric"] == "auc" && auc["averaging"] == "macro" && auc["value"] == "0.8312")
    #expect(auc["interval_low"] == "0.7904" && auc["interval_high"] == "0.868")
    #expect(auc["features"] == "class-token" && auc["n"] == "102" && auc["excluded"] == "1")
    #expect(auc["standard_deviation"] == "")
  }

  @Test func aFailedRunIsARow() throws {
    let row = try #require(records([ReportSamples.failed]).first)
    #expect(row["status"] == "failed" && row["level"] == "run" && row["metric"] == "")
    #expect(row["status_reason"] == "the checkpoint lacks visual.proj")
  }

  @Test(
    arguments: [
      "plain", "a,b", "say \"hi\"", "two\nlines", "two\r\nlines", "\r", "", "中文,名", "\"",
      "e\u{301},",
    ]
  )
  func anyNameComesBack(_ name: String) {
    let result = ReportSamples.run(
      "r",
      model: name,
      metrics: [ReportSamples.metric("auc", "AUC", 0.5, 0.4, 0.6)]
    )
    #expect(records([result]).map { $0["model"] } == [name])
  }

  @Test func theSeedOfOneRepeatStandsWithItsMetrics() {
    var result = ReportSamples.baseline
    result.repeats = [RepeatRecord(seed: 42, values: [])]
    let records = records([result])
    #expect(records.count == 3)
    #expect(records.allSatisfy { $0["seed"] == "42" })
  }
}
