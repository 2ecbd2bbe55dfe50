// Positions of extrema. A row's extremum is found first, then where it occurs first: two fast
// passes. Columns keep the best value and its position side by side.
#include <string.h>

#include "split.h"

/// Columns that are compared side by side.
#define COLUMNS 64
/// Elements that are searched for a value without looking whether it was found.
#define SEARCHED_AT_ONCE 256
/// Rows whose extrema are found by one call.
#define ROWS_AT_ONCE 256
#define LARGEST_ITEM 8

typedef struct ArgLoops {
  /// The first position of `value`; any NaN if it is NaN.
  int64_t (*find)(const void *x, int64_t n, const void *value);
  void (*columns)(bool largest, int64_t *out, const void *x, int64_t n, int64_t inner,
                  int64_t columns);
} ArgLoops;

#define K_TEMPLATE "arg_reduce.inc"
#include "for_each_isa.h"

typedef struct ArgReduction {
  const ArgLoops *loops;
  KType type;
  bool largest;
  int64_t size;
  int64_t *out;
  const char *x;
  int64_t n;
  int64_t inner;
  int64_t tiles;
} ArgReduction;

static void arg_reduce_rows(void *context, int64_t start, int64_t end) {
  const ArgReduction *all = context;
  _Alignas(64) char values[ROWS_AT_ONCE * LARGEST_ITEM];
  for (int64_t first = start; first < end; first += ROWS_AT_ONCE) {
    int64_t rows = k_minimum_of(ROWS_AT_ONCE, end - first);
    const char *x = all->x + first * all->n * all->size;
    k_reduce(all->largest ? KReduceMaximum : KReduceMinimum, all->type, values, x, rows, all->n, 1);
    for (int64_t r = 0; r < rows; r++) {
      const char *row = x + r * all->n * all->size;
      all->out[first + r] = all->loops->find(row, all->n, values + r * all->size);
    }
  }
}

static void arg_reduce_columns(void *context, int64_t start, int64_t end) {
  const ArgReduction *all = context;
  for (int64_t index = start; index < end; index++) {
    int64_t o = index / all->tiles;
    int64_t column = index % all->tiles * COLUMNS;
    int64_t columns = k_minimum_of(COLUMNS, all->inner - column);
    const char *x = all->x + (o * all->n * all->inner + column) * all->size;
    int64_t *out = all->out + o * all->inner + column;
    all->loops->columns(all->largest, out, x, all->n, all->inner, columns);
  }
}

void k_arg_reduce(bool largest, KType type, int64_t *out, const void *x, int64_t outer, int64_t n,
                  int64_t inner) {
  if (outer * inner == 0) return;
  int64_t tiles = (inner + COLUMNS - 1) / COLUMNS;
  ArgReduction all = {K_PICK(arg_loops)[type], type, largest, (int64_t)k_element_size(type), out, x,
                      n, inner, tiles};
  if (inner == 1) {
    k_run_ranges(outer, k_grain(n), arg_reduce_rows, &all);
  } else {
    k_run_ranges(outer * tiles, k_grain(n * k_minimum_of(inner, COLUMNS)), arg_reduce_columns, &all);
  }
}
