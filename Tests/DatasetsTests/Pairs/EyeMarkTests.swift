import Datasets
import Testing

@Suite("Leading eye marks")
struct EyeMarkTests {
  @Test(
    "A mark with its colon is dropped",
    arguments: [
      ("左眼：视盘边界清", "视盘边界清"), ("右眼:正常眼底", "正常眼底"), ("双眼： 豹纹眼底", "豹纹眼底"),
      (" 右眼 ：出血\n", "出血"), ("雙眼：視盤邊界清", "視盤邊界清"), ("OD: drusen", "drusen"),
      ("os：硬渗", "硬渗"), ("左眼：右眼：出血", "右眼：出血"), ("左眼：", ""),
    ]
  )
  func dropped(_ report: String, _ rest: String) {
    #expect(LeadingEyeMark.dropped(from: report) == rest)
  }

  @Test(
    "What is no mark stays",
    arguments: [
      "左眼视盘边界清", "视盘边界清，左眼：出血", "左眼", "ODD: drusen", "od", "眼：出血", "", "：出血",
      "左：出血",
    ]
  )
  func kept(_ report: String) {
    #expect(LeadingEyeMark.dropped(from: report) == report)
  }

  @Test("A pair keeps the report as it was written")
  func pair() {
    let pair = ReportPair(id: "a", image: .synthetic(index: 0), rawReport: "左眼：豹纹眼底 ")
    #expect(pair.report == "豹纹眼底")
    #expect(pair.rawReport == "左眼：豹纹眼底 ")
    #expect(pair.labels == nil)
  }
}
