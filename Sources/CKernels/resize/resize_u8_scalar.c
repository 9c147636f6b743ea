// The reference: one sum per output byte, in 32-bit integers. Sums of |weight| of a normalised
// filter stay below 2, so that 255 · 2 · 2^22 fits.
#include "resize_u8.h"

static uint8_t rounded(int32_t sum) {
  int32_t value = (sum + (1 << (VBK_RESIZE_FRACTION_BITS - 1))) >> VBK_RESIZE_FRACTION_BITS;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static int32_t weight(int16_t high, int16_t low) { return high * (1 << VBK_RESIZE_LOW_BITS) + low; }

void vbk_resize_rows_rgb8__scalar(VBK_RESIZE_ROWS_ARGUMENTS) {
  (void)width;
  for (size_t row = 0; row < rows; row++) {
    for (size_t x = 0; x < axis->outputs; x++) {
      const uint8_t *in = input + row * input_stride + 3 * (size_t)axis->starts[x];
      const int16_t *high = axis->high + x * axis->tap_stride;
      const int16_t *low = axis->low + x * axis->tap_stride;
      for (size_t channel = 0; channel < 3; channel++) {
        int32_t sum = 0;
        for (size_t tap = 0; tap < (size_t)axis->counts[x]; tap++)
          sum += in[3 * tap + channel] * weight(high[tap], low[tap]);
        output[row * output_stride + 3 * x + channel] = rounded(sum);
      }
    }
  }
}

void vbk_resize_columns_u8__scalar(VBK_RESIZE_COLUMNS_ARGUMENTS) {
  for (size_t column = 0; column < columns; column++) {
    int32_t sum = 0;
    for (size_t tap = 0; tap < taps; tap++)
      sum += input[tap * stride + column] * weight(high[tap], low[tap]);
    output[column] = rounded(sum);
  }
}
