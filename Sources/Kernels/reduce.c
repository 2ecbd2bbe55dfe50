// Reductions in an order that depends on the number of elements alone.
//
// The n elements are dealt to lanes, 64 of float32, 32 of float64: lane l of a block of 16 rounds
// takes elements l, l + 64, l + 128 ... in order. Blocks are combined lane by lane in a binary tree
// that splits before the last power of two of blocks; at the end the lanes are combined by halves.
// Rounding errors of a sum so grow with 16 + log2 n. The lanes fill vectors of any instruction set,
// whole subtrees go to threads, and columns (inner > 1) use the same order with one vector of
// columns per lane: nothing of this shows in the bits.
#include "isa.h"

#include <string.h>

#include "copy.h"
#include "epilogue.h"

#define REDUCE_LANE_BYTES 256
#define ROUNDS 16
/// Lanes of a tile of columns; also the size of one step of recursion on the stack.
#define BUFFER_BYTES 16384
#define PAGE 4096
/// Short rows are transposed, so that they are reduced as columns, this many at once.
#define ROWS_AT_ONCE 64
/// The largest square that the transpose moves at once.
#define TRANSPOSE_BLOCK 16

typedef struct ReduceLoops {
  int64_t lanes;
  void (*block)(void *lanes, const void *x, int64_t row_stride, int64_t columns, int64_t rows);
  void (*combine)(void *into, const void *x, int64_t count);
  void (*fold)(void *lanes, int64_t count, int64_t columns);
} ReduceLoops;

#define K_TEMPLATE "reduce.inc"
#include "for_each_isa.h"

typedef struct Reduction {
  const ReduceLoops *loops;
  size_t size;
  char *out;
  const char *x;
  int64_t outer;
  int64_t n;
  int64_t inner;
  /// Columns of a tile, and tiles of [n, inner].
  int64_t columns;
  int64_t tiles;
  /// What computes x block by block, or null; whether x then lies nowhere else.
  const KProgram *program;
  bool is_transient;
} Reduction;

// MARK: Trees

/// The largest `unit` times a power of two that is less than n; n > unit.
static int64_t left_half(int64_t n, int64_t unit) {
  int64_t half = unit;
  while (half * 2 < n) half *= 2;
  return half;
}

static int64_t lanes_of(const ReduceLoops *loops, int64_t rows) {
  return k_minimum_of(rows, loops->lanes);
}

/// A block of x as soon as it is computed, while it is in the cache.
static void reduce_computed_block(const Reduction *reduction, char *lanes, const char *x,
                                  int64_t count) {
  // Within its pages the block lies like x; see program.c.
  _Alignas(PAGE) char block[REDUCE_LANE_BYTES * ROUNDS + PAGE];
  int64_t distance = x - reduction->x;
  const char *from = reduction->is_transient ? block + (distance & (PAGE - 64)) : x;
  k_run_program_part(reduction->program, distance / (int64_t)reduction->size, count,
                     from - distance);
  reduction->loops->block(lanes, from, 1, 1, count);
}

static void reduce_rows(const Reduction *reduction, char *lanes, const char *x, int64_t columns,
                        int64_t rows) {
  const ReduceLoops *loops = reduction->loops;
  int64_t block = loops->lanes * ROUNDS;
  if (rows <= block) {
    if (reduction->program) {
      reduce_computed_block(reduction, lanes, x, rows);
    } else {
      loops->block(lanes, x, reduction->inner, columns, rows);
    }
    return;
  }
  _Alignas(64) char right[BUFFER_BYTES];
  int64_t half = left_half(rows, block);
  int64_t half_bytes = half * reduction->inner * (int64_t)reduction->size;
  reduce_rows(reduction, lanes, x, columns, half);
  reduce_rows(reduction, right, x + half_bytes, columns, rows - half);
  loops->combine(lanes, right, lanes_of(loops, rows - half) * columns);
}

// MARK: Tiles of columns

/// Tile `index` of all: where it begins in x and in out, and its columns.
typedef struct Tile {
  const char *x;
  char *out;
  int64_t columns;
} Tile;

