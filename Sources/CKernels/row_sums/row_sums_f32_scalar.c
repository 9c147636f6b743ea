// The references: read like the formulas.
#include "row_sums_f32.h"

void vbk_sum_rows_f32__scalar(VBK_SUM_ROWS_ARGUMENTS) {
  for (size_t c = 0; c < columns; c++) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
      sum += (weights ? weights[i] : 1) * (double)x[(rows ? (size_t)rows[i] : i) * stride + c];
    y[c] = (float)(adds ? sum + (double)y[c] : sum);
  }
}

void vbk_sum_products_f32__scalar(VBK_SUM_PRODUCTS_ARGUMENTS) {
  for (size_t c = 0; c < columns; c++) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)a[i * stride + c] * (double)b[i * stride + c];
    y[c] = (float)(adds ? sum + (double)y[c] : sum);
  }
}
