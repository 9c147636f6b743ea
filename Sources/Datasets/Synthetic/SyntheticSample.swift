package import Imaging

/// Everything that is known of one eye of the synthetic collection but its pixels.
///
/// It depends on the collection's seed and the sample's number, never on the picture's size.
package struct SyntheticRecord: Sendable, Equatable {
  /// The sample's number in the collection.
  package let index: Int
  /// A name for files and tables: "P00000-right".
  package let id: String
  /// The patient, "P00000" and on; samples 2n and 2n + 1 are the right and left eye of one.
  package let patient: String
  /// Which eye it is.
  package let eye: SyntheticEye
  /// The share that the patient belongs to, with both eyes.
  package let split: SyntheticSplit
  /// What the photograph shows; never empty.
  package let findings: Set<SyntheticFinding>
  /// The eye's disease.
  package let grade: SyntheticGrade
  /// The vertical cup-to-disc ratio.
  package let cupToDiscRatio: Double
  /// The report in Chinese, opening with the eye's mark.
  package let report: String

  /// Whether each finding is present, in the order of `SyntheticFinding.allCases`.
  package var labels: [Bool] { SyntheticFinding.allCases.map(findings.contains) }
}

/// One eye of the synthetic collection: the photograph and everything that is known of it.
package struct SyntheticSample: Sendable, Equatable {
  /// What is known of the eye.
  package let record: SyntheticRecord
  /// The photograph, `size × size`.
  package let image: ImageBuffer
  /// One mask per case, `size × size` values of 0 or 255, rows from the top.
  package let masks: [SyntheticMask: [UInt8]]

  /// The name for files and tables.
  package var id: String { record.id }
  /// The patient, with whom both eyes are grouped.
  package var patient: String { record.patient }
  /// Which eye it is.
  package var eye: SyntheticEye { record.eye }
  /// Whether each finding is present, in the order of `SyntheticFinding.allCases`.
  package var labels: [Bool] { record.labels }
  /// The eye's disease.
  package var grade: SyntheticGrade { record.grade }
  /// The report in Chinese.
  package var report: String { record.report }
}
