// The reference: double accumulators, reads like the formulas.
#include <math.h>

#include "layer_norm_gradient_f32.h"

void vbk_layer_norm_gradient_f32__scalar(VBK_LAYER_NORM_GRADIENT_ARGUMENTS) {
  double count = (double)columns;
  for (size_t row = 0; row < rows; row++) {
    const float *in = x + row * columns, *from = dy + row * columns;
    double mean = 0, variance = 0, meanG = 0, meanGX = 0;
    for (size_t i = 0; i < columns; i++) mean += in[i] / count;
    for (size_t i = 0; i < columns; i++) variance += (in[i] - mean) * (in[i] - mean) / count;
    double inverse = 1 / sqrt(variance + (double)epsilon);
    for (size_t i = 0; i < columns; i++) {
      double g = (double)from[i] * scale[i];
      meanG += g / count;
      meanGX += g * (in[i] - mean) * inverse / count;
    }
    for (size_t i = 0; i < columns; i++) {
      double normal = (in[i] - mean) * inverse, g = (double)from[i] * scale[i];
      if (dScale) dScale[i] = (float)(dScale[i] + from[i] * normal);
      if (dShift) dShift[i] = (float)((double)dShift[i] + from[i]);
      if (!dx) continue;
      double d = inverse * (g - meanG - normal * meanGX);
      float *to = dx + row * columns + i;
      *to = (float)(adds ? *to + d : d);
    }
  }
}
