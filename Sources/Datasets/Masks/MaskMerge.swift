/// Checks and joins the masks of classes.
struct MaskMerge {
  let task: MaskTaskDescription
  let width: Int

  /// Joins K planes into one label map; where classes overlap, the later one counts.
  ///
  /// - Parameter planes: K planes of 0, 1 and 255; a pixel that one of them ignores is ignored.
  /// - Returns: labels 0…K and 255.
  /// - Throws: `MaskFault.outside` where classes are nested and one leaves the one before it.
  func labels(_ planes: [[UInt8]]) throws -> [UInt8] {
    var labels = [UInt8](repeating: 0, count: planes[0].count)
    for (index, plane) in planes.enumerated() {
      var outside = 0
      for pixel in plane.indices {
        if plane[pixel] == MaskTarget.ignored || labels[pixel] == MaskTarget.ignored {
          labels[pixel] = MaskTarget.ignored
        } else if plane[pixel] == 1 {
          if task.isNested, index > 0, Int(labels[pixel]) != index { outside += 1 }
          labels[pixel] = UInt8(index + 1)
        }
      }
      if outside > 0 { throw fault(index, outside) }
    }
    return labels
  }

  /// Refuses a label map with a region that should lie inside another class and doesn't touch it.
  ///
  /// In a label map, a cup hides the disc beneath it: what is left of the disc is its rim. A cup no
  /// pixel of which borders on a rim (by an edge) lies somewhere else.
  ///
  /// - Parameter labels: labels 0…K and 255 of nested classes.
  /// - Throws: `MaskFault.outside`.
  func checkNesting(_ labels: [UInt8]) throws {
    guard task.isNested else { return }
    for index in task.classes.indices.dropFirst() {
      let count = stray(UInt8(index + 1), within: UInt8(index), labels)
      if count > 0 { throw fault(index, count) }
    }
  }

  private func fault(_ index: Int, _ count: Int) -> MaskFault {
    .outside(inner: task.classes[index], outer: task.classes[index - 1], count: count)
  }

  /// How many pixels lie in regions of labels from `inner` on that touch no pixel of `outer`.
  private func stray(_ inner: UInt8, within outer: UInt8, _ labels: [UInt8]) -> Int {
    var isSeen = [Bool](repeating: false, count: labels.count)
    var total = 0
    for start in labels.indices where isInside(labels[start], inner) && !isSeen[start] {
      var waiting = [start]
      var (count, touches) = (0, false)
      isSeen[start] = true
      while let pixel = waiting.popLast() {
        count += 1
        for next in neighbours(of: pixel, labels.count) {
          if labels[next] == outer { touches = true }
          guard isInside(labels[next], inner), !isSeen[next] else { continue }
          isSeen[next] = true
          waiting.append(next)
        }
      }
      if !touches { total += count }
    }
    return total
  }

  private func isInside(_ label: UInt8, _ inner: UInt8) -> Bool {
    label >= inner && label != MaskTarget.ignored
  }

  private func neighbours(of pixel: Int, _ count: Int) -> [Int] {
    let column = pixel % width
    var places: [Int] = []
    if column > 0 { places.append(pixel - 1) }
    if column + 1 < width { places.append(pixel + 1) }
    if pixel >= width { places.append(pixel - width) }
    if pixel + width < count { places.append(pixel + width) }
    return places
  }
}
