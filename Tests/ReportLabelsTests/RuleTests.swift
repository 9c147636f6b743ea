import ReportLabels
import Testing

@Suite struct RuleTests {
  private let table: FindingTable
  private let extractor: LabelExtractor

  init() throws {
    table = try FindingTable.standard()
    extractor = LabelExtractor(table)
  }

  /// `finding state eye degree` of each mention, as far as they are stated.
  private func read(_ report: String) -> [String] {
    extractor.labels(of: report).evidence.map { item in
      let eye = item.eye == .unstated ? nil : item.eye.rawValue
      let parts = [
        table.findings[item.finding].name, item.state.rawValue, eye, item.degree?.rawValue,
      ]
      return parts.compactMap(\.self).joined(separator: " ")
    }
  }

  @Test(arguments: [
    ("左眼白内障，右眼青光眼", ["cataract present left", "glaucoma present right"]),
    ("右眼：白内障。黄斑变性。", ["cataract present right", "macular-degeneration present right"]),
    ("OD 白内障 OS 青光眼", ["cataract present right", "glaucoma present left"]),
    ("白内障（双眼）", ["cataract present both"]),
    ("左眼白内障，青光眼（右）", ["cataract present left", "glaucoma present right"]),
    ("右眼、左眼白内障", ["cataract present both"]),
    ("左眼及右眼豹纹眼底", ["tessellated-fundus present both"]),
    ("R：DR L：AMD", ["diabetic-retinopathy present right", "macular-degeneration present left"]),
    ("白内障OU", ["cataract present both"]),
    ("右眼未见出血左眼白内障", ["haemorrhage negated right", "cataract present left"]),
    ("否认双眼白内障", ["cataract negated both"]),
    (
      "右眼：出血。左眼：硬渗。诊断：糖尿病视网膜病变",
      ["haemorrhage present right", "hard-exudate present left", "diabetic-retinopathy present"]
    ),
    ("双眼底正常", ["normal-fundus present both"]),
    (
      "C/D：右0.8左0.3，出血",
      ["large-cup present right", "large-cup negated left", "haemorrhage present"]
    ),
    ("双眼C/D（右）0.3、（左）0.8", ["large-cup negated right", "large-cup present left"]),
    ("杯盘比0.3（左），0.6（OD）", ["large-cup negated left", "large-cup uncertain right"]),
    ("C/D: OD 0.8 OS .3", ["large-cup present right", "large-cup negated left"]),
    ("C/D R:0.3 L:0.8", ["large-cup negated right", "large-cup present left"]),
    (
      "右眼C/D 0.8，左眼0.3，出血",
      [
        "large-cup present right", "large-cup negated left", "haemorrhage present left",
      ]
    ),
    ("右眼C/D 0.8，左眼视力0.3", ["large-cup present right"]),
    ("C/D双眼0.3→0.8", ["large-cup present both"]),
  ])
  func eyes(report: String, expected: [String]) { #expect(read(report) == expected) }

  @Test(arguments: [
    ("轻度白内障", ["cataract present mild"]), ("白内障（中度）", ["cataract present moderate"]),
    ("重度非增殖性糖尿病视网膜病变", ["diabetic-retinopathy present severe"]),
    ("轻度白内障、黄斑变性", ["cataract present mild", "macular-degeneration present"]),
    ("高度近视", ["myopia present severe"]), ("mild NPDR", ["diabetic-retinopathy present mild"]),
    ("无重度白内障", ["cataract negated severe"]),
  ])
  func degrees(report: String, expected: [String]) { #expect(read(report) == expected) }

  @Test(arguments: [
    ("糖尿病视网膜病变", ["diabetic-retinopathy present"]),
    ("脉络膜视网膜病变", ["chorioretinopathy present"]),
    ("新生血管性青光眼", ["glaucoma present"]), ("软性渗出", ["cotton-wool-spot present"]),
    ("糖尿病黄斑水肿", ["macular-oedema present"]),
    ("近视弧", ["peripapillary-atrophy present"]), ("XDRY ADR", []),
    ("视网膜色素上皮层脱离", ["pigment-epithelial-detachment present"]),
  ])
  func theLongestTermWins(report: String, expected: [String]) { #expect(read(report) == expected) }

  @Test(arguments: [
    ("C/D=0.59", "negated"), ("C/D=0.6", "uncertain"), ("C/D=0.69", "uncertain"),
    ("C/D=0.7", "present"), ("C/D 1.0", "present"), ("杯盘比约０．８", "present"),
    ("C/D约0.5，不支持青光眼", "negated"), ("C/D=8/10", "present"), ("C/D 3/5", "uncertain"),
    ("C/D3/10", "negated"), ("C/D=.7", "present"), ("C/D0.3→0.8", "present"),
    ("C/D 0.8->0.4", "negated"),
    ("C/D由0.3增至0.6", "uncertain"), ("C/D 0.3→0.5→0.9", "present"), ("C/D(0.8)", "present"),
    ("C/D 0.3→", "negated"),
  ])
  func ratiosDecide(report: String, state: String) {
    #expect(read(report).first == "large-cup \(state)")
  }

  @Test(arguments: [
    "C/D", "C/D清", "C/D=7", "C/D 3.5", "比值0.9", "C/D 8/10/2024", "C/D 2024/8/10", "C/D 9/8",
    "C/D 1/1", "C/D右", "C/D 0.", "C/D(右",
  ])
  func ratiosNeedANumber(report: String) { #expect(read(report).isEmpty) }

  /// 前膜 is the macula's and 色淡 the disc's where the sentence names them last before the word.
  @Test(arguments: [
    ("黄斑可见前膜", ["epiretinal-membrane present"]),
    ("黄斑水肿，可见皱褶", ["macular-oedema present", "epiretinal-membrane present"]),
    ("黄斑水肿。可见皱褶", ["macular-oedema present"]), ("黄斑水肿，结膜皱褶", ["macular-oedema present"]),
    ("前膜，黄斑未见异常", []), ("前膜", []), ("视盘界清，色淡", ["optic-atrophy present"]),
    ("视盘界清，血管正常，色淡", []), ("色淡", []), ("视盘界清，未见色淡", ["optic-atrophy negated"]),
  ])
  func someWordsDependOnTheirPlace(report: String, expected: [String]) {
    #expect(read(report) == expected)
  }

  @Test func listsEndWhereAnotherStatementBegins() {
    #expect(
      read("未见出血、渗出及微动脉瘤，可见棉絮斑") == [
        "haemorrhage negated", "hard-exudate negated", "microaneurysm negated",
        "cotton-wool-spot present",
      ]
    )
    #expect(read("未见出血，大视杯") == ["haemorrhage negated", "large-cup present"])
    #expect(read("未见出血，硬渗，棉絮斑。玻璃膜疣").last == "drusen present")
    #expect(read("未见出血，硬渗，棉絮斑").allSatisfy { $0.hasSuffix("negated") })
    #expect(read("未见出血，散在硬渗") == ["haemorrhage negated", "hard-exudate present"])
  }

  @Test func aCueBehindReachesWhatIsJoined() {
    #expect(read("青光眼或黄斑变性待排").allSatisfy { $0.hasSuffix("uncertain") })
    #expect(read("白内障、青光眼待排") == ["cataract present", "glaucoma uncertain"])
    #expect(read("出血、渗出(-)").allSatisfy { $0.hasSuffix("negated") })
    #expect(read("青光眼可疑、大视杯") == ["glaucoma uncertain", "large-cup present"])
  }

  @Test func whatIsSeenIsNotDoubtedWithTheDisease() {
    #expect(
      read("考虑糖尿病视网膜病变、出血及硬渗") == [
        "diabetic-retinopathy uncertain", "haemorrhage present", "hard-exudate present",
      ]
    )
    #expect(read("考虑青光眼、黄斑变性").allSatisfy { $0.hasSuffix("uncertain") })
    #expect(read("疑似出血、渗出").allSatisfy { $0.hasSuffix("uncertain") })
    #expect(extractor.labels(of: "C/D≈0.6，未见出血。正常眼底").labels[0])
  }

  @Test func policiesDecideWhatCounts() throws {
    let report = "白内障术后，青光眼待排，未见出血，豹纹眼底"
    func names(_ policy: LabelPolicy) -> [String] {
      let labels = LabelExtractor(table, policy: policy).labels(of: report).labels
      return labels.indices.filter { labels[$0] }.map { table.findings[$0].name }
    }
    #expect(names(.present) == ["tessellated-fundus"])
    #expect(names(LabelPolicy(countsUncertain: true)) == ["glaucoma", "tessellated-fundus"])
    #expect(names(LabelPolicy(countsHistory: true)) == ["cataract", "tessellated-fundus"])
    #expect(names(LabelPolicy(countsUncertain: true, countsHistory: true)).count == 3)
  }

  @Test func eachEyeHasItsLabels() throws {
    let reading = extractor.labels(of: "右眼正常，左眼出血，诊断：双眼近视")
    func names(_ eye: Eye) -> [String] {
      let labels = extractor.labels(from: reading.evidence, of: eye)
      return labels.indices.filter { labels[$0] }.map { table.findings[$0].name }
    }
    #expect(names(.right) == ["myopia"])
    #expect(names(.left) == ["myopia", "haemorrhage"])
    #expect(names(.both) == ["myopia"])
    let other = extractor.labels(of: "右眼正常，左眼出血")
    let right = try #require(table.index(of: "normal-fundus"))
    #expect(extractor.labels(from: other.evidence, of: .right)[right])
    #expect(!extractor.labels(from: other.evidence, of: .left)[right])
    #expect(!other.labels[right])
  }

  @Test func normalIsOverruledByWhatIsThereAndBySuspicion() {
    #expect(extractor.labels(of: "眼底正常").labels[0])
    #expect(extractor.labels(of: "眼底正常，图像模糊").labels[0])
    #expect(extractor.labels(of: "白内障术后，眼底正常，未见出血").labels[0])
    #expect(!extractor.labels(of: "眼底大致正常，可见玻璃膜疣").labels[0])
    #expect(!extractor.labels(of: "眼底大致正常，青光眼可疑").labels[0])
    #expect(table.findings[0].excludes(table.findings[1]))
    #expect(table.findings[1].excludes(table.findings[0]))
    #expect(!table.findings[1].excludes(table.findings[2]))
  }

  @Test(arguments: ["", " ", "。，；", "\u{0}\u{FEFF}", "右眼：", "未见", "?", "术后", "）（", "𠀀𠀁"])
  func nothingIsReadFromNothing(report: String) { #expect(read(report).isEmpty) }

  @Test func offsetsCountUnicodeScalars() throws {
    let reading = extractor.labels(of: "𠀀\u{301} 左眼：未 见 出 血。")
    let item = try #require(reading.evidence.first)
    #expect(item.state == .negated)
    #expect(item.span.offsets == 10..<13)
    #expect(item.span.text == "出 血")
    #expect(item.cue?.offsets == 6..<9)
    #expect(item.cue?.text == "未 见")
  }
}
