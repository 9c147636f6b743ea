// The reference: double accumulators, reads like the formula.
#include <math.h>

#include "softmax_f32.h"

void vbk_softmax_f32__scalar(VBK_SOFTMAX_ARGUMENTS) {
  for (size_t row = 0; row < rows; row++) {
    const float *in = x + row * columns;
    float *out = y + row * columns;
    double largest = -INFINITY, sum = 0;
    for (size_t i = 0; i < columns; i++) largest = fmax(largest, (double)factor * in[i]);
    for (size_t i = 0; i < columns; i++) sum += exp((double)factor * in[i] - largest);
    for (size_t i = 0; i < columns; i++)
      out[i] = (float)(exp((double)factor * in[i] - largest) / sum);
  }
}
