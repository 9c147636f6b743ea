// The references: double throughout, read like the definitions.
#include <math.h>

#include "loss_f32.h"

// The largest of a row, and log Σ e^(x − largest).
static double log_of_sum(size_t columns, const float *x, double *largest) {
  double most = -INFINITY, sum = 0;
  for (size_t k = 0; k < columns; k++) most = x[k] > most || isnan(x[k]) ? x[k] : most;
  for (size_t k = 0; k < columns; k++) sum += exp(x[k] - most);
  *largest = most;
  return log(sum);
}

static double class_target(const VBKClassTargets *targets, size_t columns, size_t k,
                           int32_t class) {
  double weight = targets->weights ? targets->weights[k] : 1;
  double share = (double)targets->smoothing / (double)columns;
  return weight * (share + ((size_t) class == k ? 1 - (double)targets->smoothing : 0));
}

static double given_target(const float *targets, const float *weights, size_t k) {
  return weights ? (double)targets[k] * weights[k] : targets[k];
}

double vbk_cross_entropy_classes_f32__scalar(VBK_CROSS_ENTROPY_CLASSES_ARGUMENTS) {
  double loss = 0;
  for (size_t row = 0; row < rows; row++) {
    const float *in = x + row * columns;
    float *out = dx ? dx + row * columns : NULL;
    int32_t class = targets->classes[row];
    double most, total = 0, rest = log_of_sum(columns, in, &most);
    for (size_t k = 0; k < columns && class >= 0; k++) {
      double target = class_target(targets, columns, k, class);
      if (target != 0) loss += target * (rest + most - in[k]);
      total += target;
    }
    for (size_t k = 0; k < columns && out; k++) {
      double target = class >= 0 ? class_target(targets, columns, k, class) : 0;
      out[k] = class < 0 ? 0 : (float)(factor * (exp(in[k] - most - rest) * total - target));
    }
  }
  return loss;
}

double vbk_cross_entropy_targets_f32__scalar(VBK_CROSS_ENTROPY_TARGETS_ARGUMENTS) {
  double loss = 0;
  for (size_t row = 0; row < rows; row++) {
    const float *in = x + row * columns, *target = targets + row * columns;
    float *out = dx ? dx + row * columns : NULL;
    double most, total = 0, rest = log_of_sum(columns, in, &most);
    for (size_t k = 0; k < columns; k++) {
      loss += given_target(target, weights, k) * (rest + most - in[k]);
      total += given_target(target, weights, k);
    }
    for (size_t k = 0; k < columns && out; k++) {
      double share = exp(in[k] - most - rest);
      out[k] = (float)(factor * (share * total - given_target(target, weights, k)));
    }
  }
  return loss;
}

double vbk_binary_cross_entropy_f32__scalar(VBK_BINARY_CROSS_ENTROPY_ARGUMENTS) {
  double loss = 0;
  for (size_t i = 0; i < count; i++) {
    int isKept = !mask || mask[i] != 0;
    double logit = x[i], target = targets[i];
    double weight = weights ? 1 + ((double)weights[i] - 1) * target : 1;
    // −log σ(x) = log(1 + e^−x), without overflow.
    double softplus = log1p(exp(-fabs(logit))) + fmax(-logit, 0);
    if (isKept) loss += (1 - target) * logit + weight * softplus;
    double yes = 1 / (1 + exp(-logit)), no = 1 / (1 + exp(logit));
    double gradient = (1 - target) * yes - (weight - (1 - target)) * no;
    if (dx) dx[i] = isKept ? (float)(factor * gradient) : 0;
  }
  return loss;
}
