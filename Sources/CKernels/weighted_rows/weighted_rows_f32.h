// The signature that all variants share.
#pragma once
#include "VBKWeightedRows.h"

#define VBK_WEIGHTED_ROWS_ARGUMENTS                                                             \
  const VBKRowTaps *taps, size_t first, size_t count, size_t columns, const float *x, int adds, \
      float *y

void vbk_weighted_rows_f32__scalar(VBK_WEIGHTED_ROWS_ARGUMENTS);
void vbk_weighted_rows_f32__avx2(VBK_WEIGHTED_ROWS_ARGUMENTS);
void vbk_weighted_rows_f32__avx512(VBK_WEIGHTED_ROWS_ARGUMENTS);
