#include "row_sums_f32.h"

VBK_DEFINE_VARIANTS(vbk_sum_rows_f32, VBKSumRowsF32Variant);
VBK_DEFINE_VARIANTS(vbk_sum_products_f32, VBKSumProductsF32Variant);
