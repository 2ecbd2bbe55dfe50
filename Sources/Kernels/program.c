// Programs: elementwise steps over tiles that stay in the L1 cache. A tile goes through all steps
// before the next one is touched, so intermediate results never reach memory. The loops, and the
// arithmetic of chains (chain.c), are those of the single operations, hence the bits are, too.
#include <string.h>

#include "chain.h"
#include "elementwise.h"

/// Bytes of a tile of the program's widest type: a dozen registers fit the L1 cache.
#define TILE_BYTES 2048
/// Loads and stores whose addresses agree but for whole pages get in each other's way if the loads
/// are a few lines ahead (see memory.c). So registers are half a page long and lie, within the pages,
/// like the elements of arrays that begin with a page: nothing is ahead.
#define PAGE 4096
#define LINE 64

// MARK: Preparation

/// Whether a place has an element for each of the tile, or one for all.
static int step_of(const KProgram *program, int16_t place) {
  return place >= 0 ? 1 : k_operand_step(&program->operands[-1 - place]);
}

void *k_loop_for(KStepKind kind, uint8_t op, KType from, KType to, int a_step, int b_step,
                 int c_step) {
  switch (kind) {
    case KStepKindUnary: return (void *)k_unary_loop_for((KUnary)op, from);
    case KStepKindBinary: return (void *)k_binary_loop_for((KBinary)op, from, a_step, b_step);
    case KStepKindCompare: return (void *)k_compare_loop_for((KCompare)op, from, a_step, b_step);
    case KStepKindSelect:
      return (void *)k_select_loop_for(k_element_size(to), a_step, b_step, c_step);
    case KStepKindConvert: return (void *)k_convert_loop_for(from, to);
    case KStepKindTest: return (void *)k_test_loop_for((KTest)op, from);
  }
}

void k_prepare_program(KProgram *program) {
  // Every value is an operand or the result of a step.
  size_t widest = 1;
  int registers = 0;
  for (int i = 0; i < program->operand_count; i++) {
    const KOperand *operand = &program->operands[i];
    size_t size = k_element_size(operand->type);
    if (size > widest) widest = size;
    if (operand->access == KAccessGathered && operand->gathered_register >= registers)
      registers = operand->gathered_register + 1;
  }
  for (int i = 0; i < program->step_count; i++) {
    KStep *step = &program->steps[i];
    int a = step_of(program, step->in[0]);
    step->repeats = a == 0;
    step->loop = k_loop_for(step->kind, step->op, step->from, step->to, a,
                            step_of(program, step->in[1]), step_of(program, step->in[2]));
    size_t size = k_element_size(step->to);
    if (size > widest) widest = size;
    if (step->out >= registers) registers = step->out + 1;
  }
  program->register_count = registers;
  program->tile = TILE_BYTES / (int64_t)widest;
  k_prepare_chains(program);
}

// MARK: Gathering

/// Copies `count` elements of a strided operand, in the order of the program's shape from element
/// `start` on, into consecutive memory.
static void gather(const KProgram *program, const KOperand *operand, char *out, int64_t start,
                   int64_t count) {
  int64_t size = (int64_t)k_element_size(operand->type);
  int last = program->rank - 1;
  int64_t index[K_MAX_RANK];
  int64_t rest = start;
  int64_t offset = 0;
  for (int axis = last; axis >= 0; axis--) {
    index[axis] = rest % program->shape[axis];
    rest /= program->shape[axis];
    offset += index[axis] * operand->strides[axis];
  }
  int64_t stride = operand->strides[last];
  while (count > 0) {
    int64_t run = k_minimum_of(count, program->shape[last] - index[last]);
    const char *from = (const char *)operand->data + offset * size;
    if (stride == 1) {
      memcpy(out, from, (size_t)(run * size));
    } else if (size == 4) {
      for (int64_t i = 0; i < run; i++) memcpy(out + 4 * i, from + i * stride * 4, 4);
    } else if (size == 8) {
      for (int64_t i = 0; i < run; i++) memcpy(out + 8 * i, from + i * stride * 8, 8);
    } else {
      for (int64_t i = 0; i < run; i++) out[i] = from[i * stride];
    }
    out += run * size;
    count -= run;
    // On to the next row: the last axis begins anew, and a carry goes through the others.
    offset -= index[last] * stride;
    index[last] = 0;
    for (int axis = last - 1; axis >= 0; axis--) {
      index[axis]++;
      offset += operand->strides[axis];
      if (index[axis] < program->shape[axis]) break;
      offset -= index[axis] * operand->strides[axis];
      index[axis] = 0;
    }
  }
}

