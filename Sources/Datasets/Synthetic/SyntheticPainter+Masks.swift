/// The masks of an eye's structures.
extension SyntheticPainter {
  /// The masks of all structures, clipped to the field of view.
  func masks() -> [SyntheticMask: [UInt8]] {
    let anatomy = scene.anatomy
    let empty = [UInt8](repeating: 0, count: size * size)
    var (field, disc, cup, crescent) = (empty, empty, empty, empty)
    for index in 0..<size * size {
      let point = pixelCentre(index, size)
      guard anatomy.field.depth(point) > 0 else { continue }
      field[index] = 255
      let place = anatomy.frame.place(point)
      guard place.length < Self.discReach else { continue }
      if anatomy.disc.radius(at: place) <= 1 {
        disc[index] = 255
        if anatomy.cup.radius(at: place) <= 1 { cup[index] = 255 }
      } else if let rim = anatomy.crescent, rim.radius(at: place) <= 1 {
        crescent[index] = 255
      }
    }
    var masks: [SyntheticMask: [UInt8]] = [
      .field: field, .disc: disc, .cup: cup, .crescent: crescent,
    ]
    for kind in SyntheticMask.allCases where masks[kind] == nil {
      var mask = layers.masks[kind] ?? empty
      for index in mask.indices { mask[index] &= field[index] }
      masks[kind] = mask
    }
    return masks
  }
}
