#include "product_f32.h"

size_t vbk_product_f32_scratch(void) {
  return (size_t)PRODUCT_DEPTH * PRODUCT_COLUMNS + (size_t)PRODUCT_TILE * PRODUCT_TILES * 2;
}

VBK_DEFINE_VARIANTS(vbk_product_f32, VBKProductF32Variant);
