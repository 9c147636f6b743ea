// Dropout with draws from a counter-based generator, so that masks are computed again, never kept.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// y = x · factor where an element is kept, else 0 (whatever x holds). Element i of the stream is
/// kept if its draw is at least `threshold`, so with probability 1 − threshold/2³².
///
/// Draws are Philox 4×32-10's (Salmon et al. 2011) under `key`: element 64·g + 16·w + j takes word
/// w of the block whose counter is (16·g + j, as 64 bits; 0; 0). `x` and `y` start with element
/// `first` of the stream, a multiple of 64. `y` may be `x`.
typedef void (*VBKDropoutF32)(size_t count, uint64_t first, uint64_t key, uint32_t threshold,
                              float factor, const float *x, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKDropoutF32Variant, VBKDropoutF32);
VBK_DECLARE_VARIANTS(vbk_dropout_f32, VBKDropoutF32Variant);
