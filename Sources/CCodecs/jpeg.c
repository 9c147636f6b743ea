// JPEG by libjpeg-turbo, row by row. The file lies whole in memory, so the first call for more
// bytes means that it is truncated: libjpeg would go on with grey.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "messages.h"

enum {
  SCAN_LIMIT = 500,  // a progressive file of a few kB can name thousands of full-size scans
  EXIF_PREFIX = 6,
};

struct VBCJpeg {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf failure;
  VBCStatus status;       // why `failure` was jumped to
  int is_started;         // whether rows can be read
  VBCMessages *messages;  // of the call under way
  uint8_t *cmyk_row;      // 4 bytes per pixel where the file is CMYK, else NULL
};

static VBCJpeg *owner(j_common_ptr common) { return (VBCJpeg *)common->client_data; }

static void on_error(j_common_ptr common) {
  VBCJpeg *jpeg = owner(common);
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  vbc_set_error(jpeg->messages, text);
  switch (common->err->msg_code) {
    case JERR_INPUT_EOF:
      jpeg->status = VBC_TRUNCATED;
      break;
    case JERR_OUT_OF_MEMORY:
      jpeg->status = VBC_NO_MEMORY;
      break;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
      jpeg->status = VBC_UNSUPPORTED;
      break;
    default:
      jpeg->status = VBC_MALFORMED;
  }
  longjmp(jpeg->failure, 1);
}

/// The status of a warning after which libjpeg makes pixels up; VBC_OK for a harmless one.
static VBCStatus damage(int message) {
  switch (message) {
    case JWRN_HIT_MARKER:  // the entropy-coded data end before the image does: grey follows
      return VBC_TRUNCATED;
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
      return VBC_MALFORMED;
    default:
      return VBC_OK;
  }
}

static void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  VBCJpeg *jpeg = owner(common);
  common->err->num_warnings++;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  jpeg->status = damage(common->err->msg_code);
  if (jpeg->status == VBC_OK) {
    vbc_add_warning(jpeg->messages, text);
    return;
  }
  vbc_set_error(jpeg->messages, text);
  longjmp(jpeg->failure, 1);
}

static void on_output(j_common_ptr common) { (void)common; }

static void on_source(j_decompress_ptr decoder) { (void)decoder; }

static boolean on_exhausted(j_decompress_ptr decoder) {
  ERREXIT(decoder, JERR_INPUT_EOF);
  return FALSE;
}

static void on_skip(j_decompress_ptr decoder, long count) {
  if (count <= 0) return;
  if ((size_t)count > decoder->src->bytes_in_buffer) ERREXIT(decoder, JERR_INPUT_EOF);
  decoder->src->next_input_byte += count;
  decoder->src->bytes_in_buffer -= (size_t)count;
}

static void on_progress(j_common_ptr common) {
  if (((j_decompress_ptr)common)->input_scan_number <= SCAN_LIMIT) return;
  VBCJpeg *jpeg = owner(common);
  vbc_set_error(jpeg->messages, "more than 500 scans");
  jpeg->status = VBC_MALFORMED;
  longjmp(jpeg->failure, 1);
}

static void prepare(VBCJpeg *jpeg, const uint8_t *bytes, size_t count) {
  struct jpeg_decompress_struct *decoder = &jpeg->decoder;
  decoder->err = jpeg_std_error(&jpeg->errors);
  jpeg->errors.error_exit = on_error;
  jpeg->errors.emit_message = on_message;
  jpeg->errors.output_message = on_output;
  decoder->client_data = jpeg;
  jpeg_create_decompress(decoder);
  jpeg->source.next_input_byte = bytes;
  jpeg->source.bytes_in_buffer = count;
  jpeg->source.init_source = on_source;
  jpeg->source.fill_input_buffer = on_exhausted;
  jpeg->source.skip_input_data = on_skip;
  jpeg->source.resync_to_restart = jpeg_resync_to_restart;
  jpeg->source.term_source = on_source;
  decoder->src = &jpeg->source;
  jpeg->progress.progress_monitor = on_progress;
  decoder->progress = &jpeg->progress;
}

