import Foundation
import Imaging
import TestSupport
import Testing

extension CommandLineTests {
  /// Masks in `predict`.
  @Suite struct MaskPredictions {
    private let program: Program

    /// `unet.h5`, a network of random weights, and two photographs.
    init() throws {
      program = try Program()
      let made = try program.run("initialize", "unet-3.4", "unet.h5", "--size", "16")
      #expect(made.status == 0, "\(made.error)")
      for (name, shade) in [("left.png", UInt8(90)), ("right.png", 140)] {
        try write(name, shade)
      }
    }

    /// A round photograph of 40 × 30 pixels.
    private func write(_ name: String, _ shade: UInt8) throws {
      let pixels = (0..<1200).flatMap { pixel -> [UInt8] in
        let (x, y) = (pixel % 40 - 20, pixel / 40 - 15)
        return x * x + y * y < 180 ? [shade, shade / 2, UInt8(pixel % 7)] : [0, 0, 0]
      }
      let image = ImageBuffer(width: 40, height: 30, pixels: pixels)
      try FileManager.default.createDirectory(
        at: program.folder.appending(path: name).deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try PNGWriter.write(image, to: program.path(name))
    }

    @Test func picturesAreWrittenOnce() throws {
      defer { program.removeFolder() }
      let command = ["predict", "--checkpoint", "unet.h5", "left.png", "right.png"]
      let outcome = try program.run(command + ["--masks", "out/masks"])
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.hasPrefix("left.png  40 × 30 pixels\n"), "\(outcome.output)")
      #expect(outcome.output.contains(" %  mask  out/masks/right-mask.png"), "\(outcome.output)")
      #expect(outcome.error.contains("says nothing of its masks"), "\(outcome.error)")
      let names = try FileManager.default.contentsOfDirectory(atPath: program.path("out/masks"))
      #expect(
        names.sorted()
          == ["left", "right"].flatMap { name in
            ["-mask-outline.png", "-mask-probability.png", "-mask.png"].map { name + $0 }
          }
      )
      let refused = try program.run(command + ["--masks", "out/masks"])
      expectFailure(refused, status: 64, containing: "out/masks/left-mask.png", "--force")
      let again = try program.run(
        command + ["--masks", "out/masks", "--force", "--threshold", "0", "--json"]
      )
      let found = try #require(
        JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [[String: Any]],
        "\(again.output)\(again.error)"
      )
      let classes = found.compactMap { ($0["classes"] as? [[String: Any]])?.first }
      #expect(classes.map { $0["share"] as? Double } == [1, 1])
    }

    @Test func inputsAreNotOverwrittenThroughLinks() throws {
      defer { program.removeFolder() }
      for name in ["eyes/a.png", "eyes/a-mask.png"] { try write(name, 80) }
      try FileManager.default.createSymbolicLink(
        atPath: program.path("link"),
        withDestinationPath: program.path("eyes")
      )
      let before = try Data(contentsOf: program.folder.appending(path: "eyes/a-mask.png"))
      let outcome = try program.run(
        "predict",
        "--checkpoint",
        "unet.h5",
        "eyes",
        "--masks",
        "link",
        "--force"
      )
      expectFailure(outcome, status: 64, containing: "link/a-mask.png", "an input")
      let after = try Data(contentsOf: program.folder.appending(path: "eyes/a-mask.png"))
      #expect(before == after)
    }

    @Test func picturesBelowAFolderOfPhotographsAreNoPhotographs() throws {
      defer { program.removeFolder() }
      for name in ["eyes/a.png", "eyes/b.png"] { try write(name, 80) }
      let command = ["predict", "--checkpoint", "unet.h5", "eyes", "--masks", "eyes/masks"]
      let first = try program.run(command)
      #expect(first.status == 0, "\(first.error)")
      let again = try program.run(command + ["--force"])
      #expect(again.status == 0 && again.output == first.output, "\(again.output)\(again.error)")
      let names = try FileManager.default.contentsOfDirectory(atPath: program.path("eyes/masks"))
      #expect(names.count == 6, "\(names)")
      let remark = "6 pictures in eyes/masks are taken for masks"
      #expect(again.error.contains(remark), "\(again.error)")
      try write("more/masks/c.png", 80)
      let only = ["predict", "--checkpoint", "unet.h5", "more", "--masks", "more/masks"]
      let none = try program.run(only)
      expectFailure(none, status: 64, containing: "1 of 1 images lie in more/masks")
    }

    @Test func damagedPhotographsAreNamedAndTheRestIsDrawn() throws {
      defer { program.removeFolder() }
      try program.write(Data("no picture".utf8), to: "bad.png")
      let some = try program.run(
        "predict",
        "--checkpoint",
        "unet.h5",
        "bad.png",
        "left.png",
        "--masks",
        "m"
      )
      #expect(some.status == 1 && some.error.contains("bad.png"), "\(some.error)")
      #expect(some.output.contains("left.png  40 × 30 pixels"))
      let none = try program.run("predict", "--checkpoint", "unet.h5", "bad.png", "--masks", "n")
      #expect(none.status == 65 && none.error.contains("bad.png"), "\(none.error)")
    }

    @Test func wrongWishesAreNamed() throws {
      defer { program.removeFolder() }
      let command = ["predict", "--checkpoint", "unet.h5"]
      try write("other/left.png", 70)
      for (arguments, status, parts) in [
        (["left.png"], 64, ["give --masks FOLDER"]),
        (["left.png", "--masks", ""], 64, ["give --masks FOLDER"]),
        (["left.png", "--labels", "a,b", "--masks", "m"], 64, ["leave --labels out"]),
        (["left.png", "--masks", "m", "--threshold", "2"], 64, ["--threshold", "from 0 to 1"]),
        (["left.png", "other/left.png", "--masks", "m"], 64, ["left-mask.png", "two commands"]),
        (["nowhere.png", "--masks", "m"], 66, ["nowhere.png"]),
        (["left.png", "--masks", "right.png"], 1, ["right.png", "can't be made"]),
      ] as [([String], Int32, [String])] {
        let outcome = try program.run(command + arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.error)")
        for part in parts { #expect(outcome.error.contains(part), "\(outcome.error)") }
      }
      #expect(!program.names.contains("m"))
      let encoder = try program.run("initialize", "resnet-small", "encoder.h5")
      #expect(encoder.status == 0, "\(encoder.error)")
      for option in [["--masks", "m"], ["--threshold", "0.5"], ["--force"]] {
        let outcome = try program.run(
          ["predict", "--checkpoint", "encoder.h5", "left.png"] + option
        )
        expectFailure(outcome, status: 64, containing: option[0], "encoder.h5", "segmentation")
      }
    }
  }
}
