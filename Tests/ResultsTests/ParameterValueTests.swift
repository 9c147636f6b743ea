import Foundation
import Results
import Testing

@Suite struct ParameterValueTests {
  @Test(
    arguments: [
      ParameterValue.text("lbfgs"), .integer(-3), .real(0.1), .flag(false), .list([]), .none,
      .list([.text("a"), .list([.real(1e-9), .none])]), .integer(.max), .real(1e300),
    ]
  )
  func comesBackFromJSON(_ value: ParameterValue) throws {
    let data = try JSONEncoder().encode([value])
    #expect(try JSONDecoder().decode([ParameterValue].self, from: data) == [value])
  }

  @Test func aWholeNumberEqualsTheSameRealNumber() {
    #expect(ParameterValue.integer(2) == .real(2))
    #expect(ParameterValue.integer(2) != .real(2.5))
    #expect(ParameterValue.text("2") != .integer(2))
    #expect(ParameterValue.flag(true) != .integer(1))
  }

  @Test func objectsAreRefused() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([ParameterValue].self, from: Data(#"[{"a": 1}]"#.utf8))
    }
  }

  @Test func readsLikeAPersonsWriting() {
    #expect(ParameterValue.real(50).description == "50")
    #expect(ParameterValue.real(0.001).description == "0.001")
    #expect(ParameterValue.list([.integer(1), .flag(true), .none]).description == "1, yes, none")
  }
}
