// The references: double accumulators, read like the formulas.
#include <stdint.h>
#include <string.h>

#include "batch_norm_f32.h"

void vbk_column_moments_f32__scalar(VBK_COLUMN_MOMENTS_ARGUMENTS) {
  for (size_t c = 0; c < columns; c++) {
    double total = 0, deviations = 0, square = 0;
    for (size_t row = 0; row < rows; row++) total += x[row * columns + c];
    center[c] = (float)(total / (double)rows);
    for (size_t row = 0; row < rows; row++) {
      double deviation = (double)x[row * columns + c] - center[c];
      deviations += deviation;
      square += deviation * deviation;
    }
    sum[c] = (float)deviations;
    squares[c] = (float)square;
  }
}

static int has_passed(const uint8_t *bits, size_t row, size_t columns, size_t c) {
  return !bits || (bits[row * VBK_BIT_ROW(columns) + c / 8] >> c % 8 & 1);
}

void vbk_normalize_columns_f32__scalar(VBK_NORMALIZE_COLUMNS_ARGUMENTS) {
  uint8_t *bits = positive;
  if (relu && bits) memset(bits, 0, rows * VBK_BIT_ROW(columns));
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) {
      size_t i = row * columns + c;
      double out = ((double)x[i] - mean[c]) * factor[c] + shift[c];
      float rounded = (float)(residual ? out + residual[i] : out);
      int passes = !(rounded <= 0);
      if (relu && bits) bits[row * VBK_BIT_ROW(columns) + c / 8] |= (uint8_t)(passes << c % 8);
      y[i] = relu && !passes ? 0 : rounded;
    }
}

void vbk_column_gradient_sums_f32__scalar(VBK_COLUMN_GRADIENT_SUMS_ARGUMENTS) {
  for (size_t c = 0; c < columns; c++) {
    double total = 0, product = 0;
    for (size_t row = 0; row < rows; row++) {
      size_t i = row * columns + c;
      double gradient = has_passed(positive, row, columns, c) ? dy[i] : 0;
      total += gradient;
      product += gradient * ((double)x[i] - mean[c]);
    }
    sum[c] = (float)total;
    products[c] = (float)product;
  }
}

void vbk_column_gradient_f32__scalar(VBK_COLUMN_GRADIENT_ARGUMENTS) {
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) {
      size_t i = row * columns + c;
      float gradient = has_passed(positive, row, columns, c) ? dy[i] : 0;
      double out = (double)gradient * factors[c];
      if (x) out += ((double)x[i] - mean[c]) * factors[columns + c] + factors[2 * columns + c];
      if (dx) dx[i] = (float)out;
      if (passed) passed[i] = gradient;
    }
}
