import Foundation
import Results

/// How numbers are written: the one place for all reports.
package enum NumberFormat {
  /// A metric with three decimals, such as `0.731`; never `-0.000`.
  package static func metric(_ number: Double) -> String {
    fixed(number, decimals: 3)
  }

  /// A difference of two values of a metric, such as `+0.012` or `-0.004`; `0.000` has no sign.
  static func difference(_ number: Double) -> String {
    let text = metric(number)
    return text.contains { ("1"..."9").contains($0) } && number > 0 ? "+" + text : text
  }

  /// A metric's interval, such as `[0.602, 0.845]`.
  static func interval(_ interval: ConfidenceInterval) -> String {
    "[\(metric(interval.low)), \(metric(interval.high))]"
  }

  /// A share in per cent, such as `95 %` or `99.5 %`.
  static func percent(_ share: Double) -> String {
    let text = fixed(share * 100, decimals: 1)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
  }

  /// A count with a comma between thousands, such as `188,262,913`.
  static func count(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return count < 0 ? "-" + text : text
  }

  /// A count with its noun, such as `1 sample` or `1,250 samples`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A span of time, such as `0.4 s`, `12 s`, `3 min 05 s` or `2 h 14 min`.
  ///
  /// Below 0 and not finite counts as 0.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds > 0 else { return "0 s" }
    guard seconds >= 9.95 else { return fixed(seconds, decimals: 1) + " s" }
    let whole = Int(min(seconds, 1e15).rounded())
    let (minutes, rest) = whole.quotientAndRemainder(dividingBy: 60)
    if minutes == 0 { return "\(rest) s" }
    if minutes < 60 { return "\(minutes) min \(twoDigits(rest)) s" }
    return "\(count(minutes / 60)) h \(twoDigits(minutes % 60)) min"
  }

  /// A rate with three significant digits, such as `0.42`, `35.2` or `1,250`.
  static func rate(_ rate: Double) -> String {
    guard rate.isFinite, rate >= 0 else { return "0" }
    if rate >= 99.95 { return count(Int(min(rate, 1e15).rounded())) }
    return fixed(rate, decimals: rate >= 9.995 ? 1 : 2)
  }

  /// A number of bytes in the largest fitting binary unit, such as `1.4 GiB`.
  static func bytes(_ bytes: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var (size, unit) = (Double(bytes), 0)
    while size >= 1024, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    return unit == 0 ? "\(bytes) B" : "\(fixed(size, decimals: 1)) \(units[unit])"
  }

  /// The fewest digits that read back as the same number, for files that programs read.
  static func exact(_ number: Double) -> String {
    String(number)
  }

  /// A coordinate of a drawing: at most two decimals, no trailing zeros.
  static func coordinate(_ number: Double) -> String {
    var text = fixed(number, decimals: 2)
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  private static func fixed(_ number: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", number)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }
}