// MARK: Execution

#define REGISTERS_BYTES (K_MAX_REGISTERS * TILE_BYTES + PAGE)

typedef struct Tile {
  /// The registers begin in the first page.
  _Alignas(PAGE) char memory[REGISTERS_BYTES];
  /// Operands with one element for all.
  _Alignas(LINE) char repeated[K_MAX_OPERANDS][K_REPEATED_BYTES];
  /// Where the elements of the product lie, as if from element 0 on.
  char *product;
  /// Where registers and operands begin.
  char *places[K_MAX_REGISTERS + K_MAX_OPERANDS];
} Tile;

K_INLINE void *place(const Tile *tile, int16_t number) {
  return tile->places[k_place_index(number)];
}

/// As many of the one element of an operand as a link reads; other steps read only the first.
K_INLINE char *repeated(Tile *tile, int operand, size_t size, const char *element) {
  char *out = tile->repeated[operand];
  if (size == 4) {
    uint32_t word;
    memcpy(&word, element, 4);
    for (int i = 0; i < K_REPEATED_BYTES; i += 4) memcpy(out + i, &word, 4);
  } else if (size == 8) {
    uint64_t word;
    memcpy(&word, element, 8);
    for (int i = 0; i < K_REPEATED_BYTES; i += 8) memcpy(out + i, &word, 8);
  } else {
    out[0] = *element;
  }
  return out;
}

static void repeat(const KStep *step, void *out, const void *a, int64_t count) {
  uint64_t value;
  if (step->loop) {
    ((k_unary_loop)step->loop)(&value, a, 1);
  } else {
    memcpy(&value, a, k_element_size(step->to));
  }
  k_fill(step->to, out, &value, count);
}

K_INLINE void run_steps(const KProgram *program, const Tile *tile, int64_t count) {
  const KStep *end = program->steps + program->step_count;
  for (const KStep *step = program->steps; step < end; step++) {
    if (step->chain_length > 0) {
      k_run_chain(program, step, tile->places, count);
      step += step->chain_length - 1;
      continue;
    }
    void *out = place(tile, step->out);
    const void *a = place(tile, step->in[0]);
    switch (step->kind) {
      case KStepKindUnary:
      case KStepKindConvert:
      case KStepKindTest:
        if (step->repeats) {
          repeat(step, out, a, count);
        } else if (step->loop) {
          ((k_unary_loop)step->loop)(out, a, count);
        } else {
          memmove(out, a, (size_t)count * k_element_size(step->to));
        }
        break;
      case KStepKindBinary:
      case KStepKindCompare:
        ((k_binary_loop)step->loop)(out, a, place(tile, step->in[1]), count);
        break;
      case KStepKindSelect:
        ((k_select_loop)step->loop)(out, a, place(tile, step->in[1]), place(tile, step->in[2]),
                                    count);
        break;
    }
  }
}

K_INLINE int64_t row_offset(const KProgram *program, const KOperand *operand, int64_t row) {
  int64_t offset = 0;
  for (int axis = program->row_rank - 1; axis > 0; axis--) {
    int64_t rest = row / program->shape[axis];
    offset += (row - rest * program->shape[axis]) * operand->strides[axis];
    row = rest;
  }
  return offset + row * operand->strides[0];
}

/// Elements from which on arrays do not stay in the L2 cache.
#define LARGE_COUNT (1 << 17)

