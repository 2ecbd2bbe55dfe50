// Binary operations and comparisons on contiguous memory: choice of the loop, division among
// threads.
#include <math.h>

#include "coefficients.h"
#include "elementwise.h"
#include "vectors.h"

static inline void k_stream_fence(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

#define K_TEMPLATE "binary.inc"
#include "for_each_isa.h"

k_binary_loop k_binary_loop_for(KBinary op, KType type, int a_step, int b_step) {
  return K_PICK(binary_loops)[op][type][2 * a_step + b_step];
}

k_binary_loop k_compare_loop_for(KCompare op, KType type, int a_step, int b_step) {
  return K_PICK(compare_loops)[op][type][2 * a_step + b_step];
}

typedef struct Binary {
  k_binary_loop loop;
  char *out;
  const char *a;
  const char *b;
  // In bytes.
  int64_t out_step;
  int64_t a_step;
  int64_t b_step;
} Binary;

static void run_chunk(void *context, int64_t start, int64_t count) {
  const Binary *c = context;
  c->loop(c->out + start * c->out_step, c->a + start * c->a_step, c->b + start * c->b_step, count);
}

/// Results of this size do not stay in cache. Written past it they need not be read first, which is
/// a third more speed for a sum of two arrays.
static const int64_t stream_bytes = 32 << 20;

static bool streams(KBinary op, KType type, const Binary *c, int64_t count) {
  bool cheap = op <= KBinaryDivide && type <= KTypeFloat64;
  bool apart = c->out != c->a && c->out != c->b;
  return cheap && apart && count * c->out_step >= stream_bytes && c->a_step + c->b_step > 0;
}

void k_binary(KBinary op, KType type, void *out, const void *a, int64_t a_step, const void *b,
              int64_t b_step, int64_t count) {
  k_binary_loop loop = K_PICK(binary_loops)[op][type][2 * a_step + b_step];
  bool costly = op == KBinaryPower || op >= KBinaryAtan2;
  int64_t chunk = costly ? K_COSTLY_CHUNK : K_CHUNK;
  if (count <= chunk) {
    loop(out, a, b, count);
    return;
  }
  int64_t size = (int64_t)k_element_size(type);
  Binary binary = {loop, out, a, b, size, a_step * size, b_step * size};
  if (streams(op, type, &binary, count))
    binary.loop = K_PICK(stream_loops)[op][type][2 * a_step + b_step];
  k_for_chunks(count, chunk, run_chunk, &binary);
}

void k_compare(KCompare op, KType type, uint8_t *out, const void *a, int64_t a_step, const void *b,
               int64_t b_step, int64_t count) {
  k_binary_loop loop = K_PICK(compare_loops)[op][type][2 * a_step + b_step];
  if (count <= K_CHUNK) {
    loop(out, a, b, count);
    return;
  }
  int64_t size = (int64_t)k_element_size(type);
  Binary binary = {loop, (char *)out, a, b, 1, a_step * size, b_step * size};
  k_for_chunks(count, K_CHUNK, run_chunk, &binary);
}
