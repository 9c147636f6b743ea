/// A path with places for parts of a photograph's name, such as `1st_manual/{key}_manual1.gif`.
///
/// - `{stem}`: the name without folder and extension;
/// - `{key}`: what the split's `pattern` captures in it;
/// - `{path}`: the path below the split's folder of images, without extension.
package struct MaskPathTemplate: Sendable, Hashable {
  /// What may stand in braces.
  static let placeholders = ["stem", "key", "path"]

  /// The template as written.
  package let text: String

  /// Why a text is no template; nil where it is one.
  static func fault(of text: String) -> String? {
    guard staysBelow(text) else { return "a path below the root, without ‘..’" }
    var rest = text
    var count = 0
    for name in placeholders {
      count += rest.ranges(of: "{\(name)}").count
      rest = rest.replacing("{\(name)}", with: "")
    }
    guard count > 0, !rest.contains(where: { $0 == "{" || $0 == "}" }) else {
      let names = placeholders.map { "{\($0)}" }.joined(separator: ", ")
      return "a path with at least one of \(names) and no other braces"
    }
    return nil
  }

  /// Whether the split must have a pattern.
  var needsKey: Bool { text.contains("{key}") }

  /// The folders before the first one whose name depends on the photograph; may be empty.
  var fixedFolder: String {
    let folders = text.split(separator: "/").dropLast()
    return folders.prefix { !$0.contains("{") }.joined(separator: "/")
  }

  /// The path of one photograph's mask.
  ///
  /// - Parameters:
  ///   - name: the path below the split's folder of images, without extension.
  ///   - stem: the last part of it.
  ///   - key: what the split's pattern captured; needed where the template has `{key}`.
  /// - Returns: a path below the split's folder of masks.
  func filled(name: String, stem: String, key: String?) -> String {
    text.replacing("{stem}", with: stem)
      .replacing("{key}", with: key ?? stem)
      .replacing("{path}", with: name)
  }
}
