// Ranges of independent work on several threads, and sizes of elements.
#ifndef SPLIT_H
#define SPLIT_H
#include "isa.h"

typedef void (*k_range_task)(void *context, int64_t start, int64_t end);

/// Runs task(context, start, end) over disjoint ranges that cover 0..<count, each of at least
/// `grain` items. The results must not depend on where the ranges begin.
void k_run_ranges(int64_t count, int64_t grain, k_range_task task, void *context);

K_INLINE size_t k_element_size(KType type) {
  switch (type) {
    case KTypeFloat32:
    case KTypeInt32: return 4;
    case KTypeFloat64:
    case KTypeInt64: return 8;
    case KTypeUInt8:
    case KTypeBool: return 1;
  }
}

K_INLINE int64_t k_minimum_of(int64_t a, int64_t b) { return a < b ? a : b; }

/// Items per range so that a range is worth a thread's while: about 32,768 elements, 5 µs.
K_INLINE int64_t k_grain(int64_t elements_per_item) {
  if (elements_per_item < 1) return 32768;
  if (elements_per_item > 32768) return 1;
  // In 32 bits: divisions are what small calls spend their time on.
  return 32768 / (uint32_t)elements_per_item;
}

#endif
