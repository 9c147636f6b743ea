// The references: double throughout, read like the definitions.
#include <math.h>
#include <string.h>

#include "mask_loss_f32.h"

static double weight_of(const float *weights, size_t k) { return weights ? weights[k] : 1; }

static void add_to_class(double *sums, size_t k, double p, double t) {
  sums[2 + 3 * k] += p * t;
  sums[3 + 3 * k] += p;
  sums[4 + 3 * k] += t;
}

static void put(float *dx, int adds, double gradient) {
  *dx = (float)(adds ? *dx + gradient : gradient);
}

void vbk_mask_sums_sigmoid_f32__scalar(VBK_MASK_SUMS_ARGUMENTS) {
  memset(sums, 0, (2 + 3 * classes) * sizeof *sums);
  for (size_t i = 0; i < pixels * classes; i++) {
    if (targets[i] == VBK_MASK_IGNORED) continue;
    double logit = x[i], target = targets[i];
    // −log(1 − σ(x)) without overflow; −log σ(x) is that minus x.
    double softplus = log1p(exp(-fabs(logit))) + fmax(logit, 0);
    double weight = weight_of(weights, i % classes);
    sums[0] += target != 0 ? weight * target * (softplus - logit) : softplus;
    sums[1] += 1;
    add_to_class(sums, i % classes, 1 / (1 + exp(-logit)), target);
  }
}

void vbk_mask_gradient_sigmoid_f32__scalar(VBK_MASK_GRADIENT_ARGUMENTS) {
  for (size_t i = 0; i < pixels * classes; i++) {
    size_t k = i % classes;
    double gradient = 0;
    if (targets[i] != VBK_MASK_IGNORED) {
      double yes = 1 / (1 + exp(-(double)x[i])), no = 1 / (1 + exp((double)x[i]));
      double target = targets[i], weight = weight_of(slopes->weights, k);
      gradient = slopes->factor * ((1 - target) * yes - weight * target * no) +
                 ((double)slopes->overlap[k] * target + slopes->share[k]) * yes * no;
    }
    put(dx + i, adds, gradient);
  }
}

// p = softmax(x); returns −log p of the class `chosen`.
static double softmax(size_t classes, const float *x, size_t chosen, double *p) {
  double most = -INFINITY, sum = 0;
  for (size_t k = 0; k < classes; k++) most = x[k] > most || isnan(x[k]) ? x[k] : most;
  for (size_t k = 0; k < classes; k++) sum += p[k] = exp(x[k] - most);
  for (size_t k = 0; k < classes; k++) p[k] /= sum;
  return log(sum) + most - x[chosen];
}

void vbk_mask_sums_softmax_f32__scalar(VBK_MASK_SUMS_ARGUMENTS) {
  double p[VBK_MASK_CLASSES];
  memset(sums, 0, (2 + 3 * classes) * sizeof *sums);
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    size_t chosen = targets[pixel];
    if (chosen == VBK_MASK_IGNORED) continue;
    double weight = weight_of(weights, chosen);
    sums[0] += weight * softmax(classes, x + pixel * classes, chosen, p);
    sums[1] += weight;
    for (size_t k = 0; k < classes; k++) add_to_class(sums, k, p[k], k == chosen);
  }
}

void vbk_mask_gradient_softmax_f32__scalar(VBK_MASK_GRADIENT_ARGUMENTS) {
  double p[VBK_MASK_CLASSES];
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    size_t chosen = targets[pixel];
    float *out = dx + pixel * classes;
    if (chosen == VBK_MASK_IGNORED) {
      for (size_t k = 0; k < classes; k++) put(out + k, adds, 0);
      continue;
    }
    softmax(classes, x + pixel * classes, chosen, p);
    double mean = slopes->overlap[chosen] * p[chosen];
    for (size_t k = 0; k < classes; k++) mean += slopes->share[k] * p[k];
    double factor = slopes->factor * weight_of(slopes->weights, chosen);
    for (size_t k = 0; k < classes; k++) {
      double target = k == chosen, slope = slopes->overlap[k] * target + slopes->share[k];
      put(out + k, adds, factor * (p[k] - target) + p[k] * (slope - mean));
    }
  }
}
