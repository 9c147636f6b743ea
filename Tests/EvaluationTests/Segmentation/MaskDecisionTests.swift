import Datasets
import Evaluation
import Foundation
import Imaging
import Metrics
import Results
import TestSupport
import Testing

/// Decisions and pictures of whole runs.
@Suite("Decisions and pictures of masks")
struct MaskDecisionTests {
  @Test("Labels are decided by the highest probability; a threshold is refused")
  func softmax() throws {
    let scene = try MaskScene()
    let network = try scene.network(classes: 3)
    let result = try scene.run(network, maskPreset(), "parts").result
    #expect(result.parameter("decision threshold") == .text("highest probability"))
    #expect(result.evaluationProtocol.parameters.allSatisfy { !$0.name.hasPrefix("threshold of") })
    #expect(result.classMetrics.map(\.name) == ["background", "vessels", "disc"])
    let matrix = try require(result.confusionMatrix)
    #expect(matrix.classes == ["background", "vessels", "disc"])
    for (index, record) in result.classMetrics.enumerated() {
      let (found, row) = (matrix.counts[index][index], matrix.counts[index].reduce(0, +))
      let column = matrix.counts.reduce(0) { $0 + $1[index] }
      let dice = record.metrics.first { $0.identifier == "dice-pooled" }?.value
      #expect(dice == .value(2 * Double(found) / Double(row + column)), "\(record.name)")
    }
    // Means are over the classes, the background isn't one.
    let own = try result.number("dice-pooled")
    let classes = result.classMetrics.dropFirst().compactMap { record in
      record.metrics.first { $0.identifier == "dice-pooled" }?.value.number
    }
    #expect(abs(own - (classes[0] + classes[1]) / 2) < 1e-12)
    #expect(result.dataset.classes.map(\.name) == ["vessels", "disc"])
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(network, maskPreset { $0.threshold = .fixed(0.3) }, "parts")
    }
    guard case .invalidOption("--threshold", "0.3", _)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A fixed threshold decides from itself on; disc and cup get ratios of their heights")
  func fixed() throws {
    let scene = try MaskScene()
    let network = try scene.network(classes: 2)
    let low = try scene.run(network, maskPreset { $0.threshold = .fixed(0) }, "disc-cup").result
    #expect(try low.number("sensitivity-pooled") == 1 && low.number("specificity-pooled") == 0)
    #expect(low.metrics.contains { $0.identifier == "cdr-error-absolute" })
    #expect(low.parameter("threshold of cup") == .list([.real(0)]))
    let high = try scene.run(network, maskPreset { $0.threshold = .fixed(1) }, "disc-cup").result
    #expect(try high.number("sensitivity-pooled") == 0 && high.number("specificity-pooled") == 1)
    #expect(high.metrics.first { $0.identifier == "hd95-per-image" }?.value.number == nil)
  }

  @Test("Thresholds are chosen on validation samples where that is asked for")
  func validation() throws {
    let scene = try MaskScene()
    let network = try scene.network()
    let recorder = Recorder()
    _ = try scene.run(network, maskPreset(), observer: recorder)
    #expect(
      recorder.begun == [
        "Predicting masks of train: 12 pictures", "Predicting test masks: 4 pictures",
      ]
    )
    let other = Recorder()
    _ = try scene.run(
      network,
      maskPreset { $0.threshold = .bestDice(on: .validation) },
      observer: other
    )
    #expect(other.begun.first == "Predicting masks of validation: 4 pictures")
    #expect(recorder.isBalanced && other.isBalanced && other.reached == [4, 4])
  }

  @Test("A sheet of best, median and worst; comparisons of the photograph's size; or none")
  func pictures() throws {
    let scene = try MaskScene()
    let network = try scene.network(classes: 2)
    func names(_ choice: MaskPictureChoice) throws -> (names: [String], folder: URL) {
      let finished = try scene.run(network, maskPreset(), "both", pictures: choice)
      let folder = finished.file.deletingLastPathComponent()
      for artefact in finished.result.artefacts {
        let data = try Data(contentsOf: folder.appending(path: artefact.name))
        #expect(hexadecimalSHA256(data) == artefact.sha256)
      }
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".png") }
      #expect(Set(files) == Set(finished.result.artefacts.map(\.name)))
      return (files.sorted(), folder)
    }
    #expect(try names(.none).names.isEmpty)
    let sheet = try names(.sheet)
    // A row is as high as its pictures, which aren't enlarged.
    #expect(sheet.names.count == 1 + 3 * 2 && sheet.names.last == "sheet.png")
    let whole = try ImageBuffer(contentsOf: sheet.folder.appending(path: "sheet.png").path)
    #expect(whole.width == 8 + 4 * 264 && whole.height == 8 + 3 * 40)
    let all = try names(.all)
    // Of each of four photographs two comparisons and two maps.
    #expect(all.names.count == 1 + 4 * 4)
    for name in all.names where name != "sheet.png" {
      let file = all.folder.appending(path: name).path
      if name.hasSuffix("-probability.png") {
        let map = try GrayImage(contentsOf: file)
        #expect(map.width == 32 && map.height == 32 && map.bitDepth == 16, "\(name)")
        #expect(map.samples.allSatisfy { $0 % 257 == 0 } && Set(map.samples).count > 1)
      } else {
        let image = try ImageBuffer(contentsOf: file)
        #expect(image.width == 32 && image.height == 32, "\(name)")
      }
    }
  }

  @Test("Where no photograph has a score there is no sheet, and no crash")
  func nothingToDraw() throws {
    let fixture = try DRIVEProtocolFixture()
    let root = try fixture.copy()
    let black = GrayImage(
      width: 61,
      height: 57,
      bitDepth: 8,
      samples: [UInt16](repeating: 0, count: 61 * 57)
    )
    for number in 1...4 {
      let file = root.appending(path: "test/1st_manual/0\(number)_manual1.gif")
      try PNGWriter.write(black, to: file.path(percentEncoded: false))
    }
    let scene = try MaskScene()
    let finished = try scene.run(
      scene.network(),
      maskPreset { $0.threshold = .fixed(1) },
      pictures: .sheet,
      in: fixture.dataset.open(root: root)
    )
    #expect(finished.result.artefacts.isEmpty)
    #expect(finished.result.metrics.first { $0.identifier == "dice-pooled" }?.value.number == nil)
  }

  @Test("Names of pictures are different ones, whatever paths trip over")
  func pictureNames() throws {
    let names = fileNames(of: ["a b", "a_b", "a/b", "å-1.x", "a_b-2"])
    #expect(names == ["a_b", "a_b-2", "a_b-3", "å-1.x", "a_b-2-2"])
    #expect(fileNames(of: []).isEmpty)
  }
}
