import Randomness

/// Writes the Chinese report of a synthetic eye.
///
/// A report opens with the eye's mark. It names every finding that is present, in one of three
/// styles: a description from the disc to the retina, a headed list, or a terse line of diagnoses. It
/// denies only what is absent.
struct SyntheticReport {
  private let scene: SyntheticScene
  private let findings: Set<SyntheticFinding>
  private var random: RandomSource

  /// Writes a report.
  ///
  /// - Parameters:
  ///   - scene: the eye.
  ///   - findings: what it shows.
  ///   - eye: which eye it is.
  ///   - random: the eye's stream for its report.
  /// - Returns: the report, one line without quotes.
  static func text(
    of scene: SyntheticScene,
    _ findings: Set<SyntheticFinding>,
    _ eye: SyntheticEye,
    _ random: RandomSource
  ) -> String {
    var report = Self(scene: scene, findings: findings, random: random)
    let style = report.random.nextUniform()
    if style < 0.25 { return eye.mark + report.terse() }
    return eye.mark + (style < 0.4 ? report.headed() : report.described())
  }

  private init(scene: SyntheticScene, findings: Set<SyntheticFinding>, random: RandomSource) {
    self.scene = scene
    self.findings = findings
    self.random = random
  }

  // MARK: Styles

  /// Diagnoses and findings in one line.
  private mutating func terse() -> String {
    var parts = [diagnosis()].compactMap(\.self)
    var named = SyntheticFinding.allCases.filter(findings.contains).map { term($0) }
    if parts.isEmpty || random.happens(0.5) { random.shuffle(&named) }
    parts += named
    return parts.joined(separator: random.pick(["，", "、", "；"])) + random.pick(["", "。"])
  }

  /// A sentence for each structure, headed by its name.
  private mutating func headed() -> String {
    let sections = [
      ("视盘", disc()), ("血管", vessels()), ("黄斑", macula()), ("视网膜", retina()),
    ]
    var text = sections.map { "\($0)：\($1)。" }.joined()
    text += random.pick(["印象：", "诊断：", "结论："]) + conclusion() + "。"
    return text
  }

  /// A description without headings.
  private mutating func described() -> String {
    let subject = random.pick(["视盘", "视乳头"])
    var clauses = [subject + disc()]
    if random.happens(0.7) { clauses.append("视网膜" + vessels()) }
    clauses.append("黄斑" + macula())
    clauses.append(random.pick(["余视网膜", "视网膜", "后极部视网膜"]) + retina())
    let separator = random.pick(["，", "；", "。"])
    return clauses.joined(separator: separator) + "。" + conclusion() + random.pick(["。", ""])
  }

  // MARK: Structures

  private mutating func disc() -> String {
    let tenths = Int((scene.conditions.cupToDiscRatio * 10).rounded())
    let ratio = "0.\(tenths)"
    var clauses = [random.pick(["边界清", "界清", "边界清楚"])]
    if findings.contains(.largeCup) {
      let place = random.pick(["，盘沿变窄", "，盘沿窄", ""])
      clauses.append("\(term(.largeCup))，C/D约\(ratio)\(place)")
    } else {
      clauses.append(random.pick(["色淡红", "色可", "色泽正常"]))
      if random.happens(0.8) { clauses.append(random.pick(["C/D约", "C/D≈", "杯盘比约"]) + ratio) }
    }
    if findings.contains(.myopicCrescent) {
      clauses.append(random.pick(["颞侧见", "颞侧可见", "旁可见"]) + term(.myopicCrescent))
    }
    return clauses.joined(separator: "，")
  }

  private mutating func vessels() -> String {
    if scene.patient.tortuosity > 1.4 {
      return random.pick(["血管迂曲", "动静脉走行迂曲"])
    }
    return random.pick(["血管走行正常", "血管走行及管径未见异常", "动静脉比例约2:3", "A/V约2:3"])
  }

