/// The words of the synthetic reports.
enum SyntheticReportTerms {
  /// How clinicians write each finding; a report with the finding holds one of its terms outside
  /// any negation.
  static func terms(for finding: SyntheticFinding) -> [String] {
    switch finding {
    case .normal: ["正常眼底", "眼底未见明显异常", "眼底大致正常"]
    case .microaneurysm: ["微动脉瘤", "微血管瘤"]
    case .haemorrhage: ["出血", "点片状出血", "出血斑"]
    case .hardExudate: ["硬性渗出", "硬渗", "黄白色硬性渗出"]
    case .cottonWoolSpot: ["棉絮斑", "棉绒斑"]
    case .drusen: ["玻璃膜疣", "玻璃膜疣样改变"]
    case .largeCup: ["大视杯", "视杯扩大", "杯盘比增大"]
    case .myopicCrescent: ["近视弧形斑", "萎缩弧", "近视弧"]
    case .tessellation: ["豹纹状眼底", "豹纹眼底"]
    case .blur: ["眼底模糊", "图像模糊", "眼底窥视不清"]
    }
  }

  /// What a report says of each disease; empty for a normal eye.
  static func diagnoses(of grade: SyntheticGrade) -> [String] {
    switch grade {
    case .normal: []
    case .diabeticRetinopathy: ["糖尿病视网膜病变", "糖尿病性视网膜病变", "考虑糖尿病视网膜病变"]
    case .macularDegeneration: ["年龄相关性黄斑变性", "老年性黄斑变性", "黄斑变性"]
    case .glaucoma: ["青光眼", "青光眼可疑", "考虑青光眼，建议查视野及眼压"]
    case .myopia: ["高度近视眼底改变", "近视眼底改变", "病理性近视"]
    }
  }
}
