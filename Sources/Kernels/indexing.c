// Reading and writing at positions that are data. Where two positions may be the same, the order of
// writes is that of the indices: threads then share outer blocks or columns, never the indices.
#include <string.h>

#include "elementwise.h"
#include "split.h"

#define SEARCHED_AT_ONCE 512
/// Rows of at least so many elements are added by a vector loop.
#define SHORTEST_VECTOR_ROW 16

typedef struct Indexing {
  char *out;
  const char *x;
  const int64_t *indices;
  /// Bytes of an element.
  int64_t size;
  int64_t outer;
  int64_t n;
  int64_t count;
  int64_t inner;
  k_binary_loop add;
  /// Whether a range is of columns, not of outer blocks.
  bool splits_inner;
} Indexing;

/// The part of [outer, count, inner] that a range of outer blocks or of columns stands for.
typedef struct Part {
  int64_t outer_start;
  int64_t outer_end;
  int64_t inner_start;
  int64_t inner_end;
} Part;

static Part part_of(const Indexing *indexing, int64_t start, int64_t end) {
  if (indexing->splits_inner) return (Part){0, indexing->outer, start, end};
  return (Part){start, end, 0, indexing->inner};
}

/// Runs a task whose writes may meet, over outer blocks if there are enough for all threads.
static void run_in_order(Indexing *indexing, k_range_task task) {
  indexing->splits_inner = indexing->outer < 2 * k_thread_count() && indexing->inner > 1;
  int64_t items = indexing->splits_inner ? indexing->inner : indexing->outer;
  int64_t all = indexing->outer * indexing->count * indexing->inner;
  if (all == 0) return;
  k_run_ranges(items, k_grain(all / items), task, indexing);
}

// MARK: Typed loops

typedef struct IndexLoops {
  void (*add_rows)(const Indexing *indexing, Part part);
  void (*scatter_add)(const Indexing *indexing, Part part);
} IndexLoops;

#define K_NUMBER_TEMPLATE "indexing_add.inc"
#include "for_each_number.h"

static const IndexLoops *const loops[] = {&index_loops_float32, &index_loops_float64,
                                          &index_loops_int32,   &index_loops_int64,
                                          &index_loops_uint8,   &index_loops_uint8};

typedef struct Moves {
  void (*gather)(const Indexing *indexing, int64_t start, int64_t end);
  void (*scatter)(const Indexing *indexing, Part part);
} Moves;

#define ITEM uint8_t
#include "indexing_move.inc"
#define ITEM uint32_t
#include "indexing_move.inc"
#define ITEM uint64_t
#include "indexing_move.inc"

static const Moves *moves_of(int64_t item_size) {
  switch (item_size) {
    case 4: return &moves_uint32_t;
    case 8: return &moves_uint64_t;
    default: return &moves_uint8_t;
  }
}

// MARK: Indices

int64_t k_find_invalid_index(const int64_t *indices, int64_t count, int64_t limit) {
  int64_t i = 0;
  for (; i + SEARCHED_AT_ONCE <= count; i += SEARCHED_AT_ONCE) {
    // The sign bit of the one is set for negative indices, of the other for those above limit - 1.
    uint64_t signs = 0;
    for (int64_t j = i; j < i + SEARCHED_AT_ONCE; j++) {
      uint64_t index = (uint64_t)indices[j];
      signs |= index | ((uint64_t)limit - 1 - index);
    }
    if (signs >> 63) break;
  }
  for (; i < count; i++) {
    if (indices[i] < 0 || indices[i] >= limit) return i;
  }
  return -1;
}

int64_t k_find_true(int64_t *out, const uint8_t *x, int64_t count) {
  int64_t found = 0;
  for (int64_t i = 0; i < count; i++) {
    // No branch: a position that is not kept is overwritten by the next one.
    out[found] = i;
    found += x[i] != 0;
  }
  return found;
}

// MARK: Rows

