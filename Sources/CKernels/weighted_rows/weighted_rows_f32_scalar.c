// The reference: double accumulators, reads like the formula.
#include "weighted_rows_f32.h"

void vbk_weighted_rows_f32__scalar(VBK_WEIGHTED_ROWS_ARGUMENTS) {
  for (size_t row = 0; row < count; row++)
    for (size_t c = 0; c < columns; c++) {
      double sum = adds ? y[row * columns + c] : 0;
      for (int32_t tap = taps->starts[first + row]; tap < taps->starts[first + row + 1]; tap++)
        sum += (double)taps->weights[tap] * x[(size_t)taps->rows[tap] * columns + c];
      y[row * columns + c] = (float)sum;
    }
}
