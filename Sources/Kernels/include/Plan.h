// Programs of elementwise steps that run tile by tile, and plans: lists of instructions over memory
// that was assigned beforehand. Neither allocates.
#ifndef PLAN_H
#define PLAN_H
#include "Kernels.h"

// MARK: Programs

/// What one step computes. `from` is the type of the inputs, or of the input of a conversion.
typedef enum K_CLOSED KStepKind : uint8_t {
  KStepKindUnary, KStepKindBinary, KStepKindCompare, KStepKindSelect, KStepKindConvert,
  KStepKindTest,
} KStepKind;

/// One elementwise operation of a program. Places are registers from 0 on, or memory operands as
/// -1 - index.
typedef struct KStep {
  KStepKind kind;
  /// A KUnary, KBinary, KCompare or KTest.
  uint8_t op;
  KType from;
  KType to;
  int16_t out;
  int16_t in[3];
  /// A unary step of one element for all: it is computed once and repeated.
  bool repeats;
  /// The loop for the operands' steps; see k_prepare_program.
  void *loop;
  /// If a chain begins here: its steps, and where its links are.
  int32_t chain_length;
  int32_t first_link;
} KStep;

/// A part of a chain: steps that hand their results on in registers (chain.c). It reads or writes at
/// a tile's place; with a mask of 0 the same elements again and again.
typedef struct KLink {
  const void *whole;
  const void *part;
  int64_t mask;
  int64_t place;
} KLink;

typedef enum K_CLOSED KAccess : uint8_t {
  /// Element i of the result goes with element i.
  KAccessFlat,
  /// One element for all.
  KAccessSingle,
  /// Strides over the row axes; `step` is 0 or 1 within a row.
  KAccessRows,
  /// Any strides: copied into a register tile by tile.
  KAccessGathered,
  /// A block that is at hand: of a finished product (k_matmul_then), or for a reduction
  /// (k_reduce_program).
  KAccessBlock,
} KAccess;

/// Memory that a program reads or, flat or in rows without gaps, writes.
typedef struct KOperand {
  void *data;
  KAccess access;
  KType type;
  uint8_t step;
  /// For gathered operands: the register that receives the tile.
  int16_t gathered_register;
  int64_t strides[K_MAX_RANK];
} KOperand;

/// Elementwise steps over a shape. The first `row_rank` axes number the rows, the others together
/// are `columns`.
typedef struct KProgram {
  KStep *steps;
  int32_t step_count;
  /// Room for K_MAX_LINKS of each step, and what runs those of float32 and of float64.
  KLink *links;
  void *chain_loops[2];
  KOperand *operands;
  int32_t operand_count;
  int32_t rank;
  int32_t row_rank;
  int64_t shape[K_MAX_RANK];
  int64_t rows;
  int64_t columns;
  /// Elements that go through all steps before the next ones do, and the registers that there are;
  /// see k_prepare_program.
  int64_t tile;
  int32_t register_count;
  /// Whether a step is a series rather than an instruction.
  bool is_costly;
} KProgram;

/// A step of a chain may load an operand, compute, store its result and end the chain.
#define K_MAX_LINKS 4
/// Registers that one program may use.
#define K_MAX_REGISTERS 24
/// The most memory operands of one program.
#define K_MAX_OPERANDS 64

/// Looks up the loops of all steps for the instruction set in use, and finds the chains among them.
void k_prepare_program(KProgram *program);
/// Runs a prepared program: the same bits as the steps one by one, on any number of threads.
void k_run_program(const KProgram *program);

// MARK: Single numbers

/// What a step of a program of single numbers does. Cells hold 8 bytes each; `a` and `b` are cells
/// unless said otherwise.
typedef enum K_CLOSED KScalarOp : uint8_t {
  /// The cell becomes the number of memory operand `a`; of 1, 4 or 8 bytes.
  KScalarOpLoad1, KScalarOpLoad4, KScalarOpLoad8,
  /// Memory operand `out` becomes the number of cell `a`.
  KScalarOpStore1, KScalarOpStore4, KScalarOpStore8,
  KScalarOpMove,
  /// Loop `extra`, applied to one element.
  KScalarOpUnary, KScalarOpBinary,
  /// The condition is cell `extra`.
  KScalarOpSelect,
  /// Sine and, in cell `b`, cosine of `a`.
  KScalarOpSineCosine32, KScalarOpSineCosine64,
  // Arithmetic, three of each kind: both operands are cells; the left one is what the step before
  // has computed; the right one is.
  KScalarOpAdd32, KScalarOpAddLeft32, KScalarOpAddRight32,
  KScalarOpSubtract32, KScalarOpSubtractLeft32, KScalarOpSubtractRight32,
  KScalarOpMultiply32, KScalarOpMultiplyLeft32, KScalarOpMultiplyRight32,
  KScalarOpDivide32, KScalarOpDivideLeft32, KScalarOpDivideRight32,
  KScalarOpAdd64, KScalarOpAddLeft64, KScalarOpAddRight64,
  KScalarOpSubtract64, KScalarOpSubtractLeft64, KScalarOpSubtractRight64,
  KScalarOpMultiply64, KScalarOpMultiplyLeft64, KScalarOpMultiplyRight64,
  KScalarOpDivide64, KScalarOpDivideLeft64, KScalarOpDivideRight64,
  // Two of each kind: the operand is a cell; it is what the step before has computed.
  KScalarOpNegate32, KScalarOpNegateLast32, KScalarOpSquare32, KScalarOpSquareLast32,
  KScalarOpSquareRoot32, KScalarOpSquareRootLast32,
  KScalarOpNegate64, KScalarOpNegateLast64, KScalarOpSquare64, KScalarOpSquareLast64,
  KScalarOpSquareRoot64, KScalarOpSquareRootLast64,
  KScalarOpEnd,
} KScalarOp;

