// TIFF by libtiff: the first page, in strips or tiles.
#include <stdlib.h>
#include <tiffio.h>

#include "messages.h"
#include "tiff_unpack.h"

enum {
  MEMORY_LIMIT = 1 << 30,  // bytes of one allocation of libtiff's
  SMALL_BLOCK = 64 << 20,  // a strip or tile of so many bytes is always allowed
};

typedef struct TIFFReader {
  TIFF *tiff;
  const uint8_t *bytes;
  uint64_t count, position;
  int is_damaged;  // an error, or a warning after which pixels are made up
  int ran_out;     // bytes were asked for behind the end
  VBCMessages *messages;
  TIFFSamples samples;
  int is_separate;
  uint32_t width, height;
} TIFFReader;

static tmsize_t on_read(thandle_t handle, void *target, tmsize_t length) {
  TIFFReader *reader = handle;
  uint64_t left = reader->position < reader->count ? reader->count - reader->position : 0;
  if (length < 0) return -1;
  uint64_t taken = (uint64_t)length < left ? (uint64_t)length : left;
  if (taken < (uint64_t)length) reader->ran_out = 1;
  if (taken) memcpy(target, reader->bytes + reader->position, taken);
  reader->position += taken;
  return (tmsize_t)taken;
}

static tmsize_t on_write(thandle_t handle, void *source, tmsize_t length) {
  (void)handle, (void)source, (void)length;
  return -1;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int origin) {
  TIFFReader *reader = handle;
  uint64_t base = origin == SEEK_CUR ? reader->position : origin == SEEK_END ? reader->count : 0;
  reader->position = base + offset;
  if (reader->position > reader->count) reader->ran_out = 1;
  return reader->position;
}

static int on_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t on_size(thandle_t handle) { return ((TIFFReader *)handle)->count; }

static int on_error(TIFF *tiff, void *context, const char *place, const char *format,
                    va_list arguments) {
  (void)tiff, (void)place;
  TIFFReader *reader = context;
  reader->is_damaged = 1;
  if (reader->messages->error[0] == 0)
    vsnprintf(reader->messages->error, sizeof reader->messages->error, format, arguments);
  return 1;
}

static int on_warning(TIFF *tiff, void *context, const char *place, const char *format,
                      va_list arguments) {
  (void)tiff, (void)place;
  TIFFReader *reader = context;
  char text[VBC_MESSAGE_LENGTH];
  vsnprintf(text, sizeof text, format, arguments);
  vbc_add_warning(reader->messages, text);
  static const char *const damages[] = {"Premature E", "Premature e", "Corrupt", "Line length"};
  for (size_t index = 0; index < sizeof damages / sizeof *damages; ++index) {
    if (!strstr(text, damages[index])) continue;
    reader->is_damaged = 1;
    if (reader->messages->error[0] == 0) vbc_set_error(reader->messages, text);
  }
  return 1;
}

/// The status of libtiff's last error, its text in `messages`.
static VBCStatus failed(TIFFReader *reader, const char *otherwise) {
  if (reader->messages->error[0] == 0) vbc_set_error(reader->messages, otherwise);
  return reader->ran_out ? VBC_TRUNCATED : VBC_MALFORMED;
}

static uint16_t tag(const TIFFReader *reader, uint32_t name, uint16_t otherwise) {
  uint16_t value = otherwise;
  return TIFFGetFieldDefaulted(reader->tiff, name, &value) ? value : otherwise;
}

/// What follows the colours of a pixel: the kind of the first extra sample, or none.
static int has_premultiplied_alpha(const TIFFReader *reader) {
  uint16_t count = 0, *kinds = NULL;
  return TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) && count > 0 &&
         kinds[0] == EXTRASAMPLE_ASSOCALPHA;
}

