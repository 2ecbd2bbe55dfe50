// Running sums, each in order along its axis.
#include "elementwise.h"
#include "split.h"

#define K_NUMBER_TEMPLATE "scan.inc"
#include "for_each_number.h"

/// Columns that are summed side by side, a vector loop per row.
#define COLUMNS 256

typedef void (*RowLoop)(void *out, const void *x, int64_t start, int64_t n, int64_t step);

static const RowLoop row_loops[] = {scan_float32, scan_float64, scan_int32,
                                    scan_int64,   scan_uint8,   scan_uint8};

typedef struct Scan {
  RowLoop row_loop;
  k_binary_loop add;
  int64_t size;
  char *out;
  const char *x;
  int64_t n;
  int64_t inner;
  int64_t tiles;
  bool reverse;
} Scan;

static void scan_rows(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  for (int64_t row = start; row < end; row++) {
    int64_t offset = row * scan->n * scan->size;
    int64_t first = scan->reverse ? scan->n - 1 : 0;
    scan->row_loop(scan->out + offset, scan->x + offset, first, scan->n, scan->reverse ? -1 : 1);
  }
}

static void scan_columns(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  int64_t row_bytes = scan->inner * scan->size;
  int64_t step = scan->reverse ? -row_bytes : row_bytes;
  for (int64_t index = start; index < end; index++) {
    int64_t column = index % scan->tiles * COLUMNS;
    int64_t columns = k_minimum_of(COLUMNS, scan->inner - column);
    int64_t offset = index / scan->tiles * scan->n * row_bytes + column * scan->size;
    if (scan->reverse) offset += (scan->n - 1) * row_bytes;
    if (scan->out != scan->x) {
      __builtin_memcpy(scan->out + offset, scan->x + offset, (size_t)(columns * scan->size));
    }
    for (int64_t j = 1; j < scan->n; j++) {
      char *out = scan->out + offset + j * step;
      scan->add(out, out - step, scan->x + offset + j * step, columns);
    }
  }
}

void k_cumulative_sum(KType type, void *out, const void *x, int64_t outer, int64_t n, int64_t inner,
                      bool reverse) {
  if (outer * n * inner == 0) return;
  int64_t tiles = (inner + COLUMNS - 1) / COLUMNS;
  Scan scan = {row_loops[type], k_binary_loop_for(KBinaryAdd, type, 1, 1),
               (int64_t)k_element_size(type), out, x, n, inner, tiles, reverse};
  if (inner == 1) {
    k_run_ranges(outer, k_grain(n), scan_rows, &scan);
  } else {
    int64_t columns = k_minimum_of(inner, COLUMNS);
    k_run_ranges(outer * tiles, k_grain(n * columns), scan_columns, &scan);
  }
}
