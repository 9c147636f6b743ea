// The image codecs behind one plain C face: memory in, samples out, no global state.
//
// Every function returns a status and never jumps out, prints or aborts: the libraries' errors and
// warnings go into a VBCMessages. Sizes are checked against the caller's limit of pixels before any
// pixel is allocated. Data that end early or are damaged where pixels lie are errors: no function
// returns an image that a library has filled up with grey.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef enum VBCStatus {
  VBC_OK = 0,
  VBC_TRUNCATED = 1,    // the file ends before its image does
  VBC_MALFORMED = 2,    // the bytes contradict the format
  VBC_UNSUPPORTED = 3,  // a valid file of a kind that is not read
  VBC_TOO_LARGE = 4,    // more pixels than the limit
  VBC_NO_MEMORY = 5,
  VBC_WRITE_FAILED = 6,
} VBCStatus;

enum {
  VBC_MESSAGE_LENGTH = 200,
  VBC_SIDE_LIMIT = 1 << 20,  // pixels; a longer side makes tables for resizing as large as a bomb
};

/// What a library said: its error, its first warning, and how many warnings there were.
typedef struct VBCMessages {
  char error[VBC_MESSAGE_LENGTH];
  char warning[VBC_MESSAGE_LENGTH];
  uint32_t warning_count;
} VBCMessages;

/// What the samples of a decoded image mean.
typedef enum VBCLayout {
  VBC_GREY = 0,     // 1 channel of 1 byte
  VBC_GREY16 = 1,   // 1 channel of 2 bytes in the machine's byte order
  VBC_INDEXED = 2,  // 1 channel of palette indices of 1 byte
  VBC_RGB = 3,      // 3 channels of 1 byte
} VBCLayout;

/// What a header says, before any pixel is decoded.
typedef struct VBCHeader {
  uint32_t width, height;  // as stored, before any orientation
  VBCLayout layout;        // of the decoded samples
  uint32_t bit_depth;      // of a stored sample; 16-bit colours keep their high byte
  uint32_t orientation;    // TIFF's tag 274, 1 to 8; 1 for the other formats
} VBCHeader;

/// The bytes of one decoded pixel.
static inline size_t vbc_bytes_per_pixel(VBCLayout layout) {
  return layout == VBC_RGB ? 3 : layout == VBC_GREY16 ? 2 : 1;
}

/// 256 colours; what a file does not name is black.
typedef struct VBCPalette {
  uint8_t rgb[256][3];
} VBCPalette;

// JPEG: greyscale, or RGB from YCbCr, RGB, CMYK and YCCK as Pillow converts them (CMYK samples are
// taken as inverted, Adobe's convention). Inverse DCT ISLOW, fancy upsampling.

/// An open JPEG; it points into the caller's bytes.
typedef struct VBCJpeg VBCJpeg;

/// Reads the header. On VBC_OK `*jpeg` must be given to vbc_jpeg_close, else it is NULL.
VBCStatus vbc_jpeg_open(const uint8_t *bytes, size_t count, uint64_t pixel_limit, VBCJpeg **jpeg,
                        VBCHeader *header, VBCMessages *messages);

/// Decodes the next `rows` rows into `samples`, rows being `stride` bytes apart. The status is
/// VBC_TRUNCATED where the file, or the image data in it, end early, and VBC_MALFORMED where
/// libjpeg would go on with made-up pixels.
VBCStatus vbc_jpeg_read_rows(VBCJpeg *jpeg, uint8_t *samples, size_t stride, uint32_t rows,
                             VBCMessages *messages);

void vbc_jpeg_close(VBCJpeg *jpeg);

/// The EXIF block of the first APP1 marker that has one, without its "Exif\0\0"; NULL where none.
const uint8_t *vbc_jpeg_exif(const VBCJpeg *jpeg, size_t *count);

// PNG, TIFF and GIF: header, then the whole image. `samples` holds width × height pixels of
// vbc_bytes_per_pixel(layout); `palette` is written for VBC_INDEXED and may be NULL. Alpha is
// dropped as Pillow's convert("RGB") drops it. The header's width and height are written also where
// the status is VBC_TOO_LARGE.

VBCStatus vbc_png_header(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                         VBCHeader *header, VBCMessages *messages);
VBCStatus vbc_png_decode(const uint8_t *bytes, size_t count, uint64_t pixel_limit, uint8_t *samples,
                         VBCPalette *palette, VBCMessages *messages);

/// The EXIF block of the eXIf chunks before the image data, copied into `exif` (at most `capacity`
/// bytes); `*written` is its whole length, 0 where there is none.
VBCStatus vbc_png_exif(const uint8_t *bytes, size_t count, uint8_t *exif, size_t capacity,
                       size_t *written, VBCMessages *messages);

/// Of a file with several pages, the first.
VBCStatus vbc_tiff_header(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                          VBCHeader *header, VBCMessages *messages);
VBCStatus vbc_tiff_decode(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                          uint8_t *samples, VBCPalette *palette, VBCMessages *messages);

/// The first frame on the file's canvas, whose rest keeps the transparent index, or 0. A canvas
/// that is smaller than its frame is extended, as Pillow does.
VBCStatus vbc_gif_header(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                         VBCHeader *header, VBCMessages *messages);
VBCStatus vbc_gif_decode(const uint8_t *bytes, size_t count, uint64_t pixel_limit, uint8_t *samples,
                         VBCPalette *palette, VBCMessages *messages);

/// Where an encoder puts its bytes; returns 0 when they could not be written.
typedef int (*VBCWrite)(void *context, const uint8_t *bytes, size_t count);

/// Writes a PNG of `channels` 1 or 3 with 8 bits, or 1 channel with 16 bits in the machine's byte
/// order. `level` is zlib's, 0 to 9.
VBCStatus vbc_png_write(const void *samples, uint32_t width, uint32_t height, uint32_t channels,
                        uint32_t bit_depth, int level, VBCWrite write, void *context,
                        VBCMessages *messages);
