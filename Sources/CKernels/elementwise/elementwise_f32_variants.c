#include "elementwise_f32.h"

VBK_DEFINE_VARIANTS(vbk_add_f32, VBKAddF32Variant);
VBK_DEFINE_VARIANTS(vbk_add_row_f32, VBKAddRowF32Variant);
VBK_DEFINE_VARIANTS(vbk_normalize_f32, VBKNormalizeF32Variant);
