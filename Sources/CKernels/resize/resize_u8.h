// The signatures that all variants share.
#pragma once
#include "VBKResize.h"

#define VBK_RESIZE_ROWS_ARGUMENTS                                                                  \
  const VBKResizeAxis *axis, size_t rows, size_t width, const uint8_t *input, size_t input_stride, \
      uint8_t *output, size_t output_stride
#define VBK_RESIZE_COLUMNS_ARGUMENTS                                                          \
  size_t taps, const int16_t *high, const int16_t *low, size_t columns, const uint8_t *input, \
      size_t stride, uint8_t *output

void vbk_resize_rows_rgb8__scalar(VBK_RESIZE_ROWS_ARGUMENTS);
void vbk_resize_rows_rgb8__avx2(VBK_RESIZE_ROWS_ARGUMENTS);
void vbk_resize_rows_rgb8__avx512(VBK_RESIZE_ROWS_ARGUMENTS);

void vbk_resize_columns_u8__scalar(VBK_RESIZE_COLUMNS_ARGUMENTS);
void vbk_resize_columns_u8__avx2(VBK_RESIZE_COLUMNS_ARGUMENTS);
void vbk_resize_columns_u8__avx512(VBK_RESIZE_COLUMNS_ARGUMENTS);
