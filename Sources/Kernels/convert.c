// Filling, ramps and conversion between types.
#include <string.h>

#include "elementwise.h"
#include "isa.h"

typedef void (*ramp_loop)(void *out, double start, double step, int64_t first, int64_t count);

#define K_TEMPLATE "convert.inc"
#include "for_each_isa.h"

// One description serves all: fill reads one value (x_size 0), conversion a value per element.
typedef struct Conversion {
  k_unary_loop loop;
  char *out;
  const char *x;
  int64_t out_size;
  int64_t x_size;
} Conversion;

static void run_chunk(void *context, int64_t start, int64_t count) {
  const Conversion *c = context;
  c->loop(c->out + start * c->out_size, c->x + start * c->x_size, count);
}

void k_fill(KType type, void *out, const void *value, int64_t count) {
  k_unary_loop loop = K_PICK(fill_loops)[type];
  if (count <= K_CHUNK) {
    loop(out, value, count);
  } else {
    Conversion c = {loop, out, value, (int64_t)k_element_size(type), 0};
    k_for_chunks(count, K_CHUNK, run_chunk, &c);
  }
}

k_unary_loop k_convert_loop_for(KType from, KType to) { return K_PICK(convert_loops)[from][to]; }

static void copy_bytes(void *out, const void *x, int64_t count) { memmove(out, x, (size_t)count); }

void k_convert(KType to, void *out, KType from, const void *x, int64_t count) {
  k_unary_loop loop = K_PICK(convert_loops)[from][to];
  Conversion c = {loop, out, x, (int64_t)k_element_size(to), (int64_t)k_element_size(from)};
  if (!loop) {
    if (out == x) return;
    c = (Conversion){copy_bytes, out, x, 1, 1};
    count *= (int64_t)k_element_size(to);
  }
  if (count <= K_CHUNK) {
    c.loop(out, x, count);
  } else {
    k_for_chunks(count, K_CHUNK, run_chunk, &c);
  }
}

typedef struct Ramp {
  ramp_loop loop;
  char *out;
  double start;
  double step;
  int64_t item_size;
} Ramp;

static void run_ramp(void *context, int64_t first, int64_t count) {
  const Ramp *r = context;
  r->loop(r->out + first * r->item_size, r->start, r->step, first, count);
}

void k_ramp(KType type, void *out, double start, double step, int64_t count) {
  Ramp ramp = {K_PICK(ramp_loops)[type], out, start, step, (int64_t)k_element_size(type)};
  if (count <= K_CHUNK) {
    run_ramp(&ramp, 0, count);
  } else {
    k_for_chunks(count, K_CHUNK, run_ramp, &ramp);
  }
}
