#include "logistic_f32.h"

VBK_DEFINE_VARIANTS(vbk_logistic_softmax_f32, VBKLogisticF32Variant);
VBK_DEFINE_VARIANTS(vbk_logistic_sigmoid_f32, VBKLogisticF32Variant);
