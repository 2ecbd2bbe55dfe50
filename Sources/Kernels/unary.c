// Unary operations on contiguous memory: choice of the loop, division among threads.
#include <math.h>

#include "coefficients.h"
#include "elementwise.h"
#include "vectors.h"

#define K_TEMPLATE "unary.inc"
#include "for_each_isa.h"

k_unary_loop k_unary_loop_for(KUnary op, KType type) { return K_PICK(unary_loops)[op][type]; }

void k_sine_cosine(KType type, void *sine, void *cosine, const void *x) {
  if (type == KTypeFloat64) {
    K_PICK(sine_cosine_f64)(sine, cosine, x);
  } else {
    K_PICK(sine_cosine_f32)(sine, cosine, x);
  }
}

typedef struct Unary {
  k_unary_loop loop;
  char *out;
  const char *x;
  int64_t item_size;
} Unary;

static void run_chunk(void *context, int64_t start, int64_t count) {
  const Unary *u = context;
  u->loop(u->out + start * u->item_size, u->x + start * u->item_size, count);
}

void k_unary(KUnary op, KType type, void *out, const void *x, int64_t count) {
  k_unary_loop loop = K_PICK(unary_loops)[op][type];
  bool costly = op >= KUnarySquareRoot && op != KUnaryRelu;
  int64_t chunk = costly ? K_COSTLY_CHUNK : K_CHUNK;
  if (count <= chunk) {
    loop(out, x, count);
  } else {
    k_for_chunks(count, chunk, run_chunk, &(Unary){loop, out, x, (int64_t)k_element_size(type)});
  }
}
