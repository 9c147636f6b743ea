// The signature that all variants share, and the generator's constants.
#pragma once
#include "VBKDropout.h"

#define VBK_DROPOUT_ARGUMENTS                                                                   \
  size_t count, uint64_t first, uint64_t key, uint32_t threshold, float factor, const float *x, \
      float *y

// Salmon et al. 2011, section 4.3: the multipliers, and what is added to the key after each round.
enum { PHILOX_ROUNDS = 10 };
#define PHILOX_MULTIPLIER_0 0xD2511F53u
#define PHILOX_MULTIPLIER_1 0xCD9E8D57u
#define PHILOX_WEYL_0 0x9E3779B9u
#define PHILOX_WEYL_1 0xBB67AE85u

void vbk_dropout_f32__scalar(VBK_DROPOUT_ARGUMENTS);
void vbk_dropout_f32__avx2(VBK_DROPOUT_ARGUMENTS);
void vbk_dropout_f32__avx512(VBK_DROPOUT_ARGUMENTS);
