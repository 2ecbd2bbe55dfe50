// Tests of elements and selection by condition on contiguous memory.
#include "elementwise.h"
#include "vectors.h"

#define K_TEMPLATE "select.inc"
#include "for_each_isa.h"

typedef struct Test {
  k_unary_loop loop;
  uint8_t *out;
  const char *x;
  int64_t item_size;
} Test;

static void run_test(void *context, int64_t start, int64_t count) {
  const Test *t = context;
  t->loop(t->out + start, t->x + start * t->item_size, count);
}

void k_test(KTest op, KType type, uint8_t *out, const void *x, int64_t count) {
  k_unary_loop loop = K_PICK(test_loops)[op][type];
  if (count <= K_CHUNK) {
    loop(out, x, count);
  } else {
    k_for_chunks(count, K_CHUNK, run_test, &(Test){loop, out, x, (int64_t)k_element_size(type)});
  }
}

k_unary_loop k_test_loop_for(KTest op, KType type) { return K_PICK(test_loops)[op][type]; }

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
  // In bytes.
  int64_t out_step;
  int64_t c_step;
  int64_t a_step;
  int64_t b_step;
} Selection;

static void run_selection(void *context, int64_t start, int64_t count) {
  const Selection *s = context;
  s->loop(s->out + start * s->out_step, s->condition + start * s->c_step, s->a + start * s->a_step,
          s->b + start * s->b_step, count);
}

void k_select(size_t item_size, void *out, const uint8_t *condition, int64_t c_step, const void *a,
              int64_t a_step, const void *b, int64_t b_step, int64_t count) {
  k_select_loop loop = k_select_loop_for(item_size, (int)c_step, (int)a_step, (int)b_step);
  if (count <= K_CHUNK) {
    loop(out, condition, a, b, count);
    return;
  }
  int64_t size = (int64_t)item_size;
  Selection s = {loop, out, condition, a, b, size, c_step, a_step * size, b_step * size};
  k_for_chunks(count, K_CHUNK, run_selection, &s);
}
