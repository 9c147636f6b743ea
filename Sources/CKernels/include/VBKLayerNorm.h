// Layer normalisation of rows.
#pragma once
#include "VBKVariants.h"

/// y = (x − mean) / √(variance + epsilon) · scale + shift for each of `rows` rows of `columns`
/// floats; the variance is the mean squared deviation (Ba, Kiros, Hinton 2016, eq. 3). `y` may be
/// `x`.
typedef void (*VBKLayerNormF32)(size_t rows, size_t columns, const float *x, const float *scale,
                                const float *shift, float epsilon, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKLayerNormF32Variant, VBKLayerNormF32);
VBK_DECLARE_VARIANTS(vbk_layer_norm_f32, VBKLayerNormF32Variant);
