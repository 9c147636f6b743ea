import Imaging
import Testing

/// Each message is one line: the file, what was found, what to do.
@Suite struct ImagingErrorTests {
  @Test(
    arguments: [
      (.notFound, "there is no such file; correct the path, or the table that names it"),
      (.unreadable(detail: "Permission denied"), "can't be read: Permission denied"),
      (.empty, "the file holds 0 bytes, expected an image; copy it anew"),
      (
        .tooManyBytes(found: 9, limit: 8),
        "the file holds 9 bytes, at most 8 are read; is it an image?"
      ),
      (
        .unknownFormat(found: "a PDF"),
        "is a PDF, expected JPEG, PNG, TIFF or GIF (told by content, not by name); convert the file"
      ),
      (
        .truncated(format: "PNG", detail: "the file ends inside a chunk"),
        "the PNG ends before its image does (the file ends inside a chunk); copy the file anew"
      ),
      (
        .malformed(format: "GIF", detail: "no frame in the file"),
        "the GIF is damaged (no frame in the file); copy the file anew"
      ),
      (
        .unsupported(format: "TIFF", detail: "floating-point samples"),
        "the TIFF has floating-point samples, which is not read; convert it to 8-bit RGB or grey"
      ),
      (
        .outOfMemory(detail: "opening the JPEG"),
        "there is not enough memory (opening the JPEG); use fewer threads or make the image smaller"
      ),
      (
        .notWritable(detail: "No space left on device"), "can't be written: No space left on device"
      ),
    ] as [(ImagingError.Reason, String)]
  )
  func messagesSayWhatToDo(_ reason: ImagingError.Reason, _ text: String) {
    #expect(ImagingError(reason, path: "eye.jpg").description == "eye.jpg: \(text)")
    #expect(ImagingError(reason, path: "").description == text)
  }
}
