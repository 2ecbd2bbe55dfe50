// Tests of elements and selection by condition on contiguous memory.
#include "elementwise.h"
#include "vectors.h"

#define K_TEMPLATE "select.inc"
#include "for_each_isa.h"

typedef struct Test {
  k_unary_loop loop;
  uint8_t *out;
  const char *x;
  int64_t count;
  int64_t item_size;
} Test;

static void run_test(void *context, int64_t index) {
  const Test *t = context;
  int64_t chunk = k_chunk(false);
  int64_t start = index * chunk;
  int64_t rest = t->count - start;
  t->loop(t->out + start, t->x + start * t->item_size, rest < chunk ? rest : chunk);
}

void k_test(KTest op, KType type, uint8_t *out, const void *x, int64_t count) {
  Test test = {K_PICK(test_loops)[op][type], out, x, count, k_item_size(type)};
  int64_t chunk = k_chunk(false);
  if (count <= chunk) {
    test.loop(out, x, count);
  } else {
    k_run_tasks((count + chunk - 1) / chunk, run_test, &test);
  }
}

k_select_loop k_select_loop_for(size_t item_size, int c_step, int a_step, int b_step) {
  int row = item_size == 1 ? 0 : item_size == 4 ? 1 : 2;
  return K_PICK(select_loops)[row][4 * c_step + 2 * a_step + b_step];
}

typedef struct Selection {
  k_select_loop loop;
  char *out;
  const uint8_t *condition;
  const char *a;
  const char *b;
  int64_t count;
  // In bytes.
  int64_t out_step;
  int64_t c_step;
  int64_t a_step;
  int64_t b_step;
} Selection;

static void run_selection(void *context, int64_t index) {
  const Selection *s = context;
  int64_t chunk = k_chunk(false);
  int64_t start = index * chunk;
  int64_t rest = s->count - start;
  s->loop(s->out + start * s->out_step, s->condition + start * s->c_step, s->a + start * s->a_step,
          s->b + start * s->b_step, rest < chunk ? rest : chunk);
}

void k_select(size_t item_size, void *out, const uint8_t *condition, int64_t c_step, const void *a,
              int64_t a_step, const void *b, int64_t b_step, int64_t count) {
  k_select_loop loop = k_select_loop_for(item_size, (int)c_step, (int)a_step, (int)b_step);
  int64_t chunk = k_chunk(false);
  if (count <= chunk) {
    loop(out, condition, a, b, count);
    return;
  }
  int64_t size = (int64_t)item_size;
  Selection s = {loop, out, condition, a, b, count, size, c_step, a_step * size, b_step * size};
  k_run_tasks((count + chunk - 1) / chunk, run_selection, &s);
}
