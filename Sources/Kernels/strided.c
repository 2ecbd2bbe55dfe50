// Elementwise operations on strided operands: one walker, which hands contiguous pieces to the
// loops.
//
// After axes of size 1 are dropped and neighbours merged, there are two ways to walk.
// - Panels, when the inner axis is long: blocks of rows of the inner axis. An operand whose inner
//   stride is 1 or 0 is read where it lies; another one is first copied into a buffer, and the rows
//   run along the axis where it is contiguous, so that the copy is a transpose of a block.
// - Tiles, when the inner axis is short: TILE consecutive elements of the output, whatever axes
//   they span. An operand that is contiguous or a single value is read where it lies; another one
//   is first gathered into a buffer. If its pattern repeats ([n, 4] + [4]), one gathered tile
//   serves all.
// Neither way changes what is computed for an element, so threads may share the work at any border.
#include <string.h>

#include "copy.h"
#include "elementwise.h"
#include "space.h"

#define TILE 512
#define LARGEST_ITEM 8
/// Shorter rows go by tiles: a call per row costs more than gathering. So does all that fits into a
/// tile.
#define SHORTEST_ROW 24
/// Up to so many rows of a small operation are each worth a call.
#define FEW_ROWS 8
#define PANEL_COLUMNS 256
#define PANEL_AREA 4096
/// Without copies, panels are merely what threads share.
#define LONG_PANEL_COLUMNS 8192

typedef struct Operand {
  const char *data;
  size_t size;
  /// Whether it has to be copied into a buffer before the loop can read it.
  bool is_copied;
  /// The loop's step: 0 for a single value, else 1.
  int step;
  /// Tiles: its own axes, merged without regard to the other operands.
  Space own;
  /// Tiles: its offsets repeat after so many elements.
  int64_t period;
} Operand;

typedef union Loop {
  k_unary_loop unary;
  k_binary_loop binary;
  k_select_loop select;
} Loop;

typedef struct Walk {
  /// Operand 0 is the output, which is contiguous.
  Space space;
  int inputs;
  Operand operands[MAX_OPERANDS];
  char *out;
  size_t out_size;
  Loop loop;
  int64_t count;
  enum { BY_TILES, BY_PANELS, BY_FEW_ROWS } way;
  int64_t tile;
  Panels panels;
} Walk;

K_INLINE void call_loop(const Walk *walk, char *out, const char *const inputs[], int64_t count) {
  switch (walk->inputs) {
    case 1: walk->loop.unary(out, inputs[1], count); break;
    case 2: walk->loop.binary(out, inputs[1], inputs[2], count); break;
    default: walk->loop.select(out, (const uint8_t *)inputs[1], inputs[2], inputs[3], count);
  }
}

/// Sets what depends on the stride of the axis along which the loop will run.
K_INLINE void plan_operand(Operand *operand, int64_t stride, bool has_steps) {
  operand->is_copied = stride != 1 && (stride != 0 || !has_steps);
  operand->step = operand->is_copied || stride == 1;
}

// MARK: Tiles

/// Copies elements from `start` on, in row-major order of the operand's own axes.
static void gather_range(const Operand *operand, char *buffer, int64_t start, int64_t count) {
  const Space *space = &operand->own;
  const int64_t *strides = space->strides[0];
  int inner = space->rank - 1;
  int64_t size = (int64_t)operand->size;
  int64_t index[K_MAX_RANK] = {0};
  int64_t offset = 0;
  for (int axis = inner; axis >= 0 && start > 0; axis--) {
    index[axis] = start % space->shape[axis];
    start /= space->shape[axis];
    offset += index[axis] * strides[axis];
  }
  while (count > 0) {
    const char *from = operand->data + offset * size;
    // Whole rows, as many as there are, or else the rest of one.
    int64_t run = k_minimum_of(space->shape[inner] - index[inner], count);
    int64_t rows = 1;
    if (inner > 0 && index[inner] == 0 && count >= 2 * run) {
      rows = k_minimum_of(space->shape[inner - 1] - index[inner - 1], count / run);
    }
    int64_t row_stride = inner > 0 ? strides[inner - 1] : 0;
    k_copy_short_rows(operand->size, buffer, from, row_stride, strides[inner], rows, run);
    buffer += rows * run * size;
    count -= rows * run;
    if (count == 0) return;
    // On to the next row that was not copied.
    offset -= index[inner] * strides[inner];
    index[inner] = 0;
    int64_t steps = rows;
    for (int axis = inner - 1; axis >= 0; axis--) {
      offset += steps * strides[axis];
      index[axis] += steps;
      if (index[axis] < space->shape[axis]) break;
      offset -= index[axis] * strides[axis];
      index[axis] = 0;
      steps = 1;
    }
  }
}

