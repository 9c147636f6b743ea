// Gradients of activations, element by element.
#pragma once
#include "VBKActivation.h"

/// dx = dy·f'(x) for `count` floats; dx += that where `adds` isn't 0. `dx` may be `dy`. What `x`
/// holds says each kernel.
typedef void (*VBKUnaryGradientF32)(size_t count, const float *x, const float *dy, int adds,
                                    float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKUnaryGradientF32Variant, VBKUnaryGradientF32);

/// GELU, of its input: Φ(x) + x·φ(x), Φ and φ the normal distribution's function and density.
VBK_DECLARE_VARIANTS(vbk_gelu_gradient_f32, VBKUnaryGradientF32Variant);
/// QuickGELU, of its input: s + 1.702·x·s·(1 − s) with s = sigmoid(1.702·x).
VBK_DECLARE_VARIANTS(vbk_quick_gelu_gradient_f32, VBKUnaryGradientF32Variant);
/// ReLU, of its input: 0 where x ≤ 0, else 1; NaN counts as above 0.
VBK_DECLARE_VARIANTS(vbk_relu_gradient_f32, VBKUnaryGradientF32Variant);
/// Sigmoid, of its output y, which `x` holds: y·(1 − y).
VBK_DECLARE_VARIANTS(vbk_sigmoid_gradient_f32, VBKUnaryGradientF32Variant);
/// Sigmoid itself, 1 / (1 + e^−x).
VBK_DECLARE_VARIANTS(vbk_sigmoid_f32, VBKUnaryF32Variant);
