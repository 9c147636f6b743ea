import Datasets
import Foundation

/// A tiny set in DRIVE's layout: TIFF photographs, GIF masks and fields of view.
struct DRIVETwin {
  static let width = 11
  static let height = 7

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 21...23 { try write(number, "training", "training") }
    for number in 1...2 { try write(number, "test", "test") }
  }

  static func name(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Vessels that differ from photograph to photograph.
  static func vessels(_ number: Int) -> TwinMask {
    TwinMask(width, height) { x, y in (x + 2 * y + number) % 5 == 0 }
  }

  /// All but the corners.
  static func field(_ number: Int) -> TwinMask {
    TwinMask(width, height) { x, y in x + y > 1 && x < width - number % 3 }
  }

  static func manual(_ number: Int, of split: String) -> String {
    "\(split)/1st_manual/\(name(number))_manual1.gif"
  }

  private func write(_ number: Int, _ split: String, _ word: String) throws {
    let name = Self.name(number)
    let picture = TwinMask.photograph(number, Self.width, Self.height)
    try folder.write(TwinPictures.tiff(picture), "\(split)/images/\(name)_\(word).tif")
    try folder.write(TwinPictures.gif(Self.vessels(number)), Self.manual(number, of: split))
    try folder.write(
      TwinPictures.gif(Self.field(number)),
      "\(split)/mask/\(name)_\(word)_mask.gif"
    )
  }

  /// The shipped description's task, opened.
  func open() throws -> MaskContents {
    let dataset = try DatasetCatalog(file: shippedCatalog)["drive"]
    return try dataset.open(root: folder.url).contents(of: dataset.maskTask("vessels"))
  }
}
