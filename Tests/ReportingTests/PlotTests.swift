import Reporting
import Results
import Testing

@Suite struct PlotTests {
  private func path(_ curve: Curve) -> String {
    let svg = curvePlot([curve])
    return svg.split(separator: "\n").first { $0.hasPrefix("<path") }.map(String.init) ?? ""
  }

  @Test func aROCCurveIsJoinedByStraightLines() {
    let curve = Curve(kind: .receiverOperating, name: "a", x: [0, 0.5, 1], y: [0, 0.75, 1])
    // The square's corner lies at (52, 334), its sides are 300 long.
    #expect(path(curve).contains("d=\"M52 334L202 109L352 34\""))
  }

  @Test func precisionIsDrawnInStepsAtTheRightEnd() {
    let curve = Curve(kind: .precisionRecall, name: "a", x: [0, 0.5, 1], y: [1, 0.75, 0.25])
    #expect(path(curve).contains("d=\"M52 34V109H202V259H352\""))
  }

  @Test func pointsOnTheSamePixelAreDrawnOnce() {
    let count = 100_001
    let line = (0..<count).map { Double($0) / Double(count - 1) }
    let curve = Curve(kind: .receiverOperating, name: "a", x: line, y: line)
    let commands = path(curve).filter { $0 == "L" }.count
    #expect((3000...6000).contains(commands), "a step is a tenth of a pixel in x or y")
  }

  @Test func everyCurveHasItsLineInTheLegend() {
    let curves = (0..<9).map {
      Curve(kind: .receiverOperating, name: "class-\($0)", x: [0, 1], y: [0, 1])
    }
    let svg = curvePlot(curves)
    for curve in curves { #expect(svg.contains(">\(curve.name)</text>")) }
    let paths = svg.split(separator: "\n").filter { $0.hasPrefix("<path") }
    #expect(Set(paths).count == 9, "colour and dashes tell all lines apart")
  }

  @Test func aMatrixShowsCountsAndShares() {
    let svg = confusionPlot(ConfusionMatrix(classes: ["a", "b"], counts: [[3, 1], [0, 0]]))
    #expect(svg.contains(">75 %</text>") && svg.contains(">25 %</text>"))
    #expect(svg.filter { $0 == "%" }.count == 2, "a class without samples has no shares")
  }

  @Test func nothingToDrawIsNoDrawing() {
    #expect(curvePlot([]).isEmpty)
    #expect(confusionPlot(ConfusionMatrix(classes: [], counts: [])).isEmpty)
  }
}
