// The reference: double accumulators, reads like the formulas.
#include <math.h>

#include "attention_backward_f32.h"

static double dot(size_t count, const float *a, const float *b) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += (double)a[i] * b[i];
  return sum;
}

static void deliver(float *y, int adds, double x) { *y = (float)(adds ? *y + x : x); }

typedef struct Score {
  double weight, gradient;
} Score;

// P and dS / factor of query i and key j.
static Score score(const VBKAttentionShape *shape, float factor, const float *q, const float *k,
                   const float *v, const float *output, const float *logSums, const float *dOutput,
                   size_t i, size_t j) {
  const float *dy = dOutput + i * shape->outputStride;
  double product = dot(shape->headWidth, q + i * shape->queryStride, k + j * shape->keyStride);
  double p = exp(factor * product - logSums[i]);
  double dWeight = dot(shape->headWidth, dy, v + j * shape->valueStride);
  double mean = dot(shape->headWidth, dy, output + i * shape->outputStride);
  return (Score){p, p * (dWeight - mean)};
}

void vbk_attention_backward_f32__scalar(VBK_ATTENTION_BACKWARD_ARGUMENTS) {
  size_t queries = shape->queries, keys = shape->keys, width = shape->headWidth;
  for (size_t i = 0; i < queries && gradients->query; i++) {
    for (size_t j = 0; j < keys; j++)
      scratch[j] = (float)score(shape, factor, q, k, v, output, logSums, dOutput, i, j).gradient;
    for (size_t d = 0; d < width; d++) {
      double sum = 0;
      for (size_t j = 0; j < keys; j++) sum += (double)scratch[j] * k[j * shape->keyStride + d];
      deliver(gradients->query + i * shape->queryStride + d, gradients->addsToQuery, factor * sum);
    }
  }
  float *weights = scratch, *dScores = scratch + queries;
  for (size_t j = 0; j < keys; j++) {
    for (size_t i = 0; i < queries; i++) {
      Score both = score(shape, factor, q, k, v, output, logSums, dOutput, i, j);
      weights[i] = (float)both.weight;
      dScores[i] = (float)both.gradient;
    }
    for (size_t d = 0; d < width; d++) {
      double dKey = 0, dValue = 0;
      for (size_t i = 0; i < queries; i++) {
        dKey += (double)dScores[i] * q[i * shape->queryStride + d];
        dValue += (double)weights[i] * dOutput[i * shape->outputStride + d];
      }
      if (gradients->key)
        deliver(gradients->key + j * shape->keyStride + d, gradients->addsToKey, factor * dKey);
      if (gradients->value)
        deliver(gradients->value + j * shape->valueStride + d, gradients->addsToValue, dValue);
    }
  }
}
