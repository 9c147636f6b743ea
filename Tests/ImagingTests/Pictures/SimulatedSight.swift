import Foundation
import Imaging

/// How colours look with and without colour blindness, and how far apart they then are.
enum SimulatedSight: String, CaseIterable {
  case normal, protanopia, deuteranopia

  /// Machado, Oliveira, Fernandes 2009, "A physiologically-based model for simulation of color vision
  /// deficiency", severity 1.0: from linear RGB to linear RGB.
  private var matrix: [[Double]] {
    switch self {
    case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    }
  }

  /// The CIE 1976 difference ΔE*ab of two sRGB colours as they are seen.
  func difference(_ first: Color8, _ second: Color8) -> Double {
    zip(lab(first), lab(second)).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
  }

  /// CIE L*a*b* under D65 of a colour as it is seen.
  private func lab(_ color: Color8) -> [Double] {
    let linear = [color.red, color.green, color.blue].map { sample in
      let value = Double(sample) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let seen = Self.product(matrix, linear).map { min(max($0, 0), 1) }
    let primaries = [
      [0.412453, 0.357580, 0.180423],
      [0.212671, 0.715160, 0.072169],
      [0.019334, 0.119193, 0.950227],
    ]
    let white = [0.950456, 1, 1.088754]
    let f = zip(Self.product(primaries, seen), white).map { value, white in
      let share = value / white
      return share > 216.0 / 24389 ? cbrt(share) : (24389.0 / 27 * share + 16) / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).map(*).reduce(0, +) }
  }
}