typedef struct KScalarStep {
  KScalarOp op;
  uint32_t extra;
  uint32_t out;
  uint32_t a;
  uint32_t b;
} KScalarStep;

/// Steps on single numbers, the last of which is the end.
typedef struct KScalars {
  const KScalarStep *steps;
  /// Loops of operations that have no step of their own.
  void *const *loops;
  /// Memory outside of the cells.
  void **operands;
} KScalars;

/// The loop of an elementwise operation for operands with an element for each (step 1) or one for
/// all (step 0); null where bytes are only copied.
void *k_loop_for(KStepKind kind, uint8_t op, KType from, KType to, int a_step, int b_step,
                 int c_step);
/// Runs the steps: the same bits as the operations one by one.
void k_run_scalars(const KScalars *scalars, void *cells);

// MARK: Products with a program behind them

/// What happens to each block of a product as soon as it is finished: a prepared program of as many
/// elements as the product has, in the same order, runs on the elements of the block.
typedef struct KEpilogue {
  const KProgram *program;
  /// Whether nobody else reads the product, which then need not be written.
  bool is_transient;
} KEpilogue;

/// k_matmul with rows of c without gaps, then a program on each block, on the thread that computed
/// it: the same bits as one after the other. Operands of access KAccessBlock are the product. What
/// the program writes must not be memory of a or b.
void k_matmul_then(KType type, int64_t m, int64_t n, int64_t k, const void *a, int64_t a_row,
                   int64_t a_column, const void *b, int64_t b_row, int64_t b_column, void *c,
                   KEpilogue epilogue);
/// k_matmul_batched, likewise.
void k_matmul_batched_then(KType type, int64_t batch, int64_t m, int64_t n, int64_t k,
                           const void *a, const int64_t *a_offsets, int64_t a_row,
                           int64_t a_column, const void *b, const int64_t *b_offsets,
                           int64_t b_row, int64_t b_column, void *c, KEpilogue epilogue);

// MARK: Reductions with a program before them

/// k_reduce of x[outer, n] (inner = 1), which the program computes block by block on the way: the same
/// bits as one after the other. With `x` null, its operand is of access KAccessBlock, and it lies in
/// no memory of its own. `n` must be positive.
void k_reduce_program(KReduce op, KType type, void *out, const KProgram *program, const void *x,
                      int64_t outer, int64_t n);

// MARK: Plans

typedef enum K_CLOSED KInstructionKind : uint8_t {
  KInstructionKindProgram, KInstructionKindScalars, KInstructionKindUnary, KInstructionKindBinary,
  KInstructionKindSelect, KInstructionKindReduce, KInstructionKindMatmul,
  KInstructionKindMatmulBatched, KInstructionKindCopy, KInstructionKindMove,
  KInstructionKindSoftmax, KInstructionKindLogSumExp, KInstructionKindCall,
  KInstructionKindPoison, KInstructionKindCount,
} KInstructionKind;

/// One step of a plan. What the sizes mean depends on the kind:
///   scalars         none; `out` is the cells
///   unary           elements of a row, rows, distance of rows in out, a, in bytes; `loop` does it
///   binary          the same, then that of b
///   select          the same, then that of c; a is the condition
///   reduce          outer, n, inner; `program` computes `a` on the way, if there is one
///   matmul          m, n, k, a_row, a_column, b_row, b_column
///   matmul batched  the same, then the batch; `extra` holds the offsets of a, then those of b;
///                   for both, `program` runs on each finished block, if there is one, and `op` is 1
///                   if nobody else reads the product
///   copy            rank; `extra` holds shape, strides of out, strides of a
///   move            bytes
///   softmax         rows, n, 1 for the logarithm
///   log-sum-exp     rows, n
///   call            call(context)
///   count           none; the int64 at `out` grows by 1
///   poison          bytes: fills `out` with signalling NaN
typedef struct KInstruction {
  KInstructionKind kind;
  uint8_t op;
  KType type;
  void *out;
  const void *a;
  const void *b;
  const void *c;
  void *loop;
  int64_t sizes[8];
  const int64_t *extra;
  const KProgram *program;
  const KScalars *scalars;
  void (*call)(void *context);
  void *context;
} KInstruction;

/// Runs the instructions in their order.
void k_run_plan(const KInstruction *instructions, int64_t count);

#endif
