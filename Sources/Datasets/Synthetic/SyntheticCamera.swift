import Imaging
import Randomness

/// Photographs a painted retina: focus, light, exposure, the field's rim, noise.
struct SyntheticCamera {
  private let scene: SyntheticScene
  private let size: Int
  private let exposure: Float
  /// How much darker the field's rim is than its middle.
  private let falloff: Float
  /// The brightest place in the field, from its centre in radii.
  private let hotspot: SIMD2<Float>
  /// Where the light leans to, in shares of brightness across the field.
  private let lean: SIMD2<Float>
  private let noiseLevel: Float
  private let surround: Float

  /// Draws a camera's settings.
  ///
  /// - Parameters:
  ///   - scene: the eye.
  ///   - size: the picture's width and height in pixels.
  ///   - random: the eye's stream for the camera.
  init(_ scene: SyntheticScene, size: Int, _ random: RandomSource) {
    var random = random
    self.scene = scene
    self.size = size
    let dark = random.happens(0.12)
    exposure = Float(random.nextUniform(in: dark ? 0.6..<0.85 : 0.98..<1.28))
    falloff = Float(random.nextUniform(in: 0.1..<0.38))
    hotspot = SIMD2(Float(0.22 * random.nextBell()), Float(0.18 * random.nextBell()))
    lean = SIMD2(Float(0.06 * random.nextBell()), Float(0.06 * random.nextBell()))
    noiseLevel = Float(random.nextUniform(in: 0.004..<0.014))
    surround = Float(random.nextUniform(in: 0..<0.012))
  }

  /// Takes the photograph.
  ///
  /// - Parameters:
  ///   - retina: `size × size` painted pixels.
  ///   - sensor: the eye's stream for the sensor's noise.
  /// - Returns: the photograph, `size × size`.
  func photograph(_ retina: [SIMD4<Float>], sensor: RandomSource) -> ImageBuffer {
    var random = sensor
    let deviation = Float(scene.conditions.blur * Double(size))
    let sharp = SyntheticBlur.blur(retina, size: size, deviation: deviation)
    var rgb = [UInt8](repeating: 0, count: size * size * 3)
    for index in sharp.indices {
      let point = pixelCentre(index, size)
      let inside = fieldCoverage(at: point)
      var colour = SIMD4<Float>(surround * 1.1, surround, surround * 0.9, 0)
      if inside > 0 { colour += (exposed(sharp[index], at: point) - colour) * inside }
      let grain = noiseLevel * (0.35 + 0.65 * inside)
      colour += sensorNoise(&random) * (grain * (0.5 + colour[0]))
      for channel in 0..<3 {
        rgb[index * 3 + channel] = UInt8(min(max(colour[channel] * 255 + 0.5, 0), 255))
      }
    }
    return ImageBuffer(width: size, height: size, pixels: rgb)
  }

  /// How much of a pixel lies in the field, its notch included.
  @inline(__always)
  private func fieldCoverage(at point: SIMD2<Double>) -> Float {
    let field = scene.anatomy.field
    var depth = field.depth(point)
    if scene.patient.hasNotch {
      // A small square on the upper right rim, as fundus cameras mark the picture's orientation.
      let offset = point - field.centre - field.radius * SIMD2(0.7071, -0.7071)
      let turned = SIMD2(offset.x - offset.y, offset.x + offset.y) * 0.7071
      let side = 0.035 * field.radius
      depth = max(depth, min(side - abs(turned.x), side - abs(turned.y)))
    }
    return min(max(Float(depth * Double(size)) + 0.5, 0), 1)
  }

  /// Lights, veils and exposes a colour.
  @inline(__always)
  private func exposed(_ colour: SIMD4<Float>, at point: SIMD2<Double>) -> SIMD4<Float> {
    let field = scene.anatomy.field
    let offset = SIMD2<Float>((point - field.centre) / field.radius)
    let away = offset - hotspot
    let square = away.x * away.x + away.y * away.y
    var light = 1 - falloff * square * (0.7 + 0.3 * square)
    light += lean.x * offset.x + lean.y * offset.y
    // The last hundredths before the rim lose light to the stop.
    let depth = Float(field.depth(point) / field.radius)
    light *= 0.8 + 0.2 * SyntheticArithmetic.smoothStep(0, 0.07, depth)
    var seen = colour * max(light, 0.1)
    let haze = Float(scene.conditions.haze)
    let veil = SIMD4<Float>(0.60, 0.44, 0.30, 0) * max(light, 0.1)
    seen += (veil - seen) * haze
    seen *= scene.patient.colourBalance * exposure
    return toned(seen)
  }

  /// Bends what is brighter than 0.78 towards 1, as sensors' curves do.
  @inline(__always)
  private func toned(_ value: SIMD4<Float>) -> SIMD4<Float> {
    let knee: Float = 0.78
    guard max(value[0], value[1], value[2]) > knee else { return value }
    let bent = 1 - (1 - knee) * SyntheticArithmetic.exponential((knee - value) / (1 - knee))
    return value.replacing(with: bent, where: value .> knee)
  }

  /// Noise of mean 0 and deviation 1, half of it shared by the channels.
  @inline(__always)
  private func sensorNoise(_ random: inout RandomSource) -> SIMD4<Float> {
    let bits = random.next()
    let uniform = SIMD4<Float>(
      Float(bits & 0xFFFF),
      Float(bits >> 16 & 0xFFFF),
      Float(bits >> 32 & 0xFFFF),
      Float(bits >> 48)
    )
    let centred = uniform * (1 / 65536.0) - 0.5
    return (centred + centred[3]) * 2.449_49
  }
}
