import Reporting
import Testing

@Suite struct ProgressLineTests {
  private let line = ProgressLine(label: "Encoding", unit: "images", total: 516)

  @Test func aPlainLineSaysWhatIsDoneHowFastAndHowLong() {
    #expect(
      line.plainText(done: 412, seconds: 11.7)
        == "Encoding: 412 of 516 images (79 %), 35.2 images/s, 3.0 s left"
    )
    #expect(line.plainText(done: 0, seconds: 3) == "Encoding: 0 of 516 images (0 %)")
    #expect(
      line.plainText(done: 516, seconds: 100)
        == "Encoding: 516 of 516 images (100 %), 5.16 images/s, took 1 min 40 s"
    )
  }

  @Test func hundredPerCentIsSaidAtTheEndOnly() {
    let long = ProgressLine(label: "x", unit: "y", total: 100_000)
    #expect(long.plainText(done: 99_999, seconds: 1).contains("99 %"))
  }

  @Test func withoutATotalThereIsNoEnd() {
    let open = ProgressLine(label: "Reading", unit: "files", total: nil)
    #expect(open.plainText(done: 1250, seconds: 1) == "Reading: 1,250 files, 1,250 files/s")
    #expect(open.secondsLeft(done: 1250, seconds: 1) == nil)
  }

  @Test func whatWasDoneBeforeDoesNotMakeTheRate() {
    let resumed = ProgressLine(label: "x", unit: "images", total: 200, alreadyDone: 100)
    #expect(resumed.rate(done: 150, seconds: 10) == 5)
    #expect(resumed.secondsLeft(done: 150, seconds: 10) == 10)
    #expect(resumed.rate(done: 100, seconds: 10) == nil)
  }

  @Test(arguments: [(0, 0.0), (5, 0), (5, -1), (5, .nan), (5, .infinity)])
  func withoutTimeThereIsNoRate(_ done: Int, _ seconds: Double) {
    #expect(line.rate(done: done, seconds: seconds) == nil)
    #expect(!line.plainText(done: done, seconds: seconds).contains("/s"))
  }

  @Test func anEmptyJobIsDone() {
    let empty = ProgressLine(label: "x", unit: "y", total: 0)
    #expect(empty.plainText(done: 0, seconds: 0) == "x: 0 of 0 y (100 %)")
    let text = empty.terminalText(done: 0, seconds: 0, style: TerminalStyle(width: 60))
    #expect(text.contains("━") && !text.contains("─"))
  }

  @Test func theBarGrowsWithTheShare() {
    let style = TerminalStyle(width: 200)
    for (done, filled) in [(0, 0), (129, 10), (258, 20), (515, 39), (516, 40), (900, 40)] {
      let text = line.terminalText(done: done, seconds: 1, style: style)
      #expect(text.filter { $0 == "━" }.count == filled, "\(text)")
      #expect(text.filter { $0 == "━" || $0 == "─" }.count == 40)
    }
  }

  @Test(arguments: [1, 5, 20, 40, 70, 71, 80, 120])
  func aTerminalsLineFits(_ width: Int) {
    for label in ["Encoding", "编码图像"] {
      let job = ProgressLine(label: label, unit: "images", total: 516)
      let text = job.terminalText(done: 412, seconds: 11.7, style: TerminalStyle(width: width))
      let used = text.reduce(0) { $0 + (("\u{4e00}"..."\u{9fff}").contains($1) ? 2 : 1) }
      #expect(used <= width, "\(text)")
      #expect(!text.isEmpty)
    }
  }

  @Test func linesAreDueByTheClock() {
    #expect(line.isDue(done: 1, secondsSinceLast: nil, isTerminal: true))
    #expect(!line.isDue(done: 1, secondsSinceLast: nil, isTerminal: false))
    #expect(line.isDue(done: 1, secondsSinceLast: 0.1, isTerminal: true))
    #expect(!line.isDue(done: 1, secondsSinceLast: 9.9, isTerminal: false))
    #expect(line.isDue(done: 1, secondsSinceLast: 10, isTerminal: false))
    #expect(line.isDue(done: 516, secondsSinceLast: 0, isTerminal: false))
  }
}
