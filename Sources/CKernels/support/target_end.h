// Ends the region that target_avx2.h or target_avx512.h began.
#pragma clang attribute pop