/// Fills a buffer with a tile of an operand. A tile begins a period if it is a multiple of periods.
static void gather(const Operand *operand, char *buffer, int64_t start, int64_t count,
                   bool begins_period) {
  int64_t filled = begins_period ? k_minimum_of(operand->period, count) : count;
  gather_range(operand, buffer, start, filled);
  while (filled < count) {
    int64_t more = k_minimum_of(filled, count - filled);
    memcpy(buffer + filled * (int64_t)operand->size, buffer, (size_t)more * operand->size);
    filled += more;
  }
}

static void run_tiles(void *context, int64_t start, int64_t end) {
  const Walk *walk = context;
  _Alignas(64) char buffers[MAX_OPERANDS][TILE * LARGEST_ITEM];
  const char *inputs[MAX_OPERANDS];
  for (int64_t tile = start; tile < end; tile++) {
    int64_t first = tile * walk->tile;
    int64_t count = k_minimum_of(walk->tile, walk->count - first);
    for (int i = 1; i <= walk->inputs; i++) {
      const Operand *operand = &walk->operands[i];
      if (!operand->is_copied) {
        inputs[i] = operand->data + first * operand->step * (int64_t)operand->size;
        continue;
      }
      bool begins_period = first == 0 || walk->tile % operand->period == 0;
      bool is_gathered = tile > start && begins_period;
      if (!is_gathered) gather(operand, buffers[i], first, count, begins_period);
      inputs[i] = buffers[i];
    }
    call_loop(walk, walk->out + first * (int64_t)walk->out_size, inputs, count);
  }
}

static void plan_tiles(Walk *walk) {
  const Space *space = &walk->space;
  walk->way = BY_TILES;
  walk->tile = TILE;
  for (int i = 1; i <= walk->inputs; i++) {
    Operand *operand = &walk->operands[i];
    Space *own = &operand->own;
    own->rank = 0;
    own->operands = 1;
    for (int axis = 0; axis < space->rank; axis++) {
      k_append_axis(own, space->shape[axis], &space->strides[i][axis]);
    }
    k_ensure_axis(own);
    // More than one axis: no single stride reads it, whatever the inner one is.
    int64_t stride = own->rank == 1 ? own->strides[0][0] : INT64_MAX;
    plan_operand(operand, stride, walk->inputs > 1);
    if (!operand->is_copied) continue;
    bool repeats = own->strides[0][0] == 0;
    operand->period = k_count(own->shape + repeats, own->rank - repeats);
    if (operand->period <= TILE && walk->count > TILE) {
      walk->tile = TILE / operand->period * operand->period;
    }
  }
}

// MARK: Panels

typedef char Buffers[MAX_OPERANDS][PANEL_AREA * LARGEST_ITEM];

