// The reference: one row at a time, reads like the formula.
#include <math.h>

#include "logistic_f32.h"

static double score(const VBKLogisticPass *pass, size_t row, size_t output) {
  const float *x = pass->x + row * pass->features;
  const double *w = pass->w + output * (pass->features + 1);
  double sum = w[pass->features];
  for (size_t j = 0; j < pass->features; j++) sum += w[j] * (double)x[j];
  return sum;
}

static void add_outer_product(const VBKLogisticPass *pass, size_t row, size_t output,
                              double residual) {
  const float *x = pass->x + row * pass->features;
  double *gradient = pass->gradient + output * (pass->features + 1);
  for (size_t j = 0; j < pass->features; j++) gradient[j] += residual * (double)x[j];
  gradient[pass->features] += residual;
}

void vbk_logistic_softmax_f32__scalar(const VBKLogisticPass *pass) {
  for (size_t row = 0; row < pass->rows; row++) {
    const uint8_t *target = pass->targets + row * pass->outputs;
    double largest = -INFINITY, sum = 0, target_score = 0, weight = 0;
    for (size_t k = 0; k < pass->outputs; k++) {
      pass->scratch[k] = score(pass, row, k);
      largest = fmax(largest, pass->scratch[k]);
      if (!target[k]) continue;
      target_score = pass->scratch[k];
      weight = pass->row_weights[row] * pass->output_weights[2 * k + 1];
    }
    for (size_t k = 0; k < pass->outputs; k++) sum += exp(pass->scratch[k] - largest);
    *pass->loss += weight * (log(sum) + largest - target_score);
    for (size_t k = 0; k < pass->outputs; k++) {
      double p = exp(pass->scratch[k] - largest) / sum;
      *pass->curvature += weight * p * (1 - p);
      add_outer_product(pass, row, k, weight * (p - target[k]));
    }
  }
}

void vbk_logistic_sigmoid_f32__scalar(const VBKLogisticPass *pass) {
  for (size_t row = 0; row < pass->rows; row++) {
    for (size_t k = 0; k < pass->outputs; k++) {
      int target = pass->targets[row * pass->outputs + k];
      double weight = pass->row_weights[row] * pass->output_weights[2 * k + (target ? 1 : 0)];
      double z = score(pass, row, k), e = exp(-fabs(z));
      double p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      pass->loss[k] += weight * (log1p(e) + fmax(z, 0) - (target ? z : 0));
      pass->curvature[k] += weight * p * (1 - p);
      add_outer_product(pass, row, k, weight * (p - target));
    }
  }
}