  private mutating func macula() -> String {
    var clauses: [String] = []
    let isYoung = scene.patient.age < 0.45 && !findings.contains(.blur)
    clauses.append(
      isYoung
        ? random.pick(["中心凹反光可见", "中心凹反光存在"])
        : random.pick(["中心凹反光欠清", "中心凹反光不明显"])
    )
    let lesions = lesionFindings.filter(isMacular).map { amount($0) + term($0) }
    if !lesions.isEmpty {
      let separator = random.pick(["、", "，", "及"])
      clauses.append("黄斑区" + random.pick(["可见", "见"]) + lesions.joined(separator: separator))
    }
    return clauses.joined(separator: "，")
  }

  /// Lesions outside the macula, tessellation, and what is absent.
  private mutating func retina() -> String {
    let present = lesionFindings.filter { !isMacular($0) }.map { amount($0) + term($0) }
    var clauses: [String] = []
    if findings.contains(.tessellation) { clauses.append("呈\(term(.tessellation))") }
    if !present.isEmpty {
      clauses.append(
        random.pick(["可见", "见"]) + present.joined(separator: random.pick(["、", "，", "及"]))
      )
    }
    if let denial = denial() { clauses.append(denial) }
    return clauses.isEmpty ? random.pick(["平伏", "在位"]) : clauses.joined(separator: "，")
  }

  /// A clause that denies findings that aren't there, nil where none is denied.
  private mutating func denial() -> String? {
    var absent: [String] = []
    if !findings.contains(.haemorrhage) { absent.append("出血") }
    if !findings.contains(.hardExudate) && !findings.contains(.cottonWoolSpot) {
      absent.append("渗出")
    } else if !findings.contains(.hardExudate) {
      absent.append("硬性渗出")
    } else if !findings.contains(.cottonWoolSpot) && random.happens(0.3) {
      absent.append("棉絮斑")
    }
    if !findings.contains(.microaneurysm) && random.happens(0.25) { absent.append("微动脉瘤") }
    guard !absent.isEmpty, random.happens(0.8) else { return nil }
    let last = absent.removeLast()
    let denied = absent.isEmpty ? last : absent.joined(separator: "、") + "及" + last
    return random.pick(["未见", "未见明显", "无明显"]) + denied
  }

  // MARK: Words

  private mutating func term(_ finding: SyntheticFinding) -> String {
    random.pick(SyntheticReportTerms.terms(for: finding))
  }

  private mutating func diagnosis() -> String? {
    let diagnoses = SyntheticReportTerms.diagnoses(of: scene.conditions.grade)
    return diagnoses.isEmpty ? nil : random.pick(diagnoses)
  }

  /// The diagnosis, or what stands for it in an eye without a disease.
  private mutating func conclusion() -> String {
    var parts = [diagnosis()].compactMap(\.self)
    if findings.contains(.normal) { parts.append(term(.normal)) }
    if findings.contains(.blur) { parts.append(term(.blur)) }
    if parts.isEmpty {
      parts = SyntheticFinding.allCases.filter(findings.contains).map { term($0) }
      parts.append(random.pick(["建议随访", "建议定期复查", "请结合临床"]))
    }
    return parts.joined(separator: "，")
  }

  /// The findings that are lesions and present.
  private var lesionFindings: [SyntheticFinding] {
    [.microaneurysm, .haemorrhage, .hardExudate, .cottonWoolSpot, .drusen]
      .filter(findings.contains)
  }

  /// The lesions of a finding.
  private func lesions(_ finding: SyntheticFinding) -> [SyntheticLesion] {
    scene.lesions.filter { $0.kind.mask.finding == finding }
  }

  /// Whether most of a finding's lesions lie within a disc diameter of the fovea.
  private func isMacular(_ finding: SyntheticFinding) -> Bool {
    let lesions = lesions(finding)
    let near = lesions.count { ($0.outline.centre - scene.anatomy.fovea).length < 1 }
    return near * 5 > lesions.count * 3
  }

  private mutating func amount(_ finding: SyntheticFinding) -> String {
    switch lesions(finding).count {
    case ...3: random.pick(["少许", "少量", ""])
    case ...12: random.pick(["散在", "数个", ""])
    default: random.pick(["多发", "较多", "广泛"])
    }
  }
}
