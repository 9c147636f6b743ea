// PNG out by libpng.
#include <png.h>

#include "messages.h"

typedef struct PNGSink {
  VBCWrite write;
  void *context;
  VBCStatus status;
  VBCMessages *messages;
} PNGSink;

static void on_error(png_structp png, png_const_charp text) {
  PNGSink *sink = png_get_error_ptr(png);
  if (sink->status == VBC_OK) sink->status = VBC_MALFORMED;
  vbc_set_error(sink->messages, text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  PNGSink *sink = png_get_error_ptr(png);
  vbc_add_warning(sink->messages, text);
}

static void on_write(png_structp png, png_bytep bytes, png_size_t count) {
  PNGSink *sink = png_get_io_ptr(png);
  if (sink->write(sink->context, bytes, count)) return;
  sink->status = VBC_WRITE_FAILED;
  png_error(png, "the bytes could not be written");
}

static void on_flush(png_structp png) { (void)png; }

VBCStatus vbc_png_write(const void *samples, uint32_t width, uint32_t height, uint32_t channels,
                        uint32_t bit_depth, int level, VBCWrite write, void *context,
                        VBCMessages *messages) {
  PNGSink sink = {.write = write, .context = context, .messages = messages};
  png_infop info = NULL;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, on_error, on_warning);
  if (!png) return vbc_fail(messages, VBC_NO_MEMORY, "out of memory");
  info = png_create_info_struct(png);
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return vbc_fail(messages, VBC_NO_MEMORY, "out of memory");
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return sink.status;
  }
  int color_type = channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
  png_set_write_fn(png, &sink, on_write, on_flush);
  png_set_compression_level(png, level);
  png_set_IHDR(png, info, width, height, (int)bit_depth, color_type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  if (bit_depth == 16) png_set_swap(png);  // the machine is little-endian, PNG is not
  size_t stride = (size_t)width * channels * (bit_depth / 8);
  for (size_t row = 0; row < height; ++row)
    png_write_row(png, (png_const_bytep)samples + row * stride);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return VBC_OK;
}
