// Sums, multiples and the search for numbers that aren't finite.
#pragma once
#include "VBKVariants.h"

/// The index of the first NaN or infinity of `count` floats; `count` when all are finite.
typedef size_t (*VBKFirstNonFiniteF32)(size_t count, const float *x);
VBK_DECLARE_VARIANT_TYPE(VBKFirstNonFiniteF32Variant, VBKFirstNonFiniteF32);
VBK_DECLARE_VARIANTS(vbk_first_non_finite_f32, VBKFirstNonFiniteF32Variant);

/// Σ x of `count` floats, in double.
typedef double (*VBKSumF32)(size_t count, const float *x);
VBK_DECLARE_VARIANT_TYPE(VBKSumF32Variant, VBKSumF32);
VBK_DECLARE_VARIANTS(vbk_sum_f32, VBKSumF32Variant);

/// y = factor·x for `count` floats; y += factor·x where `adds` isn't 0. `y` may be `x`.
typedef void (*VBKScaledF32)(size_t count, float factor, const float *x, int adds, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKScaledF32Variant, VBKScaledF32);
VBK_DECLARE_VARIANTS(vbk_scaled_f32, VBKScaledF32Variant);

/// y = x·factors for each of `rows` rows of `columns` floats; y += x·factors where `adds` isn't 0.
/// `y` may be `x`.
typedef void (*VBKMultiplyRowF32)(size_t rows, size_t columns, const float *x, const float *factors,
                                  int adds, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKMultiplyRowF32Variant, VBKMultiplyRowF32);
VBK_DECLARE_VARIANTS(vbk_multiply_row_f32, VBKMultiplyRowF32Variant);