static void select_rows(void *context, int64_t start, int64_t end) {
  const Indexing *indexing = context;
  int64_t row_bytes = indexing->inner * indexing->size;
  int64_t o = start / indexing->count;
  int64_t j = start % indexing->count;
  for (int64_t row = start; row < end; row++) {
    const char *x = indexing->x + (o * indexing->n + indexing->indices[j]) * row_bytes;
    char *out = indexing->out + row * row_bytes;
    // Sizes that are known become single moves.
    switch (row_bytes) {
      case 4: memcpy(out, x, 4); break;
      case 8: memcpy(out, x, 8); break;
      default: memcpy(out, x, (size_t)row_bytes);
    }
    if (++j < indexing->count) continue;
    j = 0;
    o++;
  }
}

void k_select_indices(size_t item_size, void *out, const void *x, const int64_t *indices,
                      int64_t outer, int64_t n, int64_t count, int64_t inner) {
  if (outer * count * inner == 0) return;
  Indexing indexing = {out, x, indices, (int64_t)item_size, outer, n, count, inner, NULL, false};
  k_run_ranges(outer * count, k_grain(inner + 4), select_rows, &indexing);
}

static void add_vectors(const Indexing *indexing, Part part) {
  int64_t columns = part.inner_end - part.inner_start;
  int64_t row_bytes = indexing->inner * indexing->size;
  int64_t start_bytes = part.inner_start * indexing->size;
  for (int64_t o = part.outer_start; o < part.outer_end; o++) {
    for (int64_t j = 0; j < indexing->count; j++) {
      char *out = indexing->out + (o * indexing->n + indexing->indices[j]) * row_bytes + start_bytes;
      const char *x = indexing->x + (o * indexing->count + j) * row_bytes + start_bytes;
      indexing->add(out, out, x, columns);
    }
  }
}

typedef struct Addition {
  Indexing indexing;
  const IndexLoops *loops;
} Addition;

static void add_rows(void *context, int64_t start, int64_t end) {
  const Addition *addition = context;
  const Indexing *indexing = &addition->indexing;
  Part part = part_of(indexing, start, end);
  if (part.inner_end - part.inner_start >= SHORTEST_VECTOR_ROW) {
    add_vectors(indexing, part);
  } else {
    addition->loops->add_rows(indexing, part);
  }
}

void k_add_at_indices(KType type, void *out, const void *x, const int64_t *indices, int64_t outer,
                      int64_t n, int64_t count, int64_t inner) {
  Addition addition = {{out, x, indices, (int64_t)k_element_size(type), outer, n, count, inner,
                        k_binary_loop_for(KBinaryAdd, type, 1, 1), false},
                       loops[type]};
  run_in_order(&addition.indexing, add_rows);
}

// MARK: Single elements

static void gather_rows(void *context, int64_t start, int64_t end) {
  const Indexing *indexing = context;
  moves_of(indexing->size)->gather(indexing, start, end);
}

void k_gather(size_t item_size, void *out, const void *x, const int64_t *indices, int64_t outer,
              int64_t n, int64_t count, int64_t inner) {
  if (outer * count * inner == 0) return;
  Indexing indexing = {out, x, indices, (int64_t)item_size, outer, n, count, inner, NULL, false};
  k_run_ranges(outer * count, k_grain(4 * inner), gather_rows, &indexing);
}

static void scatter_part(void *context, int64_t start, int64_t end) {
  const Indexing *indexing = context;
  moves_of(indexing->size)->scatter(indexing, part_of(indexing, start, end));
}

void k_scatter(size_t item_size, void *out, const void *x, const int64_t *indices, int64_t outer,
               int64_t n, int64_t count, int64_t inner) {
  Indexing indexing = {out, x, indices, (int64_t)item_size, outer, n, count, inner, NULL, false};
  run_in_order(&indexing, scatter_part);
}

static void scatter_add_part(void *context, int64_t start, int64_t end) {
  const Addition *addition = context;
  const Indexing *indexing = &addition->indexing;
  addition->loops->scatter_add(indexing, part_of(indexing, start, end));
}

void k_scatter_add(KType type, void *out, const void *x, const int64_t *indices, int64_t outer,
                   int64_t n, int64_t count, int64_t inner) {
  Addition addition = {{out, x, indices, (int64_t)k_element_size(type), outer, n, count, inner, NULL,
                        false},
                       loops[type]};
  run_in_order(&addition.indexing, scatter_add_part);
}