/// Asks for what the next tile reads or writes while this one is computed: tiles follow each other too
/// slowly for the processor to see a stream. (Beyond the end of an array nothing happens.)
K_INLINE void fetch_next(const char *data, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += LINE) __builtin_prefetch(data + i, 0, 2);
}

/// Finds the operands that are the same for all tiles.
static void begin(const KProgram *program, Tile *tile) {
  for (int i = 0; i < program->operand_count; i++) {
    const KOperand *operand = &program->operands[i];
    if (operand->access == KAccessSingle)
      tile->places[K_MAX_REGISTERS + i] =
          repeated(tile, i, k_element_size(operand->type), operand->data);
  }
}

/// `count` elements from `start` on, all in row `row`.
K_INLINE void run_tile(const KProgram *program, Tile *tile, int64_t row, int64_t start,
                       int64_t count) {
  int64_t first_byte = start * (TILE_BYTES / program->tile);
  char *registers = tile->memory + (first_byte & (PAGE - LINE));
  for (int i = 0; i < program->register_count; i++) tile->places[i] = registers + i * TILE_BYTES;
  bool is_large = program->rows * program->columns >= LARGE_COUNT;
  for (int i = 0; i < program->operand_count; i++) {
    const KOperand *operand = &program->operands[i];
    char *data = operand->data;
    int64_t size = (int64_t)k_element_size(operand->type);
    switch (operand->access) {
      case KAccessSingle: continue;
      case KAccessFlat:
        data += start * size;
        if (is_large) fetch_next(data + count * size, count * size);
        break;
      case KAccessRows: {
        int64_t column = start - row * program->columns;
        data += (row_offset(program, operand, row) + column * operand->step) * size;
        if (operand->step == 0) data = repeated(tile, i, (size_t)size, data);
        break;
      }
      case KAccessGathered:
        data = registers + operand->gathered_register * TILE_BYTES;
        gather(program, operand, data, start, count);
        break;
      case KAccessBlock: data = tile->product + start * size; break;
    }
    tile->places[K_MAX_REGISTERS + i] = data;
  }
  run_steps(program, tile, count);
}

static void run_rows(void *context, int64_t first, int64_t end) {
  const KProgram *program = context;
  Tile tile;
  begin(program, &tile);
  for (int64_t row = first; row < end; row++) {
    int64_t stop = (row + 1) * program->columns;
    for (int64_t start = row * program->columns; start < stop; start += program->tile)
      run_tile(program, &tile, row, start, k_minimum_of(program->tile, stop - start));
  }
}

static void run_range(void *context, int64_t first, int64_t count) {
  const KProgram *program = context;
  Tile tile;
  begin(program, &tile);
  for (int64_t start = first; start < first + count; start += program->tile)
    run_tile(program, &tile, 0, start, k_minimum_of(program->tile, first + count - start));
}

int64_t k_program_cost(const KProgram *program) {
  return program->step_count * (program->is_costly ? 8 : 1);
}

void k_run_program_part(const KProgram *program, int64_t first, int64_t count, const void *product) {
  Tile tile;
  tile.product = (char *)product;
  begin(program, &tile);
  int64_t end = first + count;
  int64_t row = program->rows == 1 ? 0 : first / program->columns;
  for (int64_t start = first; start < end; row++) {
    int64_t stop = k_minimum_of(end, (row + 1) * program->columns);
    for (; start < stop; start += program->tile)
      run_tile(program, &tile, row, start, k_minimum_of(program->tile, stop - start));
    start = stop;
  }
}

void k_run_program(const KProgram *program) {
  int64_t per_element = k_program_cost(program);
  int64_t least = K_CHUNK / k_minimum_of(per_element, 32);
  if (program->rows == 1) {
    if (program->columns <= least) {
      if (program->columns > 0) run_range((void *)program, 0, program->columns);
    } else {
      k_for_chunks(program->columns, least, run_range, (void *)program);
    }
  } else if (program->columns > 0) {
    int64_t grain = least / program->columns;
    k_run_ranges(program->rows, grain < 1 ? 1 : grain, run_rows, (void *)program);
  }
}
