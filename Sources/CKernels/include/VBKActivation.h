// Activations, element by element.
#pragma once
#include "VBKVariants.h"

/// y = f(x) for `count` floats. `y` may be `x`.
typedef void (*VBKUnaryF32)(size_t count, const float *x, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKUnaryF32Variant, VBKUnaryF32);

/// GELU, x·Φ(x) with Φ by erf (Hendrycks and Gimpel 2016).
VBK_DECLARE_VARIANTS(vbk_gelu_f32, VBKUnaryF32Variant);
/// QuickGELU, x·sigmoid(1.702·x) (Hendrycks and Gimpel 2016, section 2), CLIP's activation.
VBK_DECLARE_VARIANTS(vbk_quick_gelu_f32, VBKUnaryF32Variant);
/// ReLU, max(x, 0); NaN stays NaN.
VBK_DECLARE_VARIANTS(vbk_relu_f32, VBKUnaryF32Variant);
