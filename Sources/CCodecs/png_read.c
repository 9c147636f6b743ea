// PNG by libpng: every bit depth and colour type, interlaced or not, alpha dropped.
#include <png.h>
#include <stdlib.h>

#include "messages.h"

enum { CHUNK_LIMIT = 64 << 20 };  // bytes of one ancillary chunk; the default is 8 MB

typedef struct PNGReader {
  png_structp png;
  png_infop info;
  png_bytep *rows;  // one pointer per row, while decoding
  const uint8_t *bytes;
  size_t count, position;
  VBCStatus status;  // why libpng jumped
  VBCMessages *messages;
} PNGReader;

static void on_error(png_structp png, png_const_charp text) {
  PNGReader *reader = png_get_error_ptr(png);
  if (reader->status == VBC_OK) reader->status = VBC_MALFORMED;
  vbc_set_error(reader->messages, text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  PNGReader *reader = png_get_error_ptr(png);
  vbc_add_warning(reader->messages, text);
}

static void on_read(png_structp png, png_bytep target, png_size_t length) {
  PNGReader *reader = png_get_io_ptr(png);
  if (length > reader->count - reader->position) {
    reader->status = VBC_TRUNCATED;
    png_error(png, "the file ends inside a chunk");
  }
  memcpy(target, reader->bytes + reader->position, length);
  reader->position += length;
}

static void close_reader(PNGReader *reader) {
  free(reader->rows);
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
}

static VBCStatus open_reader(PNGReader *reader, const uint8_t *bytes, size_t count,
                             VBCMessages *messages) {
  *reader = (PNGReader){.bytes = bytes, .count = count, .messages = messages};
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (reader->info) return VBC_OK;
  close_reader(reader);
  return vbc_fail(messages, VBC_NO_MEMORY, "out of memory");
}

/// Reads up to the image data; may jump.
static VBCStatus read_header(PNGReader *reader, uint64_t pixel_limit, VBCHeader *header) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, on_read);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // vbc_check_size says it better
  png_set_chunk_malloc_max(png, CHUNK_LIMIT);
  png_read_info(png, reader->info);
  header->width = png_get_image_width(png, reader->info);
  header->height = png_get_image_height(png, reader->info);
  header->bit_depth = png_get_bit_depth(png, reader->info);
  header->orientation = 1;
  int color_type = png_get_color_type(png, reader->info);
  header->layout = VBC_GREY;
  if (color_type & PNG_COLOR_MASK_COLOR) header->layout = VBC_RGB;
  if (color_type == PNG_COLOR_TYPE_PALETTE) header->layout = VBC_INDEXED;
  if (color_type == PNG_COLOR_TYPE_GRAY && header->bit_depth == 16) header->layout = VBC_GREY16;
  return vbc_check_size(header->width, header->height, pixel_limit, reader->messages);
}

static void read_palette(PNGReader *reader, VBCPalette *palette) {
  memset(palette, 0, sizeof *palette);
  png_colorp colors = NULL;
  int count = 0;
  if (!png_get_PLTE(reader->png, reader->info, &colors, &count)) return;
  for (int index = 0; index < count && index < 256; ++index) {
    palette->rgb[index][0] = colors[index].red;
    palette->rgb[index][1] = colors[index].green;
    palette->rgb[index][2] = colors[index].blue;
  }
}

/// Decodes after read_header; may jump.
static VBCStatus read_samples(PNGReader *reader, const VBCHeader *header, uint8_t *samples) {
  png_structp png = reader->png;
  if (header->layout == VBC_GREY16)
    png_set_swap(png);  // the machine is little-endian, PNG is not
  else if (header->bit_depth == 16)
    png_set_strip_16(png);  // keeps the high byte
  if (header->bit_depth < 8) {
    if (header->layout == VBC_INDEXED)
      png_set_packing(png);
    else
      png_set_expand_gray_1_2_4_to_8(png);
  }
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_set_check_for_invalid_index(png, 0);
  png_read_update_info(png, reader->info);
  size_t stride = vbc_bytes_per_pixel(header->layout) * header->width;
  if (png_get_rowbytes(png, reader->info) != stride)
    return vbc_fail(reader->messages, VBC_UNSUPPORTED, "an unknown sample layout");
  reader->rows = malloc(header->height * sizeof *reader->rows);
  if (!reader->rows) return vbc_fail(reader->messages, VBC_NO_MEMORY, "out of memory");
  for (size_t row = 0; row < header->height; ++row) reader->rows[row] = samples + row * stride;
  png_read_image(png, reader->rows);
  return VBC_OK;
}

VBCStatus vbc_png_header(const uint8_t *bytes, size_t count, uint64_t pixel_limit,
                         VBCHeader *header, VBCMessages *messages) {
  PNGReader reader;
  VBCStatus status = open_reader(&reader, bytes, count, messages);
  if (status != VBC_OK) return status;
  if (setjmp(png_jmpbuf(reader.png)))
    status = reader.status;
  else
    status = read_header(&reader, pixel_limit, header);
  close_reader(&reader);
  return status;
}

VBCStatus vbc_png_exif(const uint8_t *bytes, size_t count, uint8_t *exif, size_t capacity,
                       size_t *written, VBCMessages *messages) {
  PNGReader reader;
  VBCHeader header;
  *written = 0;
  VBCStatus status = open_reader(&reader, bytes, count, messages);
  if (status != VBC_OK) return status;
  if (setjmp(png_jmpbuf(reader.png))) {
    status = reader.status;
  } else {
    status = read_header(&reader, UINT64_MAX, &header);
    png_uint_32 length = 0;
    png_bytep data = NULL;
    if (status == VBC_OK && png_get_eXIf_1(reader.png, reader.info, &length, &data) && data) {
      *written = length;
      memcpy(exif, data, length < capacity ? length : capacity);
    }
  }
  close_reader(&reader);
  return status;
}

VBCStatus vbc_png_decode(const uint8_t *bytes, size_t count, uint64_t pixel_limit, uint8_t *samples,
                         VBCPalette *palette, VBCMessages *messages) {
  PNGReader reader;
  VBCHeader header;
  VBCStatus status = open_reader(&reader, bytes, count, messages);
  if (status != VBC_OK) return status;
  if (setjmp(png_jmpbuf(reader.png))) {
    status = reader.status;
  } else {
    status = read_header(&reader, pixel_limit, &header);
    if (status == VBC_OK && palette) read_palette(&reader, palette);
    if (status == VBC_OK) status = read_samples(&reader, &header, samples);
  }
  close_reader(&reader);
  return status;
}
