#include "layer_norm_f32.h"

VBK_DEFINE_VARIANTS(vbk_layer_norm_f32, VBKLayerNormF32Variant);
