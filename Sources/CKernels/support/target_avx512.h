// Functions from here to target_end.h may use AVX-512 (F, BW, DQ, VL), AVX2 and FMA.
// Include <immintrin.h> first. Only run where vbk_best_instruction_set() says so.
#pragma clang attribute push(                                                    \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
    apply_to = function)
