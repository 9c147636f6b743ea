import Pretraining
import Testing

/// What is said of pictures that can't be read.
struct UnreadablePictureTests {
  private func pictures(_ reasons: [String]) -> [UnreadablePicture] {
    reasons.enumerated().map { UnreadablePicture(name: "\($0).png", reason: $1) }
  }

  @Test(
    arguments: [
      ([], ""), (["is text"], "0.png: is text"),
      (["is text", "is text", "is text"], "0.png, 1.png, 2.png: is text"),
      (
        ["is text", "empty", "is text", "is text", "is text"],
        "0.png, 2.png, 3.png and 1 more: is text; 1.png: empty"
      ),
      (["a", "b", "c", "d", "e"], "0.png: a; 1.png: b; 2.png: c; 2 for other reasons"),
    ] as [([String], String)]
  )
  func eachReasonIsSaidOnce(reasons: [String], summary: String) {
    #expect(UnreadablePicture.summary(pictures(reasons)) == summary)
  }
}
