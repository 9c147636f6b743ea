// The references: double accumulators, read like the formulas.
#include <math.h>

#include "row_gradient_f32.h"

void vbk_softmax_gradient_f32__scalar(VBK_SOFTMAX_GRADIENT_ARGUMENTS) {
  for (size_t row = 0; row < rows; row++) {
    const float *share = y + row * columns, *from = dy + row * columns;
    float *to = dx + row * columns;
    double mean = 0;
    for (size_t i = 0; i < columns; i++) mean += (double)share[i] * from[i];
    for (size_t i = 0; i < columns; i++)
      to[i] = (float)((double)factor * share[i] * (from[i] - mean) + (adds ? to[i] : 0.0));
  }
}

void vbk_normalize_gradient_f32__scalar(VBK_NORMALIZE_GRADIENT_ARGUMENTS) {
  for (size_t row = 0; row < rows; row++) {
    const float *in = x + row * columns, *from = dy + row * columns;
    float *to = dx + row * columns;
    double squares = 0, product = 0;
    for (size_t i = 0; i < columns; i++) {
      squares += (double)in[i] * in[i];
      product += (double)in[i] * from[i];
    }
    double norm = sqrt(squares);
    int isShort = norm < 1e-12;
    if (isShort) norm = 1e-12;
    for (size_t i = 0; i < columns; i++) {
      double along = isShort ? 0 : in[i] / norm * (product / norm);
      to[i] = (float)((from[i] - along) / norm + (adds ? to[i] : 0.0));
    }
  }
}
