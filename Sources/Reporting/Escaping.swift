/// Texts of results, such as file and class names, made harmless in each format.
///
/// Line breaks become spaces, and other control characters and those that turn the direction of
/// writing become U+FFFD: a file name must not be able to move a terminal's cursor.
extension String {
  /// For a terminal.
  var terminalText: String {
    String(String.UnicodeScalarView(unicodeScalars.map(\.harmless)))
  }

  /// For Markdown with tables (GitHub's).
  var markdownText: String {
    var escaped = ""
    for scalar in terminalText.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "|", "#", "~", "$": escaped += "\\\(scalar)"
      case "-", "+", "=": escaped += escaped.isEmpty ? "\\\(scalar)" : "\(scalar)"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// For HTML and SVG, inside elements and quoted attributes.
  var htmlText: String {
    var escaped = ""
    for scalar in terminalText.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// For LaTeX text; symbols that pdfLaTeX lacks become mathematics.
  var latexText: String {
    terminalText.unicodeScalars.reduce(into: "") { escaped, scalar in
      if escaped.isEmpty, scalar == "[" || scalar == "*" {
        // Else `\\` before it, at the end of the row above, would take it for its own argument.
        escaped += "{\(scalar)}"
      } else if let replacement = latexReplacements[scalar] {
        escaped += replacement
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// For a field of a CSV file (RFC 4180): quoted where it must be, its line breaks kept.
  var csvField: String {
    // Scalars, since "\r\n" is one character that equals neither of the two.
    let needsQuotes = unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    guard needsQuotes else { return self }
    let doubled = unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
  }
}

private let latexReplacements: [Unicode.Scalar: String] = [
  "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "%": "\\%", "$": "\\$", "#": "\\#",
  "&": "\\&", "_": "\\_", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
  "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "''",
  "`": "\\textasciigrave{}",
  "κ": "$\\kappa$", "μ": "$\\mu$", "µ": "$\\mu$", "±": "$\\pm$", "≤": "$\\le$", "≥": "$\\ge$",
  "×": "$\\times$", "−": "$-$", "–": "--", "—": "---", "…": "\\ldots{}", "·": "$\\cdot$",
  "²": "$^2$", "≠": "$\\ne$",
]

extension Unicode.Scalar {
  /// The scalar itself, a space for a line break or tab, U+FFFD for what controls the output.
  fileprivate var harmless: Unicode.Scalar {
    switch value {
    case 0x09, 0x0a, 0x0d, 0x85, 0x2028, 0x2029: " "
    case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e...0x200f, 0x202a...0x202e, 0x2066...0x2069,
      0xfffe, 0xffff:
      "\u{fffd}"
    default: self
    }
  }
}
