// The reference: double accumulators, reads like the formula.
#include "product_f32.h"

void vbk_product_f32__scalar(VBK_PRODUCT_ARGUMENTS) {
  (void)scratch;
  for (size_t row = 0; row < shape->rows; row++)
    for (size_t column = 0; column < shape->columns; column++) {
      double sum = bias ? bias[column] : 0;
      if (addend) sum += addend[row * shape->addendRowStride + column];
      for (size_t k = 0; k < shape->depth; k++)
        sum += (double)a[row * shape->aRowStride + k * shape->aDepthStride] *
               b[k * shape->bDepthStride + column * shape->bColumnStride];
      c[row * shape->cRowStride + column] = (float)sum;
    }
}
