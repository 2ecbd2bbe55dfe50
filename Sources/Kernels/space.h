// Index spaces with strided operands, and their division into panels.
#ifndef SPACE_H
#define SPACE_H
#include "split.h"

/// An output and up to three inputs.
#define MAX_OPERANDS 4

/// Axes of one size for several operands, each with strides of its own. Operand 0 is the output.
typedef struct Space {
  int rank;
  int operands;
  int64_t shape[K_MAX_RANK];
  int64_t strides[MAX_OPERANDS][K_MAX_RANK];
} Space;

/// Appends an axis, or merges it into the last one where memory allows it for every operand; an
/// axis of size 1 changes nothing. Axes come from the outermost to the innermost.
K_INLINE void k_append_axis(Space *space, int64_t size, const int64_t *strides) {
  if (size == 1) return;
  int last = space->rank - 1;
  bool merges = last >= 0;
  for (int i = 0; i < space->operands && merges; i++) {
    merges = space->strides[i][last] == strides[i] * size;
  }
  if (!merges) {
    last = space->rank++;
    space->shape[last] = 1;
  }
  space->shape[last] *= size;
  for (int i = 0; i < space->operands; i++) space->strides[i][last] = strides[i];
}

/// Gives a space without axes, a single element, an axis of size 1.
K_INLINE void k_ensure_axis(Space *space) {
  if (space->rank > 0) return;
  space->rank = 1;
  space->shape[0] = 1;
  for (int i = 0; i < space->operands; i++) space->strides[i][0] = 0;
}

K_INLINE int64_t k_count(const int64_t *shape, int rank) {
  int64_t count = 1;
  for (int axis = 0; axis < rank; axis++) count *= shape[axis];
  return count;
}

/// A division of a space into blocks of rows: `columns` run along the innermost axis, rows along
/// row_axis.
typedef struct Panels {
  const Space *space;
  int row_axis;
  int64_t rows;
  int64_t columns;
  int64_t row_blocks;
  int64_t column_blocks;
  int64_t count;
} Panels;

typedef struct Panel {
  int64_t rows;
  int64_t columns;
  int64_t offsets[MAX_OPERANDS];
  int64_t row_strides[MAX_OPERANDS];
} Panel;

/// Panels of at most max_columns columns and about `area` elements. A space of one axis has
/// row_axis -1.
K_INLINE Panels k_divide(const Space *space, int row_axis, int64_t max_columns, int64_t area) {
  int64_t rows = row_axis < 0 ? 1 : space->shape[row_axis];
  int64_t columns = space->shape[space->rank - 1];
  Panels panels = {.space = space, .row_axis = row_axis};
  panels.columns = k_minimum_of(columns, max_columns);
  panels.rows = k_minimum_of(rows, area / panels.columns);
  panels.row_blocks = (rows + panels.rows - 1) / panels.rows;
  panels.column_blocks = (columns + panels.columns - 1) / panels.columns;
  panels.count = panels.row_blocks * panels.column_blocks;
  for (int axis = 0; axis < space->rank - 1; axis++) {
    if (axis != row_axis) panels.count *= space->shape[axis];
  }
  return panels;
}

/// Rows vary fastest, so that a panel of a transposed operand follows its neighbour in memory.
K_INLINE Panel k_panel_at(const Panels *panels, int64_t index) {
  const Space *space = panels->space;
  int inner = space->rank - 1;
  int64_t row = index % panels->row_blocks * panels->rows;
  int64_t rest = index / panels->row_blocks;
  int64_t column = rest % panels->column_blocks * panels->columns;
  rest /= panels->column_blocks;
  int64_t all_rows = panels->row_axis < 0 ? 1 : space->shape[panels->row_axis];
  Panel panel;
  panel.rows = k_minimum_of(panels->rows, all_rows - row);
  panel.columns = k_minimum_of(panels->columns, space->shape[inner] - column);
  for (int i = 0; i < space->operands; i++) {
    panel.row_strides[i] = panels->row_axis < 0 ? 0 : space->strides[i][panels->row_axis];
    panel.offsets[i] = row * panel.row_strides[i] + column * space->strides[i][inner];
  }
  for (int axis = inner - 1; axis >= 0; axis--) {
    if (axis == panels->row_axis) continue;
    int64_t position = rest % space->shape[axis];
    rest /= space->shape[axis];
    for (int i = 0; i < space->operands; i++) {
      panel.offsets[i] += position * space->strides[i][axis];
    }
  }
  return panel;
}

#endif
