// The gradients of pooling of NHWC feature maps.
#pragma once
#include <stdint.h>

#include "VBKPooling.h"

/// As VBKPoolF32 for the maximum; `cells` receives for each output which cell of its window the
/// value comes from: row · window + column, the first one of equals, the last NaN. The window has
/// at most 16 × 16 cells. No aliasing.
typedef void (*VBKMaxPoolCellsF32)(const VBKPoolShape *shape, size_t firstRow, size_t endRow,
                                   const float *x, float *y, uint8_t *cells);
VBK_DECLARE_VARIANT_TYPE(VBKMaxPoolCellsF32Variant, VBKMaxPoolCellsF32);
VBK_DECLARE_VARIANTS(vbk_max_pool_cells_f32, VBKMaxPoolCellsF32Variant);

/// dx[H, W, C], input rows firstRow ..< endRow only, from dy[H', W', C]: each input takes the
/// gradients of the windows that chose it, in their order. dx is added to if `adds`, else
/// overwritten. No aliasing.
typedef void (*VBKMaxPoolGradientF32)(const VBKPoolShape *shape, size_t firstRow, size_t endRow,
                                      const float *dy, const uint8_t *cells, int adds, float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKMaxPoolGradientF32Variant, VBKMaxPoolGradientF32);
VBK_DECLARE_VARIANTS(vbk_max_pool_gradient_f32, VBKMaxPoolGradientF32Variant);

/// The same for the average, of which each cell inside the image takes an equal share.
typedef void (*VBKAveragePoolGradientF32)(const VBKPoolShape *shape, size_t firstRow, size_t endRow,
                                          const float *dy, int adds, float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKAveragePoolGradientF32Variant, VBKAveragePoolGradientF32);
VBK_DECLARE_VARIANTS(vbk_average_pool_gradient_f32, VBKAveragePoolGradientF32Variant);
