// The references: double accumulators, read like the formulas.
#include <math.h>

#include "elementwise_f32.h"

void vbk_add_f32__scalar(size_t count, const float *a, const float *b, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = a[i] + b[i];
}

void vbk_add_row_f32__scalar(size_t rows, size_t columns, const float *x, const float *bias,
                             float *y) {
  for (size_t i = 0; i < rows * columns; i++) y[i] = x[i] + bias[i % columns];
}

void vbk_normalize_f32__scalar(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t row = 0; row < rows; row++) {
    double squares = 0;
    for (size_t i = 0; i < columns; i++)
      squares += (double)x[row * columns + i] * x[row * columns + i];
    double norm = sqrt(squares);
    if (norm < 1e-12) norm = 1e-12;
    for (size_t i = 0; i < columns; i++)
      y[row * columns + i] = (float)(x[row * columns + i] / norm);
  }
}
