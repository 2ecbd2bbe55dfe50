// Contiguous loops on one thread, for those who walk memory themselves: fetch once, call per tile.
#ifndef ELEMENTWISE_H
#define ELEMENTWISE_H
#include "split.h"

/// out[i] = op(x[i]). `out` may be `x`.
typedef void (*k_unary_loop)(void *out, const void *x, int64_t count);
/// out[i] = op(a[i * a_step], b[i * b_step]), or for comparisons one byte, 0 or 1.
typedef void (*k_binary_loop)(void *out, const void *a, const void *b, int64_t count);
/// out[i] = c[i * c_step] ? a[i * a_step] : b[i * b_step].
typedef void (*k_select_loop)(void *out, const uint8_t *c, const void *a, const void *b,
                              int64_t count);

// The steps (0 or 1) are part of the choice. An operation that a type does not have gives a null
// pointer.
k_unary_loop k_unary_loop_for(KUnary op, KType type);
k_binary_loop k_binary_loop_for(KBinary op, KType type, int a_step, int b_step);
k_binary_loop k_compare_loop_for(KCompare op, KType type, int a_step, int b_step);
k_select_loop k_select_loop_for(size_t item_size, int c_step, int a_step, int b_step);
/// Null where the bytes are only copied.
k_unary_loop k_convert_loop_for(KType from, KType to);
k_unary_loop k_test_loop_for(KTest op, KType type);

/// The sine and the cosine of one number: the bits of the loops.
void k_sine_cosine(KType type, void *sine, void *cosine, const void *x);

/// The least number of elements for one thread when a call is divided: a few microseconds of work,
/// so that the 0.4 microseconds of waking a thread pay. The elements of a call are computed one by
/// one, hence the division cannot change a bit.
enum { K_CHUNK = 32768, K_COSTLY_CHUNK = 4096 };

typedef void (*k_chunk_body)(void *context, int64_t start, int64_t count);
/// Calls body(context, start, n) for ranges of at least `least` elements on the threads.
void k_for_chunks(int64_t count, int64_t least, k_chunk_body body, void *context);

#endif
