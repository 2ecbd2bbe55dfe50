// Plans: instructions over memory that was assigned beforehand, one after the other.
#include <string.h>

#include "Plan.h"
#include "elementwise.h"

static void run_unary(const KInstruction *i) {
  const int64_t *s = i->sizes;
  for (int64_t row = 0; row < s[1]; row++)
    ((k_unary_loop)i->loop)((char *)i->out + row * s[2], (const char *)i->a + row * s[3], s[0]);
}

static void run_binary(const KInstruction *i) {
  const int64_t *s = i->sizes;
  for (int64_t row = 0; row < s[1]; row++)
    ((k_binary_loop)i->loop)((char *)i->out + row * s[2], (const char *)i->a + row * s[3],
                             (const char *)i->b + row * s[4], s[0]);
}

static void run_select(const KInstruction *i) {
  const int64_t *s = i->sizes;
  for (int64_t row = 0; row < s[1]; row++)
    ((k_select_loop)i->loop)((char *)i->out + row * s[2], (const uint8_t *)i->a + row * s[3],
                             (const char *)i->b + row * s[4], (const char *)i->c + row * s[5],
                             s[0]);
}

static void run_matmul(const KInstruction *i) {
  const int64_t *s = i->sizes;
  k_matmul_then(i->type, s[0], s[1], s[2], i->a, s[3], s[4], i->b, s[5], s[6], i->out,
                (KEpilogue){i->program, i->op != 0});
}

static void run_matmul_batched(const KInstruction *i) {
  const int64_t *s = i->sizes;
  k_matmul_batched_then(i->type, s[7], s[0], s[1], s[2], i->a, i->extra, s[3], s[4], i->b,
                        i->extra + s[7], s[5], s[6], i->out, (KEpilogue){i->program, i->op != 0});
}

static void run_reduce(const KInstruction *i) {
  const int64_t *s = i->sizes;
  if (i->program) {
    k_reduce_program((KReduce)i->op, i->type, i->out, i->program, i->a, s[0], s[1]);
  } else {
    k_reduce((KReduce)i->op, i->type, i->out, i->a, s[0], s[1], s[2]);
  }
}

static size_t item_size(KType type) {
  switch (type) {
    case KTypeFloat32:
    case KTypeInt32: return 4;
    case KTypeFloat64:
    case KTypeInt64: return 8;
    case KTypeUInt8:
    case KTypeBool: return 1;
  }
}

static void run(const KInstruction *i) {
  const int64_t *s = i->sizes;
  switch (i->kind) {
    case KInstructionKindProgram: k_run_program(i->program); break;
    case KInstructionKindScalars: k_run_scalars(i->scalars, i->out); break;
    case KInstructionKindUnary: run_unary(i); break;
    case KInstructionKindBinary: run_binary(i); break;
    case KInstructionKindSelect: run_select(i); break;
    case KInstructionKindReduce: run_reduce(i); break;
    case KInstructionKindMatmul: run_matmul(i); break;
    case KInstructionKindMatmulBatched: run_matmul_batched(i); break;
    case KInstructionKindCopy:
      k_copy_strided(item_size(i->type), i->out, i->extra + s[0], i->a, i->extra + 2 * s[0],
                     i->extra, (int)s[0]);
      break;
    case KInstructionKindMove: memmove(i->out, i->a, (size_t)s[0]); break;
    case KInstructionKindSoftmax: k_softmax(i->type, i->out, i->a, s[0], s[1], s[2] != 0); break;
    case KInstructionKindLogSumExp: k_log_sum_exp(i->type, i->out, i->a, s[0], s[1]); break;
    case KInstructionKindCall: i->call(i->context); break;
    case KInstructionKindCount: *(int64_t *)i->out += 1; break;
    case KInstructionKindPoison: {
      int32_t signalling = 0x7FA00000;
      k_fill(KTypeInt32, i->out, &signalling, s[0] / 4);
      break;
    }
  }
}

void k_run_plan(const KInstruction *instructions, int64_t count) {
  for (int64_t i = 0; i < count; i++) run(&instructions[i]);
}
