#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "logistic_f32.h"
// The region's attribute applies to all that follows, helpers included.
#include "../support/target_avx512.h"
#include "vector_f64_avx512.h"
#define VBK_VARIANT(name) name##__avx512
#include "logistic_f32.inc"
#include "../support/target_end.h"
