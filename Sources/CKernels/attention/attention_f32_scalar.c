// The reference: double accumulators, reads like the formula.
#include <math.h>

#include "attention_f32.h"

void vbk_attention_f32__scalar(VBK_ATTENTION_ARGUMENTS) {
  for (size_t i = 0; i < shape->queries; i++) {
    double largest = -INFINITY, sum = 0;
    for (size_t j = 0; j < shape->keys; j++) {
      double product = 0;
      for (size_t d = 0; d < shape->headWidth; d++)
        product += (double)q[i * shape->queryStride + d] * k[j * shape->keyStride + d];
      scratch[j] = (float)(factor * product);
      largest = fmax(largest, scratch[j]);
    }
    for (size_t j = 0; j < shape->keys; j++) sum += exp(scratch[j] - largest);
    if (logSums) logSums[i] = (float)(largest + log(sum));
    for (size_t d = 0; d < shape->headWidth; d++) {
      double mean = 0;
      for (size_t j = 0; j < shape->keys; j++)
        mean += exp(scratch[j] - largest) / sum * v[j * shape->valueStride + d];
      output[i * shape->outputStride + d] = (float)mean;
    }
  }
}
