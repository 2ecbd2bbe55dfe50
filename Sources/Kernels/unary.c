// Unary operations on contiguous memory: choice of the loop, division among threads.
#include <math.h>

#include "coefficients.h"
#include "elementwise.h"
#include "vectors.h"

#define K_TEMPLATE "unary.inc"
#include "for_each_isa.h"

k_unary_loop k_unary_loop_for(KUnary op, KType type) { return K_PICK(unary_loops)[op][type]; }

typedef struct Unary {
  k_unary_loop loop;
  char *out;
  const char *x;
  int64_t count;
  int64_t chunk;
  int64_t item_size;
} Unary;

static void run_chunk(void *context, int64_t index) {
  const Unary *u = context;
  int64_t start = index * u->chunk;
  int64_t rest = u->count - start;
  int64_t offset = start * u->item_size;
  u->loop(u->out + offset, u->x + offset, rest < u->chunk ? rest : u->chunk);
}

void k_unary(KUnary op, KType type, void *out, const void *x, int64_t count) {
  k_unary_loop loop = K_PICK(unary_loops)[op][type];
  int64_t chunk = k_chunk(op >= KUnarySquareRoot && op != KUnaryRelu);
  if (count <= chunk) {
    loop(out, x, count);
    return;
  }
  Unary u = {loop, out, x, count, chunk, k_item_size(type)};
  k_run_tasks((count + chunk - 1) / chunk, run_chunk, &u);
}
