// Softmax of rows.
#pragma once
#include "VBKVariants.h"

/// y = e^(factor·x − m) / Σ e^(factor·x − m), m the row's largest factor·x, for each of `rows` rows
/// of `columns` floats. `y` may be `x`.
typedef void (*VBKSoftmaxF32)(size_t rows, size_t columns, float factor, const float *x, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKSoftmaxF32Variant, VBKSoftmaxF32);
VBK_DECLARE_VARIANTS(vbk_softmax_f32, VBKSoftmaxF32Variant);