static Tile tile_at(const Reduction *reduction, int64_t index) {
  int64_t size = (int64_t)reduction->size;
  int64_t o = reduction->tiles == 1 ? index : index / reduction->tiles;
  int64_t column = (index - o * reduction->tiles) * reduction->columns;
  Tile tile;
  tile.x = reduction->x + (o * reduction->n * reduction->inner + column) * size;
  tile.out = reduction->out + (o * reduction->inner + column) * size;
  tile.columns = k_minimum_of(reduction->columns, reduction->inner - column);
  return tile;
}

static void finish(const Reduction *reduction, const Tile *tile, char *lanes) {
  const ReduceLoops *loops = reduction->loops;
  loops->fold(lanes, lanes_of(loops, reduction->n), tile->columns);
  memcpy(tile->out, lanes, (size_t)tile->columns * reduction->size);
}

static void reduce_tiles(void *context, int64_t start, int64_t end) {
  const Reduction *reduction = context;
  _Alignas(64) char lanes[BUFFER_BYTES];
  for (int64_t index = start; index < end; index++) {
    Tile tile = tile_at(reduction, index);
    reduce_rows(reduction, lanes, tile.x, tile.columns, reduction->n);
    finish(reduction, &tile, lanes);
  }
}

// MARK: One tile on several threads

typedef struct Chunks {
  const Reduction *reduction;
  const Tile *tile;
  /// A power of two of blocks, so that every chunk is a subtree.
  int64_t rows;
  char *lanes;
  int64_t lane_bytes;
} Chunks;

static void reduce_chunk(void *context, int64_t index) {
  const Chunks *chunks = context;
  const Reduction *reduction = chunks->reduction;
  int64_t first = index * chunks->rows;
  int64_t rows = k_minimum_of(chunks->rows, reduction->n - first);
  const char *x = chunks->tile->x + first * reduction->inner * (int64_t)reduction->size;
  reduce_rows(reduction, chunks->lanes + index * chunks->lane_bytes, x, chunks->tile->columns, rows);
}

static void combine_chunks(const Chunks *chunks, int64_t first, int64_t count) {
  if (count == 1) return;
  int64_t half = left_half(count, 1);
  combine_chunks(chunks, first, half);
  combine_chunks(chunks, first + half, count - half);
  const Reduction *reduction = chunks->reduction;
  int64_t rows_on_right = reduction->n - (first + half) * chunks->rows;
  int64_t lanes = lanes_of(reduction->loops, rows_on_right);
  reduction->loops->combine(chunks->lanes + first * chunks->lane_bytes,
                            chunks->lanes + (first + half) * chunks->lane_bytes,
                            lanes * chunks->tile->columns);
}

static void reduce_in_chunks(const Reduction *reduction, int64_t index, int64_t chunk_rows) {
  Tile tile = tile_at(reduction, index);
  int64_t count = (reduction->n + chunk_rows - 1) / chunk_rows;
  int64_t lane_bytes = REDUCE_LANE_BYTES * tile.columns;
  size_t bytes = (size_t)(count * lane_bytes);
  Chunks chunks = {reduction, &tile, chunk_rows, k_allocate(bytes), lane_bytes};
  k_run_tasks(count, reduce_chunk, &chunks);
  combine_chunks(&chunks, 0, count);
  finish(reduction, &tile, chunks.lanes);
  k_free(chunks.lanes, bytes);
}

// MARK: Few elements

/// The most elements for which nothing is planned.
#define FEW 1024

/// Reduces x[outer, n, inner] of few elements: every [n, inner] is one tile and one block of rows.
static void reduce_few(const Reduction *reduction) {
  _Alignas(64) char lanes[FEW * 8];
  Tile tile = {reduction->x, reduction->out, reduction->inner};
  int64_t size = (int64_t)reduction->size;
  for (int64_t o = 0; o < reduction->outer; o++) {
    reduction->loops->block(lanes, tile.x, reduction->inner, reduction->inner, reduction->n);
    finish(reduction, &tile, lanes);
    tile.x += reduction->n * reduction->inner * size;
    tile.out += reduction->inner * size;
  }
}

// MARK: Short rows

