// Compiles K_TEMPLATE once per instruction set. A template names its functions N(name) and may ask
// for ISA_AVX512, ISA_AVX2 (defined or not) and VECTOR_BYTES. Include system headers before this
// file: inside it, every function is compiled for the pushed target.
#include "isa.h"

#if defined(__x86_64__)

#define ISA avx512
#define ISA_AVX512 1
#define VECTOR_BYTES 64
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,bmi,bmi2,f16c,lzcnt,popcnt"))), \
    apply_to = function)
#include K_TEMPLATE
#pragma clang attribute pop
#undef ISA
#undef ISA_AVX512
#undef VECTOR_BYTES

#define ISA avx2
#define ISA_AVX2 1
#define VECTOR_BYTES 32
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,f16c,lzcnt,popcnt"))), \
                             apply_to = function)
#include K_TEMPLATE
#pragma clang attribute pop
#undef ISA
#undef ISA_AVX2
#undef VECTOR_BYTES

#endif

// SSE2 on x86-64, NEON on arm64.
#define ISA baseline
#define VECTOR_BYTES 16
#include K_TEMPLATE
#undef ISA
#undef VECTOR_BYTES
#undef K_TEMPLATE
