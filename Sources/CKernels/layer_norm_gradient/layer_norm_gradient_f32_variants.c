#include "layer_norm_gradient_f32.h"

VBK_DEFINE_VARIANTS(vbk_layer_norm_gradient_f32, VBKLayerNormGradientF32Variant);
