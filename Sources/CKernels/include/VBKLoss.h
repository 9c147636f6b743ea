// Losses of rows of logits, and their gradients in the same pass.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// The target of a row whose class is y: weights[k] · (smoothing/columns + (1 − smoothing)·[k =
/// y]). `weights` may be NULL for ones.
typedef struct VBKClassTargets {
  const int32_t *classes;  // one per row; a negative one leaves the row out
  const float *weights;
  float smoothing;
} VBKClassTargets;

/// Σ over rows of −Σ_k t_k · log softmax(x)_k; dx = factor · its gradient, softmax(x)·Σt − t,
/// unless `dx` is NULL; zero in rows that are left out. `dx` may be `x`.
typedef double (*VBKCrossEntropyClassesF32)(size_t rows, size_t columns, const float *x,
                                            const VBKClassTargets *targets, float factor,
                                            float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKCrossEntropyClassesF32Variant, VBKCrossEntropyClassesF32);
VBK_DECLARE_VARIANTS(vbk_cross_entropy_classes_f32, VBKCrossEntropyClassesF32Variant);

/// The same with targets t_k = weights[k] · targets[row, k]; `weights` may be NULL for ones.
typedef double (*VBKCrossEntropyTargetsF32)(size_t rows, size_t columns, const float *x,
                                            const float *targets, const float *weights,
                                            float factor, float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKCrossEntropyTargetsF32Variant, VBKCrossEntropyTargetsF32);
VBK_DECLARE_VARIANTS(vbk_cross_entropy_targets_f32, VBKCrossEntropyTargetsF32Variant);

/// Σ −(w·t·log σ(x) + (1 − t)·log(1 − σ(x))) over the `count` elements where `mask` isn't zero;
/// dx = factor · its gradient, zero elsewhere, unless `dx` is NULL. `weights` (w) and `mask` may be
/// NULL for ones. `dx` may be `x`.
typedef double (*VBKBinaryCrossEntropyF32)(size_t count, const float *x, const float *targets,
                                           const float *weights, const float *mask, float factor,
                                           float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKBinaryCrossEntropyF32Variant, VBKBinaryCrossEntropyF32);
VBK_DECLARE_VARIANTS(vbk_binary_cross_entropy_f32, VBKBinaryCrossEntropyF32Variant);
