// Contiguous loops on one thread, for those who walk memory themselves: fetch once, call per tile.
#ifndef ELEMENTWISE_H
#define ELEMENTWISE_H
#include "Kernels.h"

/// out[i] = op(x[i]). `out` may be `x`.
typedef void (*k_unary_loop)(void *out, const void *x, int64_t count);
/// out[i] = op(a[i * a_step], b[i * b_step]), or for comparisons one byte, 0 or 1.
typedef void (*k_binary_loop)(void *out, const void *a, const void *b, int64_t count);
/// out[i] = c[i * c_step] ? a[i * a_step] : b[i * b_step].
typedef void (*k_select_loop)(void *out, const uint8_t *c, const void *a, const void *b,
                              int64_t count);

// The steps (0 or 1) are part of the choice. An operation that a type does not have gives a null pointer.
k_unary_loop k_unary_loop_for(KUnary op, KType type);
k_binary_loop k_binary_loop_for(KBinary op, KType type, int a_step, int b_step);
k_binary_loop k_compare_loop_for(KCompare op, KType type, int a_step, int b_step);
k_select_loop k_select_loop_for(size_t item_size, int c_step, int a_step, int b_step);

/// Bytes of one element.
static inline int64_t k_item_size(KType type) {
  static const uint8_t sizes[] = {4, 8, 4, 8, 1, 1};
  return sizes[type];
}

/// Elements per task when a call is divided among threads: a few microseconds of work, so that the 0.4
/// microseconds of waking a thread pay. Calls of up to this size are not divided. Where the elements of
/// a call are computed one by one, the division cannot change a bit.
enum { K_CHUNK = 65536, K_COSTLY_CHUNK = 8192 };

typedef void (*k_chunk_body)(void *context, int64_t start, int64_t count);
/// Calls body(context, start, n) for consecutive ranges of up to `chunk` elements, on the threads.
void k_for_chunks(int64_t count, int64_t chunk, k_chunk_body body, void *context);

#endif