/// Rows start ..< end of x[outer, n], n less than the lanes: transposed, a row is a column, and the
/// fold of its n lanes is the whole reduction.
static void reduce_short_rows(void *context, int64_t start, int64_t end) {
  const Reduction *reduction = context;
  int64_t n = reduction->n;
  int64_t size = (int64_t)reduction->size;
  // Whole blocks of the transpose are faster than exact ones: they read into the next rows.
  int64_t padded = (n + TRANSPOSE_BLOCK - 1) / TRANSPOSE_BLOCK * TRANSPOSE_BLOCK;
  _Alignas(64) char lanes[REDUCE_LANE_BYTES * ROWS_AT_ONCE];
  for (int64_t row = start; row < end; row += ROWS_AT_ONCE) {
    int64_t rows = k_minimum_of(end - row, ROWS_AT_ONCE);
    bool may_read_on = (row + rows - 1) * n + padded <= reduction->outer * n;
    k_copy_matrix(reduction->size, lanes, rows, reduction->x + row * n * size, 1, n,
                  may_read_on ? padded : n, rows);
    reduction->loops->fold(lanes, n, rows);
    memcpy(reduction->out + row * size, lanes, (size_t)(rows * size));
  }
}

// MARK: Entry points

/// The reduction of no elements; false (0) and true (1) for maximum and minimum of bool.
static void fill_identity(KReduce op, KType type, void *out, int64_t count) {
  union {
    float float32;
    double float64;
    int32_t int32;
    int64_t int64;
    uint8_t uint8;
  } value = {.int64 = 0};
  if (op == KReduceProduct || op == KReduceMinimum) {
    switch (type) {
      case KTypeFloat32: value.float32 = 1; break;
      case KTypeFloat64: value.float64 = 1; break;
      case KTypeInt32: value.int32 = 1; break;
      case KTypeInt64: value.int64 = 1; break;
      case KTypeUInt8:
      case KTypeBool: value.uint8 = 1; break;
    }
  }
  k_fill(type, out, &value, count);
}

/// Tiles, or the parts of few tiles, for all threads. `cost` says how much longer than a sum an
/// element takes.
static void run_reduction(const Reduction *reduction, int64_t cost) {
  int64_t tiles = reduction->outer * reduction->tiles;
  int64_t chunk_rows = reduction->loops->lanes * ROUNDS;
  while (chunk_rows * reduction->columns * cost < 32768) chunk_rows *= 2;
  int threads = k_thread_count();
  if (threads > 1 && tiles < 2 * threads && reduction->n >= 2 * chunk_rows) {
    for (int64_t index = 0; index < tiles; index++) reduce_in_chunks(reduction, index, chunk_rows);
    return;
  }
  k_run_ranges(tiles, k_grain(reduction->n * reduction->columns * cost), reduce_tiles,
               (void *)reduction);
}

void k_reduce_program(KReduce op, KType type, void *out, const KProgram *program, const void *x,
                      int64_t outer, int64_t n) {
  // A place that is never read stands in for one of x's own.
  Reduction reduction = {
    .loops = K_PICK(reduce_loops)[op][type], .size = k_element_size(type),
    .out = out, .x = x ? x : out, .outer = outer, .n = n, .inner = 1, .columns = 1, .tiles = 1,
    .program = program, .is_transient = x == NULL,
  };
  run_reduction(&reduction, k_minimum_of(k_program_cost(program), 32));
}

void k_reduce(KReduce op, KType type, void *out, const void *x, int64_t outer, int64_t n,
              int64_t inner) {
  if (outer * inner == 0) return;
  if (n == 0) {
    fill_identity(op, type, out, outer * inner);
    return;
  }
  Reduction reduction = {
    .loops = K_PICK(reduce_loops)[op][type], .size = k_element_size(type),
    .out = out, .x = x, .outer = outer, .n = n, .inner = inner, .columns = 1, .tiles = 1,
  };
  int64_t lanes = lanes_of(reduction.loops, n);
  if (inner == 1 && n < reduction.loops->lanes && outer >= TRANSPOSE_BLOCK) {
    int64_t grain = k_grain(n) + ROWS_AT_ONCE;
    k_run_ranges(outer, grain, reduce_short_rows, &reduction);
    return;
  }
  if (outer * n * inner <= FEW && n <= reduction.loops->lanes * ROUNDS) {
    reduce_few(&reduction);
    return;
  }
  if (inner > 1) {
    int64_t widest = BUFFER_BYTES / (uint32_t)(lanes * (int64_t)reduction.size);
    reduction.columns = k_minimum_of(inner, widest);
    reduction.tiles = inner <= widest ? 1 : (inner + widest - 1) / widest;
  }
  run_reduction(&reduction, 1);
}
