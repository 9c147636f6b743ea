#include "softmax_f32.h"

VBK_DEFINE_VARIANTS(vbk_softmax_f32, VBKSoftmaxF32Variant);