K_INLINE void run_panel(const Walk *walk, const Panel *panel, Buffers buffers) {
  const Space *space = &walk->space;
  const char *inputs[MAX_OPERANDS];
  int64_t row_bytes[MAX_OPERANDS];
  for (int i = 1; i <= walk->inputs; i++) {
    const Operand *operand = &walk->operands[i];
    int64_t size = (int64_t)operand->size;
    inputs[i] = operand->data + panel->offsets[i] * size;
    row_bytes[i] = panel->row_strides[i] * size;
    if (!operand->is_copied) continue;
    k_copy_matrix(operand->size, buffers[i], panel->columns, inputs[i], panel->row_strides[i],
                  space->strides[i][space->rank - 1], panel->rows, panel->columns);
    inputs[i] = buffers[i];
    row_bytes[i] = panel->columns * size;
  }
  char *out = walk->out + panel->offsets[0] * (int64_t)walk->out_size;
  for (int64_t r = 0; r < panel->rows; r++) {
    call_loop(walk, out, inputs, panel->columns);
    out += panel->row_strides[0] * (int64_t)walk->out_size;
    for (int i = 1; i <= walk->inputs; i++) inputs[i] += row_bytes[i];
  }
}

static void run_panels(void *context, int64_t start, int64_t end) {
  const Walk *walk = context;
  _Alignas(64) Buffers buffers;
  for (int64_t index = start; index < end; index++) {
    Panel panel = k_panel_at(&walk->panels, index);
    run_panel(walk, &panel, buffers);
  }
}

/// A few rows that need no copy: one panel, found without a division.
static void run_few_rows(const Walk *walk) {
  const Space *space = &walk->space;
  int inner = space->rank - 1;
  Panel panel = {.rows = inner > 0 ? space->shape[0] : 1, .columns = space->shape[inner]};
  for (int i = 0; i < space->operands; i++) panel.row_strides[i] = space->strides[i][0];
  run_panel(walk, &panel, NULL);
}

/// Sets how each operand is read by rows; returns the first one that has to be copied, or 0.
static int plan_rows(Walk *walk) {
  const Space *space = &walk->space;
  int copied = 0;
  for (int i = 1; i <= walk->inputs; i++) {
    plan_operand(&walk->operands[i], space->strides[i][space->rank - 1], walk->inputs > 1);
    if (walk->operands[i].is_copied && copied == 0) copied = i;
  }
  return copied;
}

static void plan_panels(Walk *walk) {
  const Space *space = &walk->space;
  int inner = space->rank - 1;
  int row_axis = inner - 1;
  int copied = plan_rows(walk);
  for (int axis = 0; axis < inner && copied > 0; axis++) {
    if (space->strides[copied][axis] == 1) row_axis = axis;
  }
  walk->way = BY_PANELS;
  walk->panels = copied > 0 ? k_divide(space, row_axis, PANEL_COLUMNS, PANEL_AREA)
                            : k_divide(space, row_axis, LONG_PANEL_COLUMNS, LONG_PANEL_COLUMNS);
}

// MARK: Walk

/// Decides how to walk, and so the steps of the loop. Returns whether there is anything to do.
static bool plan(Walk *walk, const int64_t *const strides[], const int64_t *shape, int rank) {
  walk->count = k_count(shape, rank);
  if (walk->count == 0) return false;
  int64_t axis_strides[K_MAX_RANK][MAX_OPERANDS];
  int64_t out_stride = 1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    axis_strides[axis][0] = out_stride;
    for (int i = 1; i <= walk->inputs; i++) axis_strides[axis][i] = strides[i - 1][axis];
    out_stride *= shape[axis];
  }
  Space *space = &walk->space;
  space->rank = 0;
  space->operands = walk->inputs + 1;
  for (int axis = 0; axis < rank; axis++) k_append_axis(space, shape[axis], axis_strides[axis]);
  k_ensure_axis(space);
  bool is_small = walk->count <= TILE;
  bool has_few_rows = space->rank == 1 || (space->rank == 2 && space->shape[0] <= FEW_ROWS);
  bool has_short_rows = space->rank > 1 && space->shape[space->rank - 1] < SHORTEST_ROW;
  if (is_small && has_few_rows && plan_rows(walk) == 0) {
    walk->way = BY_FEW_ROWS;
  } else if (is_small || has_short_rows) {
    plan_tiles(walk);
  } else {
    plan_panels(walk);
  }
  return true;
}

