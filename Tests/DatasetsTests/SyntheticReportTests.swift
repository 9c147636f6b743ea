import Datasets
import Testing

@Suite("Reports of synthetic photographs")
struct SyntheticReportTests {
  /// The words of each finding that can't stand in another's, written here once more on purpose.
  private static let words: [SyntheticFinding: [String]] = [
    .normal: ["正常眼底", "眼底未见明显异常", "眼底大致正常"],
    .microaneurysm: ["微动脉瘤", "微血管瘤"],
    .haemorrhage: ["出血"],
    .hardExudate: ["硬性渗出", "硬渗"],
    .cottonWoolSpot: ["棉絮斑", "棉绒斑"],
    .drusen: ["玻璃膜疣"],
    .largeCup: ["大视杯", "视杯扩大", "杯盘比增大"],
    .myopicCrescent: ["近视弧", "萎缩弧"],
    .tessellation: ["豹纹"],
    .blur: ["眼底模糊", "图像模糊", "窥视不清"],
  ]

  private static let diagnoses: [SyntheticGrade: String] = [
    .diabeticRetinopathy: "糖尿病", .macularDegeneration: "黄斑变性", .glaucoma: "青光眼",
    .myopia: "近视",
  ]

  /// The report without the clauses that deny something.
  private func affirmed(_ report: String) -> String {
    let spared = report.replacing("眼底未见明显异常", with: "正常眼底")
    // “未见出血、渗出及微动脉瘤” denies up to the next mark but “、”.
    return spared.split { "，。；：".contains($0) }
      .filter { !$0.contains("未见") && !$0.contains("无明显") }
      .joined(separator: "，")
  }

  @Test func reportsNameTheFindingsAndNoOthers() {
    let collection = SyntheticCollection(seed: 31, count: 1200)
    for index in 0..<collection.count {
      let record = collection.record(index)
      #expect(record.report.hasPrefix(record.eye == .right ? "右眼：" : "左眼："))
      let text = affirmed(record.report)
      for finding in SyntheticFinding.allCases {
        let isNamed = (Self.words[finding] ?? []).contains { text.contains($0) }
        let isPresent = record.findings.contains(finding)
        #expect(isNamed == isPresent, "\(record.id), \(finding): \(record.report)")
      }
      for (grade, word) in Self.diagnoses {
        let isNamed = text.replacing("近视弧", with: "").contains(word)
        #expect(isNamed == (record.grade == grade), "\(record.id), \(grade): \(record.report)")
      }
    }
  }

  @Test func reportsVary() {
    let collection = SyntheticCollection(seed: 32, count: 400)
    let reports = Set((0..<400).map { collection.record($0).report })
    #expect(reports.count > 300)
    #expect(reports.contains { $0.contains("未见") })
    #expect(reports.allSatisfy { $0.count <= 200 })
  }
}
