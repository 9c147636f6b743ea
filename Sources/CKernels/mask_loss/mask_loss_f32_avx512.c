#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "mask_loss_f32.h"
// The region's attribute applies to all that follows, helpers included.
#include "../support/target_avx512.h"
#include "../vector/vector_avx512.h"
#include "../vector/vector_math.h"
#include "../vector/mask_avx512.h"
#include "../vector/bytes_avx512.h"
#define VBK_VARIANT(name) name##__avx512
#include "mask_loss_sigmoid.inc"
#include "mask_loss_softmax.inc"
#include "../support/target_end.h"
