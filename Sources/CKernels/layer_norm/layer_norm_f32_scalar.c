// The reference: double accumulators, reads like the formula.
#include <math.h>

#include "layer_norm_f32.h"

void vbk_layer_norm_f32__scalar(VBK_LAYER_NORM_ARGUMENTS) {
  for (size_t row = 0; row < rows; row++) {
    const float *in = x + row * columns;
    float *out = y + row * columns;
    double mean = 0, variance = 0;
    for (size_t i = 0; i < columns; i++) mean += in[i];
    mean /= (double)columns;
    for (size_t i = 0; i < columns; i++) variance += (in[i] - mean) * (in[i] - mean);
    double inverse = 1 / sqrt(variance / (double)columns + (double)epsilon);
    for (size_t i = 0; i < columns; i++)
      out[i] = (float)((in[i] - mean) * inverse * scale[i] + shift[i]);
  }
}
