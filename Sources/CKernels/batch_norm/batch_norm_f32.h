// The signatures that all variants share.
#pragma once
#include "VBKBatchNorm.h"

#define VBK_COLUMN_MOMENTS_ARGUMENTS \
  size_t rows, size_t columns, const float *x, float *center, float *sum, float *squares
#define VBK_NORMALIZE_COLUMNS_ARGUMENTS                                                \
  size_t rows, size_t columns, const float *x, const float *mean, const float *factor, \
      const float *shift, const float *residual, int relu, void *positive, float *y
#define VBK_COLUMN_GRADIENT_SUMS_ARGUMENTS                                            \
  size_t rows, size_t columns, const float *dy, const void *positive, const float *x, \
      const float *mean, float *sum, float *products
#define VBK_COLUMN_GRADIENT_ARGUMENTS                                                 \
  size_t rows, size_t columns, const float *dy, const void *positive, const float *x, \
      const float *mean, const float *factors, float *dx, float *passed

void vbk_column_moments_f32__scalar(VBK_COLUMN_MOMENTS_ARGUMENTS);
void vbk_column_moments_f32__avx2(VBK_COLUMN_MOMENTS_ARGUMENTS);
void vbk_column_moments_f32__avx512(VBK_COLUMN_MOMENTS_ARGUMENTS);
void vbk_normalize_columns_f32__scalar(VBK_NORMALIZE_COLUMNS_ARGUMENTS);
void vbk_normalize_columns_f32__avx2(VBK_NORMALIZE_COLUMNS_ARGUMENTS);
void vbk_normalize_columns_f32__avx512(VBK_NORMALIZE_COLUMNS_ARGUMENTS);
void vbk_column_gradient_sums_f32__scalar(VBK_COLUMN_GRADIENT_SUMS_ARGUMENTS);
void vbk_column_gradient_sums_f32__avx2(VBK_COLUMN_GRADIENT_SUMS_ARGUMENTS);
void vbk_column_gradient_sums_f32__avx512(VBK_COLUMN_GRADIENT_SUMS_ARGUMENTS);
void vbk_column_gradient_f32__scalar(VBK_COLUMN_GRADIENT_ARGUMENTS);
void vbk_column_gradient_f32__avx2(VBK_COLUMN_GRADIENT_ARGUMENTS);
void vbk_column_gradient_f32__avx512(VBK_COLUMN_GRADIENT_ARGUMENTS);
