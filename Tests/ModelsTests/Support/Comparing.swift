import TestSupport
import Testing

/// Of features of magnitude 1 to 10 after a few layers.
let features = Tolerance(
  absolute: 1e-5,
  relative: 2e-6,
  reason: "float32 arithmetic against float64, features of magnitude up to 1 within 1e-5"
)

/// Records what differs between features and recorded ones.
func expect(
  _ values: [Float],
  equal recorded: [Float],
  within tolerance: Tolerance = features,
  _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let difference = mismatch(values, recorded, within: tolerance, context: context)
  #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
}
