// Loss and gradient of linear classifiers: softmax regression and independent sigmoids.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// How many rows one tile holds: scores are made, turned into residuals and multiplied back into
/// the gradient while a tile's features are in the second-level cache.
enum { VBK_LOGISTIC_TILE = 64 };

/// One chunk of rows: N rows, D features, K outputs. Features are float, all else is double.
typedef struct VBKLogisticPass {
  size_t rows, features, outputs;
  const float *x;                // N × D
  const double *w;               // K × (D + 1), the intercept last
  const uint8_t *targets;        // N × K, 0 or 1; softmax: one 1 per row
  const double *row_weights;     // N
  const double *output_weights;  // K × 2: of an output's zeros and of its ones
  double *gradient;              // K × (D + 1), added to
  double *loss;                  // sigmoid: K, softmax: 1; added to
  double *curvature;  // as `loss`: Σ weight · p · (1 − p) over rows (and outputs); added to
  double *scratch;    // (K + 4) × VBK_LOGISTIC_TILE
} VBKLogisticPass;

/// Adds one chunk's loss, gradient and curvature. With z = x·wᵀ + intercept:
/// softmax: loss −Σ v·log p_t, p = softmax(z); sigmoid: loss −Σ v·log p or −Σ v·log(1 − p),
/// p = 1/(1 + e^−z), each output on its own; v = row weight · output weight of the target's value.
/// No two pointers of results may overlap anything.
typedef void (*VBKLogisticF32)(const VBKLogisticPass *pass);
VBK_DECLARE_VARIANT_TYPE(VBKLogisticF32Variant, VBKLogisticF32);
VBK_DECLARE_VARIANTS(vbk_logistic_softmax_f32, VBKLogisticF32Variant);
VBK_DECLARE_VARIANTS(vbk_logistic_sigmoid_f32, VBKLogisticF32Variant);
