import Foundation
import ReportLabels
import TestSupport
import Testing

/// The hand-written sentences of `Tests/Fixtures/ReportLabels/gold.jsonl`.
///
/// Their labels are what a reader of the report would say, not what the program gave. Those marked
/// `heldOut` were written after the rules.
@Suite struct GoldTests {
  /// One sentence.
  struct Sentence: Decodable {
    var text: String
    /// The findings that are present.
    var present: Set<String>
    /// Other findings and how they are said to be.
    var states: [String: String]
    var heldOut: Bool
  }

  private let table: FindingTable
  private let extractor: LabelExtractor
  private let sentences: [Sentence]

  init() throws {
    table = try FindingTable.standard()
    extractor = LabelExtractor(table)
    let file = Fixtures.directory.appending(path: "ReportLabels/gold.jsonl")
    let decoder = JSONDecoder()
    sentences = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      try decoder.decode(Sentence.self, from: Data($0.utf8))
    }
  }

  private func positive(_ reading: ReportReading) -> Set<String> {
    Set(reading.labels.indices.filter { reading.labels[$0] }.map { table.findings[$0].name })
  }

  @Test func precisionAndRecallArePerFinding() throws {
    var counts: [String: (hits: Int, extra: Int, missed: Int)] = [:]
    for sentence in sentences {
      let found = positive(extractor.labels(of: sentence.text))
      for name in found.union(sentence.present) {
        var count = counts[name] ?? (0, 0, 0)
        if found.contains(name), sentence.present.contains(name) { count.hits += 1 }
        if !sentence.present.contains(name) { count.extra += 1 }
        if !found.contains(name) { count.missed += 1 }
        counts[name] = count
      }
    }
    func share(_ hits: Int, _ others: Int) -> Double {
      hits + others == 0 ? 1 : Double(hits) / Double(hits + others)
    }
    for finding in table.findings {
      let count = counts[finding.name] ?? (0, 0, 0)
      let precision = share(count.hits, count.extra)
      let recall = share(count.hits, count.missed)
      print(
        "\(finding.name): n \(count.hits + count.missed), precision "
          + "\(String(format: "%.3f", precision)), recall \(String(format: "%.3f", recall))"
      )
      #expect(count.hits >= 3, "\(finding.name) has too few sentences")
      #expect(precision >= 0.9 && recall >= 0.9, "\(finding.name): \(count)")
    }
    let all = counts.values.reduce((0, 0, 0)) {
      ($0.0 + $1.hits, $0.1 + $1.extra, $0.2 + $1.missed)
    }
    #expect(share(all.0, all.1) >= 0.97, "precision over all: \(all)")
    #expect(share(all.0, all.2) >= 0.97, "recall over all: \(all)")
  }

  @Test func heldOutSentencesAreReadAsWell() {
    let heldOut = sentences.filter(\.heldOut)
    let right = heldOut.count { positive(extractor.labels(of: $0.text)) == $0.present }
    #expect(heldOut.count >= 80)
    #expect(Double(right) >= 0.95 * Double(heldOut.count), "\(right) of \(heldOut.count)")
  }

  @Test func statesAreReadRight() {
    var wrong: [String] = []
    var count = 0
    for sentence in sentences {
      let evidence = extractor.labels(of: sentence.text).evidence
      for (name, state) in sentence.states {
        count += 1
        let states = evidence.filter { table.findings[$0.finding].name == name }.map(
          \.state.rawValue
        )
        if !states.contains(state) { wrong.append("\(sentence.text): \(name) is \(states)") }
      }
    }
    #expect(count >= 150)
    #expect(Double(wrong.count) <= 0.03 * Double(count), "\(wrong)")
  }

  @Test func theSetIsLargeAndNamesOnlyKnownFindings() {
    #expect(sentences.count >= 480)
    #expect(Set(sentences.map(\.text)).count == sentences.count)
    for sentence in sentences {
      for name in sentence.present.union(sentence.states.keys) {
        #expect(table.index(of: name) != nil, "\(name)")
      }
    }
    for state in ["negated", "uncertain", "history"] {
      #expect(sentences.count { $0.states.values.contains(state) } >= 15, "\(state)")
    }
  }

  /// Full-width forms, and white space between Chinese characters, change nothing.
  @Test func widthChangesNothing() {
    for sentence in sentences {
      let wide = String(
        String.UnicodeScalarView(
          sentence.text.unicodeScalars.map { scalar in
            (0x21...0x7E).contains(scalar.value)
              ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
          }
        )
      )
      let first = extractor.labels(of: sentence.text)
      let second = extractor.labels(of: wide)
      #expect(first.labels == second.labels, "\(wide)")
      #expect(first.evidence.map(\.state) == second.evidence.map(\.state), "\(wide)")
    }
  }

  /// A span's text is the report's at its offsets, and spans come in order without overlap.
  @Test func spansLieWhereTheySay() {
    for sentence in sentences {
      let scalars = Array(sentence.text.unicodeScalars)
      var end = 0
      for item in extractor.labels(of: sentence.text).evidence {
        for span in [item.span] + [item.cue].compactMap(\.self) {
          var text = String.UnicodeScalarView()
          text.append(contentsOf: scalars[span.offsets])
          #expect(String(text) == span.text, "\(sentence.text)")
        }
        #expect(item.span.offsets.lowerBound >= end)
        end = item.span.offsets.upperBound
      }
    }
  }
}
