// Gradients of softmax and of rows brought to length 1.
#pragma once
#include "VBKVariants.h"

/// Of y = softmax(factor·x): dx = factor·y·(dy − Σ y·dy) for each of `rows` rows of `columns`
/// floats, the sum over the row; dx += that where `adds` isn't 0. `dx` may be `dy`.
typedef void (*VBKSoftmaxGradientF32)(size_t rows, size_t columns, float factor, const float *y,
                                      const float *dy, int adds, float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKSoftmaxGradientF32Variant, VBKSoftmaxGradientF32);
VBK_DECLARE_VARIANTS(vbk_softmax_gradient_f32, VBKSoftmaxGradientF32Variant);

/// Of y = x / ‖x‖₂: dx = (dy − y·Σ y·dy) / ‖x‖₂ for each of `rows` rows of `columns` floats, the
/// sum over the row; dx = dy / 1e-12 where the length is less than that; dx += instead of dx =
/// where `adds` isn't 0. `dx` may be `dy`.
typedef void (*VBKNormalizeGradientF32)(size_t rows, size_t columns, const float *x,
                                        const float *dy, int adds, float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKNormalizeGradientF32Variant, VBKNormalizeGradientF32);
VBK_DECLARE_VARIANTS(vbk_normalize_gradient_f32, VBKNormalizeGradientF32Variant);
