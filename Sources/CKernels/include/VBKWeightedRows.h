// Rows that are weighted sums of other rows: one side of a resampling, or of its transpose.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// Which rows are summed: output row r takes taps starts[r] ..< starts[r + 1].
typedef struct VBKRowTaps {
  const int32_t *starts;
  const int32_t *rows;
  const float *weights;
} VBKRowTaps;

/// y[r] = Σ weight · x[row] over the taps of r, in their order, for `count` rows of `columns`
/// floats from row `first` on; `y` is the row `first`. y is added to if `adds`, else overwritten.
/// No aliasing.
typedef void (*VBKWeightedRowsF32)(const VBKRowTaps *taps, size_t first, size_t count,
                                   size_t columns, const float *x, int adds, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKWeightedRowsF32Variant, VBKWeightedRowsF32);
VBK_DECLARE_VARIANTS(vbk_weighted_rows_f32, VBKWeightedRowsF32Variant);
