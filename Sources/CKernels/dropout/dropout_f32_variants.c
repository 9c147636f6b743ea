#include "dropout_f32.h"

VBK_DEFINE_VARIANTS(vbk_dropout_f32, VBKDropoutF32Variant);
