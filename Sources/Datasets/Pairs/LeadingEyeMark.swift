/// The rule that takes the eye's mark off the start of a report.
///
/// A report's mark says which eye was photographed and nothing of what is seen, and the photograph
/// doesn't show it; so it is dropped before the text is tokenised. The released loader of ViLReF drops
/// the first three characters whatever they are; this rule drops a mark only where one stands.
package enum LeadingEyeMark {
  /// The rule's name for records; another number where it drops other texts.
  package static let rule = "leading-eye-mark-1"

  /// Left, right and both eyes: simplified and traditional, and the Latin abbreviations.
  static let marks = ["左眼", "右眼", "双眼", "雙眼", "两眼", "兩眼", "od", "os", "ou"]

  /// The report without its mark: one of `marks` in any letter case, perhaps white space, and a
  /// colon of full or half width.
  ///
  /// - Parameter report: a report, `左眼：视盘边界清`.
  /// - Returns: the rest, `视盘边界清`, without white space at its ends; of a report without a mark
  ///   all of it. Only the first mark is dropped: a second eye's stays where it is.
  package static func dropped(from report: String) -> String {
    let text = report.trimmed
    for mark in marks where text.prefix(mark.count).lowercased() == mark {
      let rest = text.dropFirst(mark.count).trimmed
      if let colon = rest.first, colon == "：" || colon == ":" { return rest.dropFirst().trimmed }
    }
    return text
  }
}
