#include "weighted_rows_f32.h"

VBK_DEFINE_VARIANTS(vbk_weighted_rows_f32, VBKWeightedRowsF32Variant);
