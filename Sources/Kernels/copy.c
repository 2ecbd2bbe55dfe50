// Copies between strided arrays: rows where both sides are contiguous, transposes by square blocks.
#include "copy.h"

#include <string.h>

#include "space.h"

#define K_TEMPLATE "copy.inc"
#include "for_each_isa.h"

/// Rows of fewer bytes are copied by a loop: a call of memcpy costs more.
#define SHORTEST_MEMCPY 64
#define LINE 64
/// A panel of a transpose fits into the L1 cache together with its source.
#define PANEL_COLUMNS 256
#define PANEL_AREA 4096
#define LONG_PANEL_COLUMNS (1 << 15)

/// memcpy, from the end to the beginning where the target lies a little ahead of the source within
/// their pages: the other way each load would wait for the store before (see memory.c).
static void copy_bytes(char *to, const char *from, size_t bytes) {
  uintptr_t ahead = ((uintptr_t)to - (uintptr_t)from) % 4096;
  if (bytes < 1024 || ahead == 0 || ahead > 1024) {
    memcpy(to, from, bytes);
    return;
  }
  for (; bytes >= LINE; bytes -= LINE) memcpy(to + bytes - LINE, from + bytes - LINE, LINE);
  memcpy(to, from, bytes);
}

void k_copy_matrix(size_t item_size, void *out, int64_t out_row, const void *x, int64_t x_row,
                   int64_t x_column, int64_t rows, int64_t columns) {
  if (x_row == 1 && x_column != 1 && rows > 1) {
    switch (item_size) {
      case 4: K_PICK(transpose_4)(out, out_row, x, x_column, rows, columns); return;
      case 8: K_PICK(transpose_8)(out, out_row, x, x_column, rows, columns); return;
      default: K_PICK(transpose_1)(out, out_row, x, x_column, rows, columns); return;
    }
  }
  char *to = out;
  const char *from = x;
  if (x_column == 0) {
    KType type = item_size == 4 ? KTypeInt32 : item_size == 8 ? KTypeInt64 : KTypeUInt8;
    for (int64_t r = 0; r < rows; r++)
      k_fill(type, to + r * out_row * (int64_t)item_size, from + r * x_row * (int64_t)item_size,
             columns);
    return;
  }
  size_t row_bytes = (size_t)columns * item_size;
  for (int64_t r = 0; r < rows; r++) {
    if (x_column == 1 && row_bytes >= SHORTEST_MEMCPY) {
      copy_bytes(to, from, row_bytes);
    } else {
      k_copy_run(item_size, to, 1, from, x_column, columns);
    }
    to += out_row * (int64_t)item_size;
    from += x_row * (int64_t)item_size;
  }
}

typedef struct Copy {
  Space space;
  Panels panels;
  size_t item_size;
  char *out;
  const char *x;
} Copy;

static void copy_panels(void *context, int64_t start, int64_t end) {
  const Copy *copy = context;
  int64_t size = (int64_t)copy->item_size;
  int inner = copy->space.rank - 1;
  int64_t out_column = copy->space.strides[0][inner];
  int64_t x_column = copy->space.strides[1][inner];
  for (int64_t index = start; index < end; index++) {
    Panel panel = k_panel_at(&copy->panels, index);
    char *out = copy->out + panel.offsets[0] * size;
    const char *x = copy->x + panel.offsets[1] * size;
    if (out_column == 1) {
      k_copy_matrix(copy->item_size, out, panel.row_strides[0], x, panel.row_strides[1], x_column,
                    panel.rows, panel.columns);
      continue;
    }
    for (int64_t r = 0; r < panel.rows; r++) {
      k_copy_run(copy->item_size, out, out_column, x, x_column, panel.columns);
      out += panel.row_strides[0] * size;
      x += panel.row_strides[1] * size;
    }
  }
}

static int64_t magnitude(int64_t stride) { return stride < 0 ? -stride : stride; }

/// The axes of size above 1, by falling stride of the output: a copy may take them in any order.
static int sort_axes(int *axes, const int64_t *strides, const int64_t *shape, int rank) {
  int count = 0;
  for (int axis = 0; axis < rank; axis++) {
    if (shape[axis] == 1) continue;
    int place = count++;
    while (place > 0 && magnitude(strides[axes[place - 1]]) < magnitude(strides[axis])) {
      axes[place] = axes[place - 1];
      place--;
    }
    axes[place] = axis;
  }
  return count;
}

void k_copy_strided(size_t item_size, void *out, const int64_t *out_strides, const void *x,
                    const int64_t *x_strides, const int64_t *shape, int rank) {
  if (k_count(shape, rank) == 0) return;
  Copy copy;
  copy.item_size = item_size;
  copy.out = out;
  copy.x = x;
  Space *space = &copy.space;
  space->rank = 0;
  space->operands = 2;
  int axes[K_MAX_RANK];
  int count = sort_axes(axes, out_strides, shape, rank);
  for (int i = 0; i < count; i++) {
    int axis = axes[i];
    k_append_axis(space, shape[axis], (int64_t[]){out_strides[axis], x_strides[axis]});
  }
  k_ensure_axis(space);

  int inner = space->rank - 1;
  int row_axis = inner - 1;
  bool is_contiguous = space->strides[1][inner] == 1;
  for (int axis = 0; axis < inner && !is_contiguous; axis++) {
    if (space->strides[1][axis] == 1) row_axis = axis;
  }
  copy.panels = is_contiguous ? k_divide(space, row_axis, LONG_PANEL_COLUMNS, LONG_PANEL_COLUMNS)
                              : k_divide(space, row_axis, PANEL_COLUMNS, PANEL_AREA);
  int64_t elements = copy.panels.rows * copy.panels.columns;
  k_run_ranges(copy.panels.count, k_grain(elements), copy_panels, &copy);
}

// MARK: Joining

typedef struct Join {
  char *out;
  int64_t count;
  const void *const *parts;
  const int64_t *starts;
} Join;

/// Bytes that are worth a thread's while.
#define JOIN_GRAIN 65536

static void join_pieces(void *context, int64_t first, int64_t end) {
  const Join *join = context;
  for (int64_t piece = first; piece < end; piece++) {
    int64_t row = piece / join->count;
    int64_t part = piece - row * join->count;
    int64_t bytes = join->starts[part + 1] - join->starts[part];
    char *to = join->out + row * join->starts[join->count] + join->starts[part];
    copy_bytes(to, (const char *)join->parts[part] + row * bytes, (size_t)bytes);
  }
}

void k_join(void *out, int64_t rows, int64_t count, const void *const *parts,
            const int64_t *starts) {
  Join join = {out, count, parts, starts};
  int64_t grain = JOIN_GRAIN * count / (starts[count] + 1) + 1;
  k_run_ranges(rows * count, grain, join_pieces, &join);
}