/// Finds the layout that a photometric interpretation stands for.
static VBCStatus read_photometric(TIFFReader *reader) {
  TIFFSamples *samples = &reader->samples;
  uint16_t colors = 1;
  switch (tag(reader, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE)) {
    case PHOTOMETRIC_MINISWHITE:
      samples->is_inverted = 1;
      if (samples->bits == 16)
        return vbc_fail(reader->messages, VBC_UNSUPPORTED, "16-bit grey whose 0 is white");
      samples->layout = VBC_GREY;
      break;
    case PHOTOMETRIC_MINISBLACK:
      samples->layout = samples->bits == 16 ? VBC_GREY16 : VBC_GREY;
      break;
    case PHOTOMETRIC_PALETTE:
      samples->layout = VBC_INDEXED;
      if (samples->bits == 16)
        return vbc_fail(reader->messages, VBC_UNSUPPORTED, "a palette of 65,536 colours");
      break;
    case PHOTOMETRIC_YCBCR:
      if (tag(reader, TIFFTAG_COMPRESSION, COMPRESSION_NONE) != COMPRESSION_JPEG)
        return vbc_fail(reader->messages, VBC_UNSUPPORTED, "YCbCr colours outside JPEG");
      TIFFSetField(reader->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
      samples->layout = VBC_RGB, colors = 3;
      break;
    case PHOTOMETRIC_RGB:
      samples->layout = VBC_RGB, colors = 3;
      break;
    case PHOTOMETRIC_SEPARATED:
      samples->layout = VBC_RGB, colors = 4;
      samples->is_cmyk = 1;
      break;
    default:
      return vbc_fail(reader->messages, VBC_UNSUPPORTED,
                      "a colour space other than grey, palette, RGB, YCbCr or CMYK");
  }
  uint16_t per_pixel = tag(reader, TIFFTAG_SAMPLESPERPIXEL, 1);
  if (per_pixel < colors)
    return vbc_fail(reader->messages, VBC_MALFORMED, "fewer samples per pixel than colours");
  samples->has_premultiplied = per_pixel > colors && has_premultiplied_alpha(reader);
  samples->per_pixel = reader->is_separate ? 1 : per_pixel;
  if (samples->has_premultiplied && (colors != 3 || reader->is_separate))
    return vbc_fail(reader->messages, VBC_UNSUPPORTED, "premultiplied alpha beside other than RGB");
  if (samples->is_cmyk && reader->is_separate)
    return vbc_fail(reader->messages, VBC_UNSUPPORTED, "CMYK in separate planes");
  if (samples->bits < 8 && (samples->layout == VBC_RGB || samples->per_pixel > 1))
    return vbc_fail(reader->messages, VBC_UNSUPPORTED, "several samples of less than 8 bits");
  return VBC_OK;
}

static VBCStatus read_header(TIFFReader *reader, uint64_t pixel_limit, VBCHeader *header) {
  uint16_t format = tag(reader, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  TIFFGetField(reader->tiff, TIFFTAG_IMAGEWIDTH, &reader->width);
  TIFFGetField(reader->tiff, TIFFTAG_IMAGELENGTH, &reader->height);
  header->width = reader->width;
  header->height = reader->height;
  VBCStatus status = vbc_check_size(reader->width, reader->height, pixel_limit, reader->messages);
  if (status != VBC_OK) return status;
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
    return vbc_fail(reader->messages, VBC_UNSUPPORTED, "signed or floating-point samples");
  uint16_t bits = tag(reader, TIFFTAG_BITSPERSAMPLE, 1);
  if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16)
    return vbc_fail(reader->messages, VBC_UNSUPPORTED, "samples of neither 1, 2, 4, 8 nor 16 bits");
  reader->samples.bits = bits;
  reader->is_separate =
      tag(reader, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  status = read_photometric(reader);
  header->layout = reader->samples.layout;
  header->bit_depth = bits;
  header->orientation = tag(reader, TIFFTAG_ORIENTATION, 1);
  return status;
}

static VBCStatus open_reader(TIFFReader *reader, const uint8_t *bytes, size_t count,
                             uint64_t pixel_limit, VBCHeader *header, VBCMessages *messages) {
  *reader = (TIFFReader){.bytes = bytes, .count = count, .messages = messages};
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return vbc_fail(messages, VBC_NO_MEMORY, "out of memory");
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, MEMORY_LIMIT);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, reader);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, reader);
  reader->tiff = TIFFClientOpenExt("image", "rm", reader, on_read, on_write, on_seek, on_close,
                                   on_size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return reader->tiff ? read_header(reader, pixel_limit, header) : failed(reader, "a broken TIFF");
}

static void close_reader(TIFFReader *reader) {
  if (reader->tiff) TIFFClose(reader->tiff);
}

static VBCStatus read_palette(TIFFReader *reader, VBCPalette *palette) {
  uint16_t *channels[3];
  memset(palette, 0, sizeof *palette);
  if (!TIFFGetField(reader->tiff, TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2]))
    return vbc_fail(reader->messages, VBC_MALFORMED, "a palette image without its palette");
  for (size_t index = 0; index < (size_t)1 << reader->samples.bits; ++index)
    for (size_t channel = 0; channel < 3; ++channel)
      palette->rgb[index][channel] = (uint8_t)(channels[channel][index] >> 8);
  return VBC_OK;
}

/// A strip or tile of the image: where it lies and how to read it.
typedef struct TIFFBlocks {
  int is_tiled;
  uint32_t width, height;  // of one block
  tmsize_t bytes, row_bytes;
} TIFFBlocks;

