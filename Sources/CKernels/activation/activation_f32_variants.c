#include "activation_f32.h"

VBK_DEFINE_VARIANTS(vbk_gelu_f32, VBKUnaryF32Variant);
VBK_DEFINE_VARIANTS(vbk_quick_gelu_f32, VBKUnaryF32Variant);
VBK_DEFINE_VARIANTS(vbk_relu_f32, VBKUnaryF32Variant);
