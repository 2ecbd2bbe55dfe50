// What a kernel template may use: names with the instruction set in them, and the choice at run
// time.
#ifndef ISA_H
#define ISA_H
#include "Kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define K_PASTE_(a, b) a##_##b
#define K_PASTE(a, b) K_PASTE_(a, b)
/// A function or table of the template that is being compiled, for example N(exp) is exp_avx512.
#define N(name) K_PASTE(name, ISA)

#define K_INLINE static inline __attribute__((always_inline))
/// Without this, a loop whose output is its input fails the overlap check and runs scalar.
#define K_VECTORIZE _Pragma("clang loop vectorize(assume_safety) interleave(enable)")
#define K_UNROLL _Pragma("clang loop unroll(full)")

/// The variant of `name` for the instruction set in use.
#if defined(__x86_64__)
#define K_PICK(name)                                                        \
  (k_set_in_use() == KInstructionSetAVX512   ? K_PASTE(name, avx512)        \
   : k_set_in_use() == KInstructionSetAVX2   ? K_PASTE(name, avx2)          \
                                             : K_PASTE(name, baseline))
#else
#define K_PICK(name) K_PASTE(name, baseline)
#endif

/// The best, or the one that AUTOGRAD_ISA names; set before main (constructor in dispatch.c).
extern KInstructionSet k_default_set;
/// One more than the set that was chosen on this thread, or 0; k_run_tasks hands it on.
extern _Thread_local uint8_t k_chosen_set;

static inline KInstructionSet k_set_in_use(void) {
  return __builtin_expect(k_chosen_set != 0, 0) ? (KInstructionSet)(k_chosen_set - 1)
                                                : k_default_set;
}

static inline void k_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

#endif
