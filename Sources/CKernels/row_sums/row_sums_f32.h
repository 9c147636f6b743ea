// The signatures that all variants share.
#pragma once
#include "VBKRowSums.h"

#define VBK_SUM_ROWS_ARGUMENTS                                                             \
  size_t count, size_t columns, size_t stride, const int32_t *rows, const double *weights, \
      const float *x, int adds, float *y
#define VBK_SUM_PRODUCTS_ARGUMENTS \
  size_t count, size_t columns, size_t stride, const float *a, const float *b, int adds, float *y

void vbk_sum_rows_f32__scalar(VBK_SUM_ROWS_ARGUMENTS);
void vbk_sum_rows_f32__avx2(VBK_SUM_ROWS_ARGUMENTS);
void vbk_sum_rows_f32__avx512(VBK_SUM_ROWS_ARGUMENTS);
void vbk_sum_products_f32__scalar(VBK_SUM_PRODUCTS_ARGUMENTS);
void vbk_sum_products_f32__avx2(VBK_SUM_PRODUCTS_ARGUMENTS);
void vbk_sum_products_f32__avx512(VBK_SUM_PRODUCTS_ARGUMENTS);