/// `cost` is an element's, relative to an addition's.
static void run(Walk *walk, int64_t cost) {
  if (walk->way == BY_FEW_ROWS) {
    run_few_rows(walk);
  } else if (walk->way == BY_PANELS) {
    int64_t area = walk->panels.rows * walk->panels.columns;
    k_run_ranges(walk->panels.count, k_grain(area * cost), run_panels, walk);
  } else if (walk->count <= walk->tile) {
    run_tiles(walk, 0, 1);
  } else {
    int64_t tiles = (walk->count + walk->tile - 1) / walk->tile;
    k_run_ranges(tiles, k_grain(walk->tile * cost), run_tiles, walk);
  }
}

/// What a transcendental function costs, in additions: so many fewer elements are worth a thread.
#define COSTLY 8

static int64_t unary_cost(KUnary op) {
  return op >= KUnaryExp && op != KUnaryRelu ? COSTLY : 1;
}

static int64_t binary_cost(KBinary op) {
  switch (op) {
    case KBinaryPower:
    case KBinaryAtan2:
    case KBinaryRemainder:
    case KBinaryLogAddExp:
    case KBinaryXLogY: return COSTLY;
    default: return 1;
  }
}

static void set_operand(Walk *walk, int i, const void *data, size_t size) {
  walk->operands[i].data = data;
  walk->operands[i].size = size;
}

void k_unary_strided(KUnary op, KType type, void *out, const void *x, const int64_t *x_strides,
                     const int64_t *shape, int rank) {
  size_t size = k_element_size(type);
  Walk walk;
  walk.inputs = 1;
  walk.out = out;
  walk.out_size = size;
  set_operand(&walk, 1, x, size);
  if (!plan(&walk, (const int64_t *[]){x_strides}, shape, rank)) return;
  walk.loop.unary = k_unary_loop_for(op, type);
  run(&walk, unary_cost(op));
}

void k_binary_strided(KBinary op, KType type, void *out, const void *a, const int64_t *a_strides,
                      const void *b, const int64_t *b_strides, const int64_t *shape, int rank) {
  size_t size = k_element_size(type);
  Walk walk;
  walk.inputs = 2;
  walk.out = out;
  walk.out_size = size;
  set_operand(&walk, 1, a, size);
  set_operand(&walk, 2, b, size);
  if (!plan(&walk, (const int64_t *[]){a_strides, b_strides}, shape, rank)) return;
  walk.loop.binary = k_binary_loop_for(op, type, walk.operands[1].step, walk.operands[2].step);
  run(&walk, binary_cost(op));
}

void k_compare_strided(KCompare op, KType type, uint8_t *out, const void *a,
                       const int64_t *a_strides, const void *b, const int64_t *b_strides,
                       const int64_t *shape, int rank) {
  size_t size = k_element_size(type);
  Walk walk;
  walk.inputs = 2;
  walk.out = (char *)out;
  walk.out_size = 1;
  set_operand(&walk, 1, a, size);
  set_operand(&walk, 2, b, size);
  if (!plan(&walk, (const int64_t *[]){a_strides, b_strides}, shape, rank)) return;
  walk.loop.binary = k_compare_loop_for(op, type, walk.operands[1].step, walk.operands[2].step);
  run(&walk, 1);
}

void k_select_strided(size_t item_size, void *out, const uint8_t *condition,
                      const int64_t *c_strides, const void *a, const int64_t *a_strides,
                      const void *b, const int64_t *b_strides, const int64_t *shape, int rank) {
  Walk walk;
  walk.inputs = 3;
  walk.out = out;
  walk.out_size = item_size;
  set_operand(&walk, 1, condition, 1);
  set_operand(&walk, 2, a, item_size);
  set_operand(&walk, 3, b, item_size);
  const int64_t *strides[] = {c_strides, a_strides, b_strides};
  if (!plan(&walk, strides, shape, rank)) return;
  const Operand *operands = walk.operands;
  walk.loop.select = k_select_loop_for(item_size, operands[1].step, operands[2].step,
                                       operands[3].step);
  run(&walk, 1);
}
