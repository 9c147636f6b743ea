import Checkpoints
import Foundation
import Imaging
import Models
import Tensors
import TestSupport
import Testing

/// The released W-Net against the logits that PyTorch recorded for it on a photograph.
@Suite(.enabled(if: Fixtures.realData != nil, "the released W-Net needs VBENCH_DATA"))
struct SegmentationReferenceTests {
  private func file(_ name: String) throws -> String {
    try #require(Fixtures.realData).appending(path: name).path(percentEncoded: false)
  }

  /// Converted from the training's checkpoint, whose optimiser's state and counters are left.
  @Test func wnetOnAPhotograph() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "wnet.h5").path(percentEncoded: false)
    let weights = try file("weights/wnet_drive.pth")
    #expect(try SegmentationConversion.recognizes(weights, container: nil))
    let report = try SegmentationConversion.run(
      from: weights,
      to: output,
      options: SegmentationConversion.Options(),
      tool: "tests"
    )
    let wanted = UNetArchitecture(classes: 1, widths: [8, 16, 32])
    #expect(report.architecture.network == .wNet(wanted) && report.isRecognized)
    #expect(report.architecture.name == "wnet-8.16.32" && report.architecture.imageSize == 512)
    #expect(report.ignored.count == 34)
    #expect(report.ignored.allSatisfy { $0.hasSuffix(".num_batches_tracked") })
    #expect(report.remarks.contains { $0.contains("model_state_dict") })

    let device = Device(threadCount: 2)
    let bundle = try SegmentationBundle(checkpoint: output, on: device)
    let preprocessor = Preprocessor(bundle.preprocessing)
    let pixels = preprocessor.normalized(try preprocessor.pixels(ofFile: file("retina.jpg")))
    let recorded = try NumPyArchive(file("reference/wnet_retina.npz"))
    let planes = try recorded.floats("image_nchw", shape: [1, 3, 512, 512])
    let area = 512 * 512
    let image = (0..<3 * area).map { (index: Int) -> Float in planes[index % 3 * area + index / 3] }
    expect(pixels, equal: image, within: .exact, "the prepared photograph")
    let logits = try bundle.logits(images: pixels, count: 1)
    #expect(logits.count == 2)
    let tolerance = Tolerance(absolute: 1e-4, reason: "float32 in both programs, up to 12.6")
    for (values, name) in zip(logits, ["logits_first", "logits_second"]) {
      let wanted = try recorded.floats(name, shape: [1, 1, 512, 512])
      expect(values, equal: wanted, within: tolerance, name)
    }
    #expect(throws: ModelsError.self) { try bundle.logits(images: [], count: 1, width: 510) }
  }
}
