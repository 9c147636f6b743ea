// Sums and row scalings.
#pragma once
#include "VBKVariants.h"

/// y = a + b for `count` floats. `y` may be `a` or `b`.
typedef void (*VBKAddF32)(size_t count, const float *a, const float *b, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKAddF32Variant, VBKAddF32);
VBK_DECLARE_VARIANTS(vbk_add_f32, VBKAddF32Variant);

/// y[r] = x[r] + bias for each of `rows` rows of `columns` floats. `y` may be `x`.
typedef void (*VBKAddRowF32)(size_t rows, size_t columns, const float *x, const float *bias,
                             float *y);
VBK_DECLARE_VARIANT_TYPE(VBKAddRowF32Variant, VBKAddRowF32);
VBK_DECLARE_VARIANTS(vbk_add_row_f32, VBKAddRowF32Variant);

/// y[r] = x[r] / max(‖x[r]‖₂, 1e-12) for each of `rows` rows of `columns` floats; a NaN makes its
/// row NaN. The sum of a row's squares is a float: magnitudes stay below 1e18. `y` may be `x`.
typedef void (*VBKNormalizeF32)(size_t rows, size_t columns, const float *x, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKNormalizeF32Variant, VBKNormalizeF32);
VBK_DECLARE_VARIANTS(vbk_normalize_f32, VBKNormalizeF32Variant);
