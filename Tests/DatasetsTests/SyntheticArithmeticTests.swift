import Datasets
import Foundation
import Testing

@Suite("Arithmetic of the synthetic collection")
struct SyntheticArithmeticTests {
  @Test func exponentialsAreClose() {
    for step in -8000...8000 {
      let value = Double(step) / 100
      let exact = exp(Double(Float(value)))
      let found = SyntheticArithmetic.exponential(value)
      #expect(abs(found / exact - 1) < 3e-7, "exp(\(value)) is \(found), not \(exact)")
    }
    #expect(SyntheticArithmetic.exponential(1e9) == SyntheticArithmetic.exponential(80))
    #expect(SyntheticArithmetic.exponential(-1e9) == SyntheticArithmetic.exponential(-80))
  }

  @Test func sinesAreClose() {
    for step in -2000...2000 {
      let angle = Double(step) / 37
      #expect(abs(SyntheticArithmetic.sine(angle) - sin(angle)) < 1e-9, "sin(\(angle))")
      let direction = SyntheticArithmetic.direction(angle)
      #expect(abs(direction.x - cos(angle)) < 1e-9 && abs(direction.y - sin(angle)) < 1e-9)
    }
  }
}
