// Chooses the instruction set, once before main or for one thread; keeps the calling thread's words
// and the epoch.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "isa.h"

KInstructionSet k_default_set = KInstructionSetBaseline;
_Thread_local uint8_t k_chosen_set;

static KInstructionSet best_set(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    return KInstructionSetAVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return KInstructionSetAVX2;
#endif
  return KInstructionSetBaseline;
}

static KInstructionSet available(KInstructionSet set) {
  KInstructionSet best = best_set();
  return set < best ? set : best;
}

KInstructionSet k_set_instruction_set(KInstructionSet set) {
  k_chosen_set = (uint8_t)(available(set) + 1);
  return k_instruction_set();
}

KInstructionSet k_instruction_set(void) { return k_set_in_use(); }

__attribute__((constructor)) static void choose_set(void) {
  const char *wish = getenv("AUTOGRAD_ISA");
  KInstructionSet set = KInstructionSetAVX512;
  if (wish && strcmp(wish, "avx2") == 0) set = KInstructionSetAVX2;
  if (wish && strcmp(wish, "baseline") == 0) set = KInstructionSetBaseline;
  k_default_set = available(set);
}

_Thread_local uint64_t k_words[4];

static _Atomic uint32_t epoch;
uint32_t k_next_epoch(void) {
  uint32_t next;
  do next = atomic_fetch_add(&epoch, 1) + 1;
  while (next == 0);
  return next;
}
