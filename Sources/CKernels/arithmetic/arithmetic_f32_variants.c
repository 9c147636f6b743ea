#include "arithmetic_f32.h"

VBK_DEFINE_VARIANTS(vbk_first_non_finite_f32, VBKFirstNonFiniteF32Variant);
VBK_DEFINE_VARIANTS(vbk_sum_f32, VBKSumF32Variant);
VBK_DEFINE_VARIANTS(vbk_scaled_f32, VBKScaledF32Variant);
VBK_DEFINE_VARIANTS(vbk_multiply_row_f32, VBKMultiplyRowF32Variant);