/// Reads the header and sets the output up; may jump to `jpeg->failure`.
static VBCStatus read_header(VBCJpeg *jpeg, uint64_t pixel_limit, VBCHeader *header) {
  struct jpeg_decompress_struct *decoder = &jpeg->decoder;
  jpeg_save_markers(decoder, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(decoder, TRUE);
  header->width = decoder->image_width;
  header->height = decoder->image_height;
  VBCStatus status = vbc_check_size(header->width, header->height, pixel_limit, jpeg->messages);
  if (status != VBC_OK) return status;
  switch (decoder->num_components) {
    case 1:
      decoder->out_color_space = JCS_GRAYSCALE;
      break;
    case 3:
      decoder->out_color_space = JCS_RGB;
      break;
    case 4:
      decoder->out_color_space = JCS_CMYK;
      break;
    default:
      return vbc_fail(jpeg->messages, VBC_UNSUPPORTED, "neither 1, 3 nor 4 components");
  }
  decoder->dct_method = JDCT_ISLOW;
  decoder->do_fancy_upsampling = TRUE;
  header->layout = decoder->num_components == 1 ? VBC_GREY : VBC_RGB;
  header->bit_depth = 8;
  header->orientation = 1;
  return VBC_OK;
}

VBCStatus vbc_jpeg_open(const uint8_t *bytes, size_t count, uint64_t pixel_limit, VBCJpeg **result,
                        VBCHeader *header, VBCMessages *messages) {
  *result = NULL;
  VBCJpeg *jpeg = calloc(1, sizeof *jpeg);
  if (!jpeg) return vbc_fail(messages, VBC_NO_MEMORY, "out of memory");
  jpeg->messages = messages;
  VBCStatus status;
  if (setjmp(jpeg->failure)) {
    status = jpeg->status;
  } else {
    prepare(jpeg, bytes, count);
    status = read_header(jpeg, pixel_limit, header);
  }
  jpeg->messages = NULL;
  if (status != VBC_OK) {
    vbc_jpeg_close(jpeg);
    return status;
  }
  *result = jpeg;
  return VBC_OK;
}

/// Starts the decompressor at the first row; may jump to `jpeg->failure`.
static VBCStatus start(VBCJpeg *jpeg) {
  jpeg_start_decompress(&jpeg->decoder);
  jpeg->is_started = 1;
  if (jpeg->decoder.out_color_space != JCS_CMYK) return VBC_OK;
  jpeg->cmyk_row = malloc((size_t)jpeg->decoder.output_width * 4);
  return jpeg->cmyk_row ? VBC_OK : vbc_fail(jpeg->messages, VBC_NO_MEMORY, "out of memory");
}

static void convert_cmyk_row(const VBCJpeg *jpeg, uint8_t *rgb) {
  for (size_t x = 0; x < jpeg->decoder.output_width; ++x) {
    uint8_t *cmyk = jpeg->cmyk_row + 4 * x;
    for (int channel = 0; channel < 4; ++channel) cmyk[channel] = (uint8_t)~cmyk[channel];
    vbc_cmyk_to_rgb(cmyk, rgb + 3 * x);
  }
}

/// Reads rows; may jump to `jpeg->failure`.
static VBCStatus read_rows(VBCJpeg *jpeg, uint8_t *samples, size_t stride, uint32_t rows) {
  struct jpeg_decompress_struct *decoder = &jpeg->decoder;
  if (!jpeg->is_started) {
    VBCStatus status = start(jpeg);
    if (status != VBC_OK) return status;
  }
  if (rows > decoder->output_height - decoder->output_scanline)
    return vbc_fail(jpeg->messages, VBC_MALFORMED, "more rows asked for than there are");
  for (uint32_t row = 0; row < rows;) {
    JSAMPROW targets[8];
    uint32_t wanted = jpeg->cmyk_row ? 1 : rows - row < 8 ? rows - row : 8;
    for (uint32_t index = 0; index < wanted; ++index)
      targets[index] = jpeg->cmyk_row ? jpeg->cmyk_row : samples + (row + index) * stride;
    uint32_t done = jpeg_read_scanlines(decoder, targets, wanted);
    if (jpeg->cmyk_row && done == 1) convert_cmyk_row(jpeg, samples + row * stride);
    row += done;
  }
  return VBC_OK;
}

VBCStatus vbc_jpeg_read_rows(VBCJpeg *jpeg, uint8_t *samples, size_t stride, uint32_t rows,
                             VBCMessages *messages) {
  jpeg->messages = messages;
  if (setjmp(jpeg->failure)) {
    jpeg->messages = NULL;
    return jpeg->status;
  }
  VBCStatus status = read_rows(jpeg, samples, stride, rows);
  jpeg->messages = NULL;
  return status;
}

void vbc_jpeg_close(VBCJpeg *jpeg) {
  if (!jpeg) return;
  jpeg_destroy_decompress(&jpeg->decoder);
  free(jpeg->cmyk_row);
  free(jpeg);
}

const uint8_t *vbc_jpeg_exif(const VBCJpeg *jpeg, size_t *count) {
  for (jpeg_saved_marker_ptr marker = jpeg->decoder.marker_list; marker; marker = marker->next) {
    if (marker->data_length < EXIF_PREFIX || memcmp(marker->data, "Exif\0\0", EXIF_PREFIX) != 0)
      continue;
    *count = marker->data_length - EXIF_PREFIX;
    return marker->data + EXIF_PREFIX;
  }
  *count = 0;
  return NULL;
}
