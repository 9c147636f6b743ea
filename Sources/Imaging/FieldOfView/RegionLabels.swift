/// The connected regions of a mask: pixels that share an edge belong together (4-connectivity).
///
/// Regions grow from runs of pixels along rows, joined where runs of neighbouring rows share a column;
/// memory goes with the number of runs, not of pixels.
struct RegionLabels {
  /// Neighbouring pixels of one row.
  struct Run {
    let row: Int
    let columns: Range<Int>
  }

  /// All runs from top to bottom, left to right.
  private(set) var runs: [Run] = []
  /// Another run of the same region, further up the tree; a run that is its own parent is the root.
  private var parents: [Int] = []

  /// Finds the regions of the pixels that have a value.
  ///
  /// - Parameters:
  ///   - value: the regions' value.
  ///   - mask: H × W values.
  ///   - width: pixels per row (W).
  init(of value: UInt8, in mask: [UInt8], width: Int) {
    var above = 0..<0
    unsafe mask.withUnsafeBufferPointer { mask in
      for y in 0..<mask.count / width {
        let first = runs.count
        let end = (y + 1) * width
        var pixel = y * width
        while pixel < end {
          guard unsafe mask[pixel] == value else {
            pixel += 1
            continue
          }
          let start = pixel
          while pixel < end, unsafe mask[pixel] == value { pixel += 1 }
          runs.append(Run(row: y, columns: start - y * width..<pixel - y * width))
          parents.append(parents.count)
        }
        join(first..<runs.count, with: above)
        above = first..<runs.count
      }
    }
  }

  /// The first run of a run's region, from which every run of it is known.
  ///
  /// - Parameter run: the run's index.
  /// - Returns: the smallest index among the region's runs.
  func root(of run: Int) -> Int {
    var run = run
    while parents[run] != run { run = parents[run] }
    return run
  }

  /// Joins the runs of one row with those of the row above that share a column with them.
  private mutating func join(_ row: Range<Int>, with above: Range<Int>) {
    var candidate = above.lowerBound
    for run in row {
      let columns = runs[run].columns
      while candidate < above.upperBound,
        runs[candidate].columns.upperBound <= columns.lowerBound
      {
        candidate += 1
      }
      var other = candidate
      while other < above.upperBound, runs[other].columns.lowerBound < columns.upperBound {
        unite(run, other)
        other += 1
      }
    }
  }

  private mutating func unite(_ first: Int, _ second: Int) {
    let (one, other) = (shortenedRoot(of: first), shortenedRoot(of: second))
    parents[max(one, other)] = min(one, other)
  }

  /// The root; on the way the path to it is halved.
  private mutating func shortenedRoot(of run: Int) -> Int {
    var run = run
    while parents[run] != run {
      parents[run] = parents[parents[run]]
      run = parents[run]
    }
    return run
  }
}
