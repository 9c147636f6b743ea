#include "resize_u8.h"

VBK_DEFINE_VARIANTS(vbk_resize_rows_rgb8, VBKResizeRowsRGB8Variant);
VBK_DEFINE_VARIANTS(vbk_resize_columns_u8, VBKResizeColumnsU8Variant);
