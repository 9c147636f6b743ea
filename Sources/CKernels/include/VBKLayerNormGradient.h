// Gradients of layer normalisation.
#pragma once
#include "VBKVariants.h"

/// Of y = x̂·scale + shift with x̂ = (x − mean) / √(variance + epsilon), for each of `rows` rows of
/// `columns` floats, with g = dy·scale:
///     dx = (g − mean of g − x̂·mean of g·x̂) / √(variance + epsilon), added to where `adds` isn't 0;
///     dScale += dy·x̂, dShift += dy, summed over the rows.
/// `dx` may be NULL, or `dy` itself; `dScale` and `dShift` may be NULL together.
typedef void (*VBKLayerNormGradientF32)(size_t rows, size_t columns, const float *x,
                                        const float *scale, float epsilon, const float *dy,
                                        int adds, float *dx, float *dScale, float *dShift);
VBK_DECLARE_VARIANT_TYPE(VBKLayerNormGradientF32Variant, VBKLayerNormGradientF32);
VBK_DECLARE_VARIANTS(vbk_layer_norm_gradient_f32, VBKLayerNormGradientF32Variant);
