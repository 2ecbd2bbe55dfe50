// Programs of single numbers: an interpreter whose steps jump from one to the next, each to a place
// of its own, so that the processor learns which step follows which (Ertl and Gregg, "The structure
// and performance of efficient interpreters", 2003).
#include <string.h>

#include "Plan.h"
#include "elementwise.h"

typedef union Cell {
  float f;
  double d;
  uint8_t byte;
  uint64_t word;
} Cell;

#define NEXT \
  step++;    \
  goto *places[step->op]

// What a step has computed stays in a register, too: the next one often needs it, and a chain of
// operations need not wait for memory.
#define BINARY(name, bits, member, operation)                                \
  name##bits:                                                                \
  last##bits = cells[step->a].member operation cells[step->b].member;        \
  cells[step->out].member = last##bits;                                      \
  NEXT;                                                                      \
  name##_left##bits:                                                         \
  last##bits = last##bits operation cells[step->b].member;                   \
  cells[step->out].member = last##bits;                                      \
  NEXT;                                                                      \
  name##_right##bits:                                                        \
  last##bits = cells[step->a].member operation last##bits;                   \
  cells[step->out].member = last##bits;                                      \
  NEXT;

#define UNARY(name, bits, member, expression)                                \
  name##bits:                                                                \
  last##bits = cells[step->a].member;                                        \
  name##_last##bits:                                                         \
  last##bits = expression(last##bits);                                       \
  cells[step->out].member = last##bits;                                      \
  NEXT;

#define NEGATE(x) -(x)
#define SQUARE(x) (x) * (x)

#define ARITHMETIC(bits, member)                                             \
  BINARY(add, bits, member, +)                                               \
  BINARY(subtract, bits, member, -)                                          \
  BINARY(multiply, bits, member, *)                                          \
  BINARY(divide, bits, member, /)                                            \
  UNARY(negate, bits, member, NEGATE)                                        \
  UNARY(square, bits, member, SQUARE)                                        \
  UNARY(square_root, bits, member, __builtin_elementwise_sqrt)

#define BINARY_PLACES(name, bits) &&name##bits, &&name##_left##bits, &&name##_right##bits
#define UNARY_PLACES(name, bits) &&name##bits, &&name##_last##bits
#define ALL_BINARY_PLACES(bits)                                              \
  BINARY_PLACES(add, bits), BINARY_PLACES(subtract, bits), BINARY_PLACES(multiply, bits), \
      BINARY_PLACES(divide, bits)
#define ALL_UNARY_PLACES(bits) \
  UNARY_PLACES(negate, bits), UNARY_PLACES(square, bits), UNARY_PLACES(square_root, bits)

void k_run_scalars(const KScalars *scalars, void *memory) {
#pragma clang fp contract(off)
  // In the order of KScalarOp.
  static const void *const places[] = {
    &&load1, &&load4, &&load8, &&store1, &&store4, &&store8, &&move, &&unary, &&binary, &&select,
    &&sine_cosine32, &&sine_cosine64,
    ALL_BINARY_PLACES(32), ALL_BINARY_PLACES(64), ALL_UNARY_PLACES(32), ALL_UNARY_PLACES(64),
    &&end,
  };
  Cell *cells = memory;
  float last32 = 0;
  double last64 = 0;
  const KScalarStep *step = scalars->steps;
  goto *places[step->op];

load1:
  cells[step->out].byte = *(const uint8_t *)scalars->operands[step->a];
  NEXT;
load4:
  memcpy(&cells[step->out], scalars->operands[step->a], 4);
  NEXT;
load8:
  memcpy(&cells[step->out], scalars->operands[step->a], 8);
  NEXT;
store1:
  *(uint8_t *)scalars->operands[step->out] = cells[step->a].byte;
  NEXT;
store4:
  memcpy(scalars->operands[step->out], &cells[step->a], 4);
  NEXT;
store8:
  memcpy(scalars->operands[step->out], &cells[step->a], 8);
  NEXT;
move:
  cells[step->out] = cells[step->a];
  NEXT;
unary:
  ((k_unary_loop)scalars->loops[step->extra])(&cells[step->out], &cells[step->a], 1);
  NEXT;
binary:
  ((k_binary_loop)scalars->loops[step->extra])(&cells[step->out], &cells[step->a],
                                               &cells[step->b], 1);
  NEXT;
select:
  cells[step->out] = cells[cells[step->extra].byte ? step->a : step->b];
  NEXT;
sine_cosine32:
  k_sine_cosine(KTypeFloat32, &cells[step->out], &cells[step->b], &cells[step->a]);
  NEXT;
sine_cosine64:
  k_sine_cosine(KTypeFloat64, &cells[step->out], &cells[step->b], &cells[step->a]);
  NEXT;
  ARITHMETIC(32, f)
  ARITHMETIC(64, d)
end:
  return;
}
