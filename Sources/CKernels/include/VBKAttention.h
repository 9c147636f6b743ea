// Scaled dot-product attention of one head.
#pragma once
#include "VBKVariants.h"

/// One head of one sequence; strides are the distances between rows, in elements.
typedef struct VBKAttentionShape {
  size_t queries, keys, headWidth;
  size_t queryStride, keyStride, valueStride, outputStride;
} VBKAttentionShape;

/// How many floats of scratch memory one call of any variant needs.
size_t vbk_attention_f32_scratch(const VBKAttentionShape *shape);

/// output = softmax(factor · Q·Kᵀ)·V (Vaswani et al. 2017, eq. 1) with Q [queries, headWidth],
/// K and V [keys, headWidth]. Scratch memory grows linearly with the keys. `output` may be `q`
/// where their strides agree; nothing else may overlap.
///
/// `logSums` [queries], unless NULL, receives log Σⱼ exp(factor · Q·Kᵀ)ᵢⱼ for the backward pass.
typedef void (*VBKAttentionF32)(const VBKAttentionShape *shape, float factor, const float *q,
                                const float *k, const float *v, float *scratch, float *output,
                                float *logSums);
VBK_DECLARE_VARIANT_TYPE(VBKAttentionF32Variant, VBKAttentionF32);
VBK_DECLARE_VARIANTS(vbk_attention_f32, VBKAttentionF32Variant);

/// Where the gradients of Q, K and V go, with the strides of Q, K and V; NULL for those that nobody
/// wants. Each is added to what lies there, or overwrites it.
typedef struct VBKAttentionGradients {
  float *query, *key, *value;
  int addsToQuery, addsToKey, addsToValue;
} VBKAttentionGradients;

/// How many floats of scratch memory one call of any backward variant needs.
size_t vbk_attention_backward_f32_scratch(const VBKAttentionShape *shape);

/// The gradients of `vbk_attention_f32` (Dao 2023, algorithm 2): with P = exp(factor · Q·Kᵀ − L)
/// and D = rowsum(dO ∘ O), dV = Pᵀ·dO, dS = P ∘ (dO·Vᵀ − D), dQ = factor · dS·K, dK = factor ·
/// dSᵀ·Q. `output` O and `logSums` L are what the forward pass returned, `dOutput` dO lies like O.
/// Nothing overlaps but what is only read.
typedef void (*VBKAttentionBackwardF32)(const VBKAttentionShape *shape, float factor,
                                        const float *q, const float *k, const float *v,
                                        const float *output, const float *logSums,
                                        const float *dOutput, float *scratch,
                                        const VBKAttentionGradients *gradients);
VBK_DECLARE_VARIANT_TYPE(VBKAttentionBackwardF32Variant, VBKAttentionBackwardF32);
VBK_DECLARE_VARIANTS(vbk_attention_backward_f32, VBKAttentionBackwardF32Variant);
