// Functions from here to target_end.h may use AVX-512 (F, BW, DQ, VL), AVX2 and FMA.
// Include <immintrin.h> first. The includer must only be run where vbk_machine_has(VBK_ISA_AVX512).
#pragma clang attribute push(                                                    \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
    apply_to = function)
