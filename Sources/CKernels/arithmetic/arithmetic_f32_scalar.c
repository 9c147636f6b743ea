// The references: read like the formulas.
#include <math.h>

#include "arithmetic_f32.h"

size_t vbk_first_non_finite_f32__scalar(size_t count, const float *x) {
  for (size_t i = 0; i < count; i++)
    if (!isfinite(x[i])) return i;
  return count;
}

double vbk_sum_f32__scalar(size_t count, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i];
  return sum;
}

void vbk_scaled_f32__scalar(size_t count, float factor, const float *x, int adds, float *y) {
  for (size_t i = 0; i < count; i++)
    y[i] = (float)((double)factor * x[i] + (adds ? (double)y[i] : 0));
}

void vbk_multiply_row_f32__scalar(size_t rows, size_t columns, const float *x, const float *factors,
                                  int adds, float *y) {
  for (size_t i = 0; i < rows * columns; i++)
    y[i] = (float)((double)x[i] * factors[i % columns] + (adds ? (double)y[i] : 0));
}