static VBCStatus describe_blocks(TIFFReader *reader, TIFFBlocks *blocks) {
  TIFF *tiff = reader->tiff;
  blocks->is_tiled = TIFFIsTiled(tiff);
  if (blocks->is_tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &blocks->width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &blocks->height);
  } else {
    blocks->width = reader->width;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &blocks->height);
    if (blocks->height > reader->height) blocks->height = reader->height;
  }
  blocks->bytes = blocks->is_tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
  blocks->row_bytes = blocks->is_tiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff);
  uint64_t pixel_bits = (uint64_t)reader->samples.bits * reader->samples.per_pixel;
  uint64_t image = (uint64_t)reader->width * reader->height * pixel_bits / 8;
  if (blocks->width == 0 || blocks->height == 0 || blocks->bytes <= 0 ||
      (uint64_t)blocks->row_bytes < (blocks->width * pixel_bits + 7) / 8 ||
      (uint64_t)blocks->bytes / (uint64_t)blocks->row_bytes < blocks->height)
    return failed(reader, "a strip or tile of impossible size");
  if (blocks->bytes > SMALL_BLOCK && (uint64_t)blocks->bytes / 4 > image)
    return vbc_fail(reader->messages, VBC_MALFORMED, "a strip or tile far larger than the image");
  return VBC_OK;
}

/// Reads the block whose first pixel is (x, y) and unpacks what of it lies inside the image.
static VBCStatus read_block(TIFFReader *reader, const TIFFBlocks *blocks, uint32_t x, uint32_t y,
                            uint16_t plane, uint8_t *buffer, uint8_t *samples) {
  TIFF *tiff = reader->tiff;
  uint32_t columns = reader->width - x < blocks->width ? reader->width - x : blocks->width;
  uint32_t rows = reader->height - y < blocks->height ? reader->height - y : blocks->height;
  reader->is_damaged = 0;                    // what was said of the tags is no matter here
  memset(buffer, 0, (size_t)blocks->bytes);  // some decoders leave gaps in damaged data
  tmsize_t wanted = blocks->is_tiled ? blocks->bytes : (tmsize_t)rows * blocks->row_bytes;
  tmsize_t done =
      blocks->is_tiled
          ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, plane), buffer, wanted)
          : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, plane), buffer, wanted);
  if (done < wanted || reader->is_damaged) return failed(reader, "a strip or tile is too short");
  size_t pixel_bytes = vbc_bytes_per_pixel(reader->samples.layout);
  for (uint32_t row = 0; row < rows; ++row)
    vbc_tiff_unpack(&reader->samples, buffer + (size_t)row * (size_t)blocks->row_bytes, columns,
                    plane, reader->is_separate,
                    samples + ((size_t)(y + row) * reader->width + x) * pixel_bytes);
  return VBC_OK;
}

static VBCStatus read_samples(TIFFReader *reader, uint8_t *samples) {
  TIFFBlocks blocks;
  VBCStatus status = describe_blocks(reader, &blocks);
  if (status != VBC_OK) return status;
  uint8_t *buffer = malloc((size_t)blocks.bytes);
  if (!buffer) return vbc_fail(reader->messages, VBC_NO_MEMORY, "out of memory");
  uint16_t planes = reader->is_separate && reader->samples.layout == VBC_RGB ? 3 : 1;
  for (uint16_t plane = 0; plane < planes && status == VBC_OK; ++plane)
    for (uint64_t y = 0; y < reader->height && status == VBC_OK; y += blocks.height)
      for (uint64_t x = 0; x < reader->width && status == VBC_OK; x += blocks.width)
        status = read_block(reader, &blocks, (uint32_t)x, (uint32_t)y, plane, buffer, samples);
  free(buffer);
  return status;
}

VBCStatus vbc_tiff_header(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                          VBCHeader *header, VBCMessages *messages) {
  TIFFReader reader;
  VBCStatus status = open_reader(&reader, bytes, count, pixel_limit, header, messages);
  close_reader(&reader);
  return status;
}

VBCStatus vbc_tiff_decode(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                          uint8_t *samples, VBCPalette *palette, VBCMessages *messages) {
  TIFFReader reader;
  VBCHeader header;
  VBCStatus status = open_reader(&reader, bytes, count, pixel_limit, &header, messages);
  if (status == VBC_OK && palette && header.layout == VBC_INDEXED)
    status = read_palette(&reader, palette);
  if (status == VBC_OK) status = read_samples(&reader, samples);
  close_reader(&reader);
  return status;
}
