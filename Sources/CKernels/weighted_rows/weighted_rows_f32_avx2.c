#include <immintrin.h>
#include <string.h>

#include "weighted_rows_f32.h"
// The region's attribute applies to all that follows, helpers included.
#include "../support/target_avx2.h"
#include "../vector/vector_avx2.h"
#define VBK_VARIANT(name) name##__avx2
#include "weighted_rows_f32.inc"
#include "../support/target_end.h"
