// GIF by giflib: the first frame, placed on the file's canvas.
#include <gif_lib.h>
#include <stdlib.h>

#include "messages.h"

enum { NO_INDEX = -1 };

typedef struct GIFReader {
  GifFileType *gif;
  const uint8_t *bytes;
  size_t count, position;
  int transparent;  // NO_INDEX where there is none
  VBCMessages *messages;
} GIFReader;

static int on_read(GifFileType *gif, GifByteType *target, int length) {
  GIFReader *reader = gif->UserData;
  size_t left = reader->count - reader->position;
  size_t taken = (size_t)length < left ? (size_t)length : left;
  memcpy(target, reader->bytes + reader->position, taken);
  reader->position += taken;
  return (int)taken;
}

/// The status of giflib's last error, its text in `messages`.
static VBCStatus failed(GIFReader *reader, int code) {
  const char *text = GifErrorString(code);
  vbc_set_error(reader->messages, text ? text : "a broken GIF");
  if (code == D_GIF_ERR_NOT_ENOUGH_MEM) return VBC_NO_MEMORY;
  return reader->position >= reader->count ? VBC_TRUNCATED : VBC_MALFORMED;
}

static VBCStatus skip_extension(GIFReader *reader) {
  int function;
  GifByteType *block;
  if (DGifGetExtension(reader->gif, &function, &block) == GIF_ERROR)
    return failed(reader, reader->gif->Error);
  while (block) {
    GraphicsControlBlock control;
    if (function == GRAPHICS_EXT_FUNC_CODE &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
      reader->transparent = control.TransparentColor;
    if (DGifGetExtensionNext(reader->gif, &block) == GIF_ERROR)
      return failed(reader, reader->gif->Error);
  }
  return VBC_OK;
}

/// The canvas's side, extended to where its frame ends.
static uint32_t extent(int canvas, int offset, int side) {
  return (uint32_t)(canvas > offset + side ? canvas : offset + side);
}

/// Opens the file and goes to its first frame's description.
static VBCStatus open_reader(GIFReader *reader, const uint8_t *bytes, size_t count,
                             uint64_t pixel_limit, VBCHeader *header, VBCMessages *messages) {
  *reader =
      (GIFReader){.bytes = bytes, .count = count, .transparent = NO_INDEX, .messages = messages};
  int code = 0;
  reader->gif = DGifOpen(reader, on_read, &code);
  if (!reader->gif) return failed(reader, code);
  GifRecordType record = UNDEFINED_RECORD_TYPE;
  while (record != IMAGE_DESC_RECORD_TYPE) {
    if (DGifGetRecordType(reader->gif, &record) == GIF_ERROR)
      return failed(reader, reader->gif->Error);
    if (record == TERMINATE_RECORD_TYPE)
      return vbc_fail(messages, VBC_MALFORMED, "no frame in the file");
    if (record != EXTENSION_RECORD_TYPE) continue;
    VBCStatus status = skip_extension(reader);
    if (status != VBC_OK) return status;
  }
  if (DGifGetImageHeader(reader->gif) == GIF_ERROR) return failed(reader, reader->gif->Error);
  GifFileType *gif = reader->gif;
  if (gif->Image.Width <= 0 || gif->Image.Height <= 0 || gif->Image.Left < 0 || gif->Image.Top < 0)
    return vbc_fail(messages, VBC_MALFORMED, "the first frame is empty");
  *header = (VBCHeader){.width = extent(gif->SWidth, gif->Image.Left, gif->Image.Width),
                        .height = extent(gif->SHeight, gif->Image.Top, gif->Image.Height),
                        .layout = VBC_INDEXED,
                        .bit_depth = 8,
                        .orientation = 1};
  return vbc_check_size(header->width, header->height, pixel_limit, messages);
}

static void close_reader(GIFReader *reader) {
  if (reader->gif) DGifCloseFile(reader->gif, NULL);
}

static void read_palette(const GifFileType *gif, VBCPalette *palette) {
  const ColorMapObject *map = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
  memset(palette, 0, sizeof *palette);
  for (int index = 0; index < 256; ++index) {
    uint8_t *color = palette->rgb[index];
    if (!map) memset(color, index, 3);  // no palette at all: grey levels, as Pillow
    if (!map || index >= map->ColorCount) continue;
    color[0] = map->Colors[index].Red;
    color[1] = map->Colors[index].Green;
    color[2] = map->Colors[index].Blue;
  }
}

static VBCStatus read_samples(GIFReader *reader, const VBCHeader *header, uint8_t *samples) {
  static const int first_rows[4] = {0, 4, 2, 1}, steps[4] = {8, 8, 4, 2};
  GifFileType *gif = reader->gif;
  size_t stride = header->width;
  memset(samples, reader->transparent == NO_INDEX ? 0 : reader->transparent,
         stride * header->height);
  uint8_t *frame = samples + (size_t)gif->Image.Top * stride + (size_t)gif->Image.Left;
  int passes = gif->Image.Interlace ? 4 : 1;
  for (int pass = 0; pass < passes; ++pass) {
    int step = passes == 1 ? 1 : steps[pass];
    for (int row = passes == 1 ? 0 : first_rows[pass]; row < gif->Image.Height; row += step)
      if (DGifGetLine(gif, frame + (size_t)row * stride, gif->Image.Width) == GIF_ERROR)
        return failed(reader, gif->Error);
  }
  return VBC_OK;
}

VBCStatus vbc_gif_header(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                         VBCHeader *header, VBCMessages *messages) {
  GIFReader reader;
  VBCStatus status = open_reader(&reader, bytes, count, pixel_limit, header, messages);
  close_reader(&reader);
  return status;
}

VBCStatus vbc_gif_decode(const uint8_t *bytes, size_t count, uint64_t pixel_limit, uint8_t *samples,
                         VBCPalette *palette, VBCMessages *messages) {
  GIFReader reader;
  VBCHeader header;
  VBCStatus status = open_reader(&reader, bytes, count, pixel_limit, &header, messages);
  if (status == VBC_OK && palette) read_palette(reader.gif, palette);
  if (status == VBC_OK) status = read_samples(&reader, &header, samples);
  close_reader(&reader);
  return status;
}
