// Rows of a table, chosen by index.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// y[r] = table[indices[r]] for each of `rows` rows of `columns` floats; with `accumulate` not 0,
/// y[r] += table[indices[r]]. Every index lies inside the table: the caller has checked.
typedef void (*VBKEmbeddingF32)(size_t rows, size_t columns, const int32_t *indices,
                                const float *table, int accumulate, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKEmbeddingF32Variant, VBKEmbeddingF32);
VBK_DECLARE_VARIANTS(vbk_embedding_f32, VBKEmbeddingF32Variant);
