#include "pooling_f32.h"

VBK_DEFINE_VARIANTS(vbk_average_pool_f32, VBKPoolF32Variant);
VBK_DEFINE_VARIANTS(vbk_max_pool_f32, VBKPoolF32Variant);
