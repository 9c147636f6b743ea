// Sums of rows, as gradients of what a model broadcasts or looks up.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// y[c] = Σᵢ weights[i]·x[rows[i]·stride + c] over `count` rows, for each of `columns` columns,
/// summed in double in the order of i; y[c] += that where `adds` isn't 0. `rows` may be NULL for 0,
/// 1, …, and `weights` for 1. No aliasing.
typedef void (*VBKSumRowsF32)(size_t count, size_t columns, size_t stride, const int32_t *rows,
                              const double *weights, const float *x, int adds, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKSumRowsF32Variant, VBKSumRowsF32);
VBK_DECLARE_VARIANTS(vbk_sum_rows_f32, VBKSumRowsF32Variant);

/// y[c] = Σᵢ a[i·stride + c]·b[i·stride + c] over `count` rows, for each of `columns` columns, in
/// double in the order of i; y[c] += that where `adds` isn't 0. No aliasing.
typedef void (*VBKSumProductsF32)(size_t count, size_t columns, size_t stride, const float *a,
                                  const float *b, int adds, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKSumProductsF32Variant, VBKSumProductsF32);
VBK_DECLARE_VARIANTS(vbk_sum_products_f32, VBKSumProductsF32Variant);
