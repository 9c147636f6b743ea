// Resampling of 8-bit images by two passes, horizontal then vertical, as Pillow does it: weights
// are integers of 22 fractional bits, each pass rounds to 8 bits. All variants give the same bits.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

enum {
  VBK_RESIZE_FRACTION_BITS = 22,  // of a weight
  VBK_RESIZE_LOW_BITS = 15,       // of its low half
  VBK_RESIZE_TAP_BLOCK = 8,       // taps per output are padded with zeros to a multiple of this
};

/// One axis of a resampling. Output i is the sum over t < counts[i] of input starts[i] + t times
/// its weight w = high[i · tap_stride + t] · 2^15 + low[i · tap_stride + t], 0 ≤ low < 2^15.
/// Weights from counts[i] to tap_stride are 0.
typedef struct VBKResizeAxis {
  size_t outputs;
  size_t tap_stride;      // a multiple of VBK_RESIZE_TAP_BLOCK
  const int32_t *starts;  // outputs; 0 ≤ starts[i], starts[i] + counts[i] ≤ inputs
  const int32_t *counts;  // outputs; 1 ≤ counts[i] ≤ tap_stride
  const int16_t *high;    // outputs × tap_stride
  const int16_t *low;     // outputs × tap_stride
} VBKResizeAxis;

/// The horizontal pass over rows of `width` interleaved RGB pixels: rows × width × 3 bytes to rows
/// × axis.outputs × 3. Rows lie `input_stride` and `output_stride` bytes apart; `output` does not
/// overlap `input`.
typedef void (*VBKResizeRowsRGB8)(const VBKResizeAxis *axis, size_t rows, size_t width,
                                  const uint8_t *input, size_t input_stride, uint8_t *output,
                                  size_t output_stride);
VBK_DECLARE_VARIANT_TYPE(VBKResizeRowsRGB8Variant, VBKResizeRowsRGB8);
VBK_DECLARE_VARIANTS(vbk_resize_rows_rgb8, VBKResizeRowsRGB8Variant);

/// The vertical pass of one output row: `columns` bytes, each the weighted sum of `taps` bytes
/// below each other. `input` is the first tap's row, rows lie `stride` bytes apart; `high` and
/// `low` hold the taps' weights and, where `taps` is odd, one 0 more. `output` does not overlap
/// `input`.
typedef void (*VBKResizeColumnsU8)(size_t taps, const int16_t *high, const int16_t *low,
                                   size_t columns, const uint8_t *input, size_t stride,
                                   uint8_t *output);
VBK_DECLARE_VARIANT_TYPE(VBKResizeColumnsU8Variant, VBKResizeColumnsU8);
VBK_DECLARE_VARIANTS(vbk_resize_columns_u8, VBKResizeColumnsU8Variant);
