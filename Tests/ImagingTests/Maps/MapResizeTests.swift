import Imaging
import Parallelism
import TestSupport
import Testing

/// Maps at other sizes, against scikit-image, PyTorch and Pillow.
@Suite struct MapResizeTests {
  private static let rounding = Tolerance(
    absolute: 1e-9,
    relative: 1.2e-7,
    reason: "one rounding to 32 bits"
  )

  private func resizedBySpline(
    _ map: Plane<Float>,
    width: Int,
    height: Int,
    pool: WorkerPool? = nil
  ) -> Plane<Float> {
    CubicSplineResize(
      inputWidth: map.width,
      inputHeight: map.height,
      width: width,
      height: height
    ).resized(map, pool: pool)
  }

  @Test(arguments: try RecordedPlanes.cases("resize-"))
  func splinesEqualScikitImages(_ recorded: RecordedCase) throws {
    let (map, expected) = (try recorded.map("x"), try recorded.map("spline"))
    let result = resizedBySpline(map, width: expected.width, height: expected.height)
    #expect(result.width == expected.width && result.height == expected.height)
    let difference = mismatch(result.samples, expected.samples, within: Self.rounding)
    #expect(difference == nil, "\(recorded)")
    guard recorded.has("spline32") else { return }
    let steps = Tolerance(
      absolute: 2e-7,
      reason: "scikit-image rounds the smoothed map, of values up to 1, to 32 bits twice"
    )
    #expect(mismatch(result.samples, try recorded.floats("spline32"), within: steps) == nil)
  }

  @Test(arguments: try RecordedPlanes.cases("resize-"))
  func bilinearEqualsPyTorchs(_ recorded: RecordedCase) throws {
    let (map, expected) = (try recorded.map("x"), try recorded.map("bilinear"))
    let result = map.resizedBilinearly(width: expected.width, height: expected.height)
    #expect(result.width == expected.width && result.height == expected.height)
    let tolerance = Tolerance(
      absolute: 2e-7 * Double(map.samples.map(abs).max() ?? 1),
      reason: "a few operations on these values in 32 bits, in another order"
    )
    #expect(mismatch(result.samples, expected.samples, within: tolerance) == nil, "\(recorded)")
  }

  @Test func splinesOfManyThreadsAreTheSameBits() {
    let map = generatedMap(width: 83, height: 61)
    for (width, height) in [(131, 97), (40, 97), (131, 29), (40, 29), (83, 97)] {
      let alone = resizedBySpline(map, width: width, height: height)
      for threads in [1, 2, 5] {
        let pool = WorkerPool(threadCount: threads)
        let result = resizedBySpline(map, width: width, height: height, pool: pool)
        #expect(result == alone, "\(width) × \(height), \(threads) threads")
      }
    }
  }

  /// A step overshoots; the input's range is kept.
  @Test func overshootIsCutOff() {
    let step = Plane<Float>(
      width: 8,
      height: 2,
      samples: (0..<16).map { $0 % 8 < 4 ? 0.25 : 0.75 }
    )
    let result = resizedBySpline(step, width: 24, height: 6)
    #expect(result.samples.min() == 0.25 && result.samples.max() == 0.75)
    #expect(result.samples.filter { $0 == 0.25 }.count > 6 * 2)
    #expect(result.samples.contains { $0 > 0.3 && $0 < 0.7 })
  }

  @Test func whatIsNoNumberStaysNone() {
    var map = generatedMap(width: 9, height: 7)
    map.samples[30] = .nan
    let spread = resizedBySpline(map, width: 12, height: 11).samples
    #expect(spread.filter(\.isNaN).count == 12 * 11)
    map.samples = Array(repeating: .nan, count: 63)
    #expect(resizedBySpline(map, width: 12, height: 11).samples.filter(\.isNaN).count == 132)
    map.samples[30] = 0.5
    #expect(resizedBySpline(map, width: 12, height: 11).samples.filter(\.isNaN).count == 132)
    map = generatedMap(width: 9, height: 7)
    map.samples[30] = .nan
    #expect(resizedBySpline(map, width: 9, height: 7).samples.filter(\.isNaN).count == 1)
  }

  @Test(arguments: try RecordedPlanes.cases("nearest-").filter { $0.name != "nearest-plane" })
  func nearestTakesPillowsPixels(_ recorded: RecordedCase) throws {
    let inputs = try #require(Int(recorded.name.dropFirst("nearest-".count)))
    var expected = try recorded.floats("y").map { Int32($0) }[...]
    for size in try recorded.floats("sizes").map({ Int($0) }) {
      let labels = Array(0..<Int32(inputs))
      let wanted = Array(expected.prefix(size))
      expected = expected.dropFirst(size)
      let row = Plane(width: inputs, height: 1, samples: labels)
      #expect(row.resizedToNearest(width: size, height: 1).samples == wanted, "\(size)")
      let column = Plane(width: 1, height: inputs, samples: labels)
      #expect(column.resizedToNearest(width: 1, height: size).samples == wanted, "\(size)")
    }
    #expect(expected.isEmpty)
  }

  @Test func aNearestPlaneIsPillows() throws {
    let recorded = try #require(try RecordedPlanes.cases("nearest-plane").first)
    let expected = try recorded.mask("y")
    let result = try recorded.mask("x")
      .resizedToNearest(width: expected.width, height: expected.height)
    #expect(result == expected)
  }
}
