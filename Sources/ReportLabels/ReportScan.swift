/// A report's words: what the table knows of it, in order and without overlap.
struct ReportScan {
  /// One word.
  struct Token {
    /// What it means.
    var meaning: Meaning
    /// Its place among the folded characters.
    var range: Range<Int>
    /// Whether white space stands before it.
    var followsSpace: Bool
    /// The ratio behind it; nil but for measures with a number.
    var ratio: Double?
    /// The eye that is named beside the ratio; nil for all else.
    var ratioEye: Eye?
  }

  /// The words.
  private(set) var tokens: [Token] = []
  /// How many folded characters there are.
  var count: Int { characters.count }

  private(set) var characters: [UInt16] = []
  /// The place of each folded character in the report, in Unicode scalars.
  private var offsets: [Int32] = []
  /// The place of each folded character in the report's UTF-8.
  private var bytes: [Int32] = []
  private var spaces: [Bool] = []
  private let report: String

  /// Finds a report's words.
  ///
  /// - Parameters:
  ///   - report: the report.
  ///   - lexicon: what is looked for.
  /// - Complexity: O(length).
  init(_ report: String, _ lexicon: Lexicon) {
    self.report = report
    fold(lexicon.folding)
    scan(lexicon)
  }

  /// The report's part for folded characters.
  ///
  /// - Parameter range: not empty.
  /// - Returns: its place and text.
  func span(_ range: Range<Int>) -> TextSpan {
    let last = range.upperBound - 1
    let scalars = report.unicodeScalars
    let start = report.utf8.index(report.startIndex, offsetBy: Int(bytes[range.lowerBound]))
    let end = report.utf8.index(report.startIndex, offsetBy: Int(bytes[last]))
    return TextSpan(
      offsets: Int(offsets[range.lowerBound])..<Int(offsets[last]) + 1,
      text: String(scalars[start..<scalars.index(after: end)])
    )
  }

  /// Whether there is nothing but a space between two places of the folded characters.
  func isBlank(_ start: Int, _ end: Int) -> Bool {
    start == end || end - start == 1 && characters[start] == CharacterFolding.space
  }

  private mutating func fold(_ folding: CharacterFolding) {
    let scalars = report.unicodeScalars
    let capacity = report.utf8.count / 2 + 1
    characters.reserveCapacity(capacity)
    offsets.reserveCapacity(capacity)
    bytes.reserveCapacity(capacity)
    spaces.reserveCapacity(capacity)
    var offset: Int32 = 0
    var byte: Int32 = 0
    var space: (offset: Int32, byte: Int32)?
    for scalar in scalars {
      let code = folding[scalar]
      if code == CharacterFolding.space {
        space = (offset, byte)
      } else if code != CharacterFolding.dropped {
        if let space, code.isWordCharacter, characters.last?.isWordCharacter == true {
          append(CharacterFolding.space, space.offset, space.byte, followsSpace: false)
        }
        append(code, offset, byte, followsSpace: space != nil)
        space = nil
      }
      offset += 1
      byte += Int32(UTF8.width(scalar))
    }
  }

  private mutating func append(
    _ code: UInt16,
    _ offset: Int32,
    _ byte: Int32,
    followsSpace: Bool
  ) {
    characters.append(code)
    offsets.append(offset)
    bytes.append(byte)
    spaces.append(followsSpace)
  }

  /// Keeps the longest text at the leftmost place, then goes on behind it.
  private mutating func scan(_ lexicon: Lexicon) {
    // The longest text that begins at each place: texts come in the order of their ends.
    var longest = [(end: Int32, pattern: Int32)](repeating: (0, -1), count: characters.count)
    lexicon.automaton.forEachMatch(in: characters) { pattern, range in
      guard isAllowed(range, lexicon.wordBounds[pattern]) else { return }
      longest[range.lowerBound] = (Int32(range.upperBound), Int32(pattern))
    }
    tokens.reserveCapacity(16)
    var position = 0
    var sentence = 0
    while position < characters.count {
      guard longest[position].pattern >= 0 else {
        position += 1
        continue
      }
      let meaning = lexicon.meanings[Int(longest[position].pattern)]
      var end = Int(longest[position].end)
      // 双眼底正常: the eye gives its last character to a finding that begins with it.
      if meaning.eye != nil, end - position > 1, longest[end - 1].pattern >= 0,
        lexicon.meanings[Int(longest[end - 1].pattern)].finding != nil
      {
        end -= 1
      }
      if meaning.isLocated, !isLocated(meaning, sentence..<position, lexicon.places) {
        position = end
        continue
      }
      if meaning.roles.contains(.stop) { sentence = end }
      position = append(meaning, position..<end)
    }
  }

  /// Keeps a word, and the values behind a measure.
  ///
  /// - Returns: where the next word may begin.
  private mutating func append(_ meaning: Meaning, _ range: Range<Int>) -> Int {
    let values = meaning.isMeasure ? values(after: range.upperBound) : []
    tokens.append(
      Token(
        meaning: meaning,
        range: range.lowerBound..<(values.first?.range.upperBound ?? range.upperBound),
        followsSpace: spaces[range.lowerBound],
        ratio: values.first?.ratio,
        ratioEye: values.first?.eye
      )
    )
    for value in values.dropFirst() {
      tokens.append(
        Token(
          meaning: meaning,
          range: value.range,
          followsSpace: spaces[value.range.lowerBound],
          ratio: value.ratio,
          ratioEye: value.eye
        )
      )
    }
    return values.last?.range.upperBound ?? range.upperBound
  }

  /// Whether the place that a part of the report names last is one of a finding's.
  ///
  /// - Complexity: O(length × places); asked for few words.
  private func isLocated(
    _ meaning: Meaning,
    _ range: Range<Int>,
    _ places: [Lexicon.Place]
  ) -> Bool {
    for end in range.reversed() {
      let place = places.first { place in
        let start = end + 1 - place.text.count
        return start >= range.lowerBound && place.text.last == characters[end]
          && characters[start...end].elementsEqual(place.text)
      }
      if let place { return meaning.finding.map(place.findings.contains) ?? false }
    }
    return false
  }

  /// Whether a text may match here: Latin ones match whole words, and a point in a number is none.
  private func isAllowed(_ range: Range<Int>, _ bounds: (start: Bool, end: Bool)) -> Bool {
    let before = range.lowerBound > 0 ? characters[range.lowerBound - 1] : 0
    let after = range.upperBound < characters.count ? characters[range.upperBound] : 0
    if bounds.start, before.isWordCharacter { return false }
    if bounds.end, after.isLetter { return false }
    let isPoint = range.count == 1 && characters[range.lowerBound] == 0x2E
    return !(isPoint && before.isDigit && after.isDigit)
  }
}
