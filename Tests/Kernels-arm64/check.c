// Checks kernels on arm64, under emulation where need be: the NEON variants against plain loops.
// Prints one line per failure; the exit status is the number of failed groups.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Plan.h"

static uint32_t state = 1;

/// A number in -1...1 with few digits, from a linear congruential generator.
static double next_value(void) {
  state = state * 1664525u + 1013904223u;
  return (double)((int)(state >> 16) % 2001 - 1000) / 1000;
}

static int64_t next_size(int64_t limit) {
  return 1 + (int64_t)(fabs(next_value()) * (double)(limit - 1));
}

static bool fail(const char *what) {
  printf("failed: %s\n", what);
  return false;
}

// MARK: Matrix product

/// How a matrix lies in memory: by rows, by columns, or with gaps between all elements.
typedef enum { LayoutRows, LayoutColumns, LayoutGaps } Layout;

typedef struct {
  Layout layout;
  int64_t rows, columns, row_stride, column_stride, count;
} Shape;

static Shape make_shape(Layout layout, int64_t rows, int64_t columns) {
  Shape shape = {layout, rows, columns, columns + 1, 1, 0};
  if (layout == LayoutColumns) {
    shape.row_stride = 1;
    shape.column_stride = rows + 1;
  } else if (layout == LayoutGaps) {
    shape.row_stride = 2 * columns + 3;
    shape.column_stride = 2;
  }
  shape.count = rows * shape.row_stride + columns * shape.column_stride;
  return shape;
}

#define CHECK_PRODUCT(NAME, T, TYPE, TOLERANCE)                                                  \
  static bool NAME(Shape a_shape, Shape b_shape, bool accumulate) {                             \
    int64_t m = a_shape.rows;                                                                   \
    int64_t n = b_shape.columns;                                                                \
    int64_t k = a_shape.columns;                                                                \
    int64_t c_row = n + 2;                                                                      \
    T *a = calloc((size_t)a_shape.count, sizeof(T));                                            \
    T *b = calloc((size_t)b_shape.count, sizeof(T));                                            \
    T *before = calloc((size_t)(m * c_row), sizeof(T));                                         \
    T *c = calloc((size_t)(m * c_row), sizeof(T));                                              \
    for (int64_t i = 0; i < a_shape.count; i++) a[i] = (T)next_value();                         \
    for (int64_t i = 0; i < b_shape.count; i++) b[i] = (T)next_value();                         \
    for (int64_t i = 0; i < m * c_row; i++) before[i] = (T)next_value();                        \
    memcpy(c, before, (size_t)(m * c_row) * sizeof(T));                                         \
    k_matmul(TYPE, m, n, k, a, a_shape.row_stride, a_shape.column_stride, b,                    \
             b_shape.row_stride, b_shape.column_stride, c, c_row, accumulate);                  \
    bool is_right = true;                                                                       \
    for (int64_t i = 0; i < m; i++) {                                                           \
      for (int64_t j = 0; j < c_row; j++) {                                                     \
        T found = c[i * c_row + j];                                                             \
        if (j >= n) {                                                                           \
          is_right &= found == before[i * c_row + j];                                           \
          continue;                                                                             \
        }                                                                                       \
        double sum = accumulate ? (double)before[i * c_row + j] : 0;                            \
        for (int64_t p = 0; p < k; p++) {                                                       \
          sum += (double)a[i * a_shape.row_stride + p * a_shape.column_stride] *                \
                 (double)b[p * b_shape.row_stride + j * b_shape.column_stride];                 \
        }                                                                                       \
        is_right &= fabs((double)found - sum) <= TOLERANCE * (double)(k + 1);                   \
      }                                                                                         \
    }                                                                                           \
    free(a);                                                                                    \
    free(b);                                                                                    \
    free(before);                                                                               \
    free(c);                                                                                    \
    return is_right;                                                                            \
  }

CHECK_PRODUCT(check_product_f32, float, KTypeFloat32, 1e-6)
CHECK_PRODUCT(check_product_f64, double, KTypeFloat64, 1e-15)

static bool check_products(void) {
  for (int i = 0; i < 600; i++) {
    bool is_large = i % 20 == 0;
    int64_t m = next_size(i % 4 == 1 ? 5 : is_large ? 150 : 30);
    int64_t n = next_size(i % 4 == 2 ? 5 : is_large ? 600 : 50);
    int64_t k = next_size(is_large ? 700 : 40);
    k_set_thread_count(1 + i % 3);
    Shape a = make_shape((Layout)(i % 3), m, k);
    Shape b = make_shape((Layout)(i / 3 % 3), k, n);
    if (!check_product_f32(a, b, i % 5 == 0)) return fail("matrix product, float");
    if (!check_product_f64(a, b, i % 5 == 0)) return fail("matrix product, double");
  }
  return true;
}

// MARK: Threads and memory

static void count_visit(void *context, int64_t index) {
  int *visits = context;
  visits[index]++;
}

static bool check_tasks(void) {
  for (int threads = 1; threads <= 8; threads++) {
    k_set_thread_count(threads);
    for (int64_t count = 0; count < 50; count++) {
      int visits[50] = {0};
      k_run_tasks(count, count_visit, visits);
      for (int64_t i = 0; i < 50; i++) {
        if (visits[i] != (i < count)) return fail("tasks");
      }
    }
  }
  return true;
}

static bool check_memory(void) {
  for (size_t bytes = 1; bytes < (size_t)1 << 24; bytes = bytes * 3 + 1) {
    char *memory = k_allocate(bytes);
    if ((uintptr_t)memory % 64 != 0) return fail("alignment of memory");
    memory[0] = 1;
    memory[bytes - 1] = 1;
    k_free(memory, bytes);
  }
  if (k_cached_bytes() == 0) return fail("memory is kept");
  k_trim_memory();
  return k_cached_bytes() == 0 || fail("memory is returned");
}

// MARK: Elements

static bool is_close(double found, double expected, double tolerance) {
  if (isnan(expected)) return isnan(found);
  if (isinf(expected)) return found == expected;
  return fabs(found - expected) <= tolerance * (fabs(expected) + 1e-30);
}

typedef double (*Function)(double);

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double softplus(double x) { return log1p(exp(-fabs(x))) + fmax(x, 0); }
static double relu(double x) { return x > 0 ? x : 0; }
static double square(double x) { return x * x; }

static bool check_functions(void) {
  static const struct {
    KUnary op;
    Function exact;
  } functions[] = {
      {KUnaryExp, exp},     {KUnaryExpm1, expm1},     {KUnaryLog, log},
      {KUnaryLog1p, log1p}, {KUnaryLog2, log2},       {KUnaryLog10, log10},
      {KUnarySin, sin},     {KUnaryCos, cos},         {KUnaryTan, tan},
      {KUnaryTanh, tanh},   {KUnarySigmoid, sigmoid}, {KUnarySoftplus, softplus},
      {KUnaryErf, erf},     {KUnaryRelu, relu},       {KUnarySquare, square},
      {KUnaryRound, rint},  {KUnaryFloor, floor},     {KUnarySquareRoot, sqrt},
  };
  enum { COUNT = 1003 };
  static float x32[COUNT], out32[COUNT];
  static double x64[COUNT], out64[COUNT];
  for (int i = 0; i < COUNT; i++) {
    x32[i] = (float)(next_value() * (i % 3 == 0 ? 1e-3 : i % 3 == 1 ? 5 : 40));
    if (i == 0) x32[i] = 0;
    x64[i] = x32[i];
  }
  for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
    k_unary(functions[f].op, KTypeFloat32, out32, x32, COUNT);
    k_unary(functions[f].op, KTypeFloat64, out64, x64, COUNT);
    for (int i = 0; i < COUNT; i++) {
      double exact = functions[f].exact(x64[i]);
      if (!is_close(out32[i], exact, 5e-7) || !is_close(out64[i], exact, 2e-15)) {
        printf("function %d at %g: %g and %g, exactly %g\n", (int)functions[f].op, x64[i],
               (double)out32[i], out64[i], exact);
        return fail("elementwise functions");
      }
    }
  }
  return true;
}

/// Sums a broadcast, transposed addition along its middle axis, and compares with plain loops.
static bool check_strides(void) {
  for (int round = 0; round < 50; round++) {
    int64_t sizes[3] = {next_size(9), next_size(40), next_size(70)};
    int64_t count = sizes[0] * sizes[1] * sizes[2];
    double *a = calloc((size_t)count, sizeof(double));
    double *b = calloc((size_t)sizes[2], sizeof(double));
    double *sum = calloc((size_t)count, sizeof(double));
    double *reduced = calloc((size_t)(sizes[0] * sizes[2]), sizeof(double));
    for (int64_t i = 0; i < count; i++) a[i] = next_value();
    for (int64_t i = 0; i < sizes[2]; i++) b[i] = next_value();
    // a is read with its first two axes exchanged, b along the last axis only.
    int64_t a_strides[3] = {sizes[2], sizes[0] * sizes[2], 1};
    int64_t b_strides[3] = {0, 0, 1};
    k_binary_strided(KBinaryAdd, KTypeFloat64, sum, a, a_strides, b, b_strides, sizes, 3);
    k_reduce(KReduceSum, KTypeFloat64, reduced, sum, sizes[0], sizes[1], sizes[2]);
    bool right = true;
    for (int64_t i = 0; i < sizes[0]; i++) {
      for (int64_t k = 0; k < sizes[2]; k++) {
        double total = 0;
        for (int64_t j = 0; j < sizes[1]; j++) total += a[(j * sizes[0] + i) * sizes[2] + k] + b[k];
        if (fabs(reduced[i * sizes[2] + k] - total) > 1e-12) right = false;
      }
    }
    free(a);
    free(b);
    free(sum);
    free(reduced);
    if (!right) return fail("strided addition and its sum");
  }
  return true;
}

static bool check_rows(void) {
  enum { ROWS = 7, N = 133 };
  static float x[ROWS * N], probabilities[ROWS * N];
  static int64_t order[ROWS * N];
  for (int i = 0; i < ROWS * N; i++) x[i] = (float)(next_value() * 20);
  k_softmax(KTypeFloat32, probabilities, x, ROWS, N, false);
  k_argsort(KTypeFloat32, order, x, ROWS, N, false);
  for (int row = 0; row < ROWS; row++) {
    double total = 0;
    for (int i = 0; i < N; i++) total += probabilities[row * N + i];
    if (fabs(total - 1) > 1e-5) return fail("softmax");
    for (int i = 1; i < N; i++) {
      if (x[row * N + order[row * N + i - 1]] > x[row * N + order[row * N + i]]) {
        return fail("argsort");
      }
    }
  }
  return true;
}

// MARK: Programs

/// y = sigmoid((2 x + b)^2 - x) * x, as a chain of six steps, and u = the square, which is stored on
/// the way; b is one number.
static bool check_program(int64_t n) {
  enum { STEPS = 6 };
  double *x = calloc((size_t)n, sizeof(double));
  double *u = calloc((size_t)n, sizeof(double));
  double *y = calloc((size_t)n, sizeof(double));
  double two = 2;
  double b = next_value();
  for (int64_t i = 0; i < n; i++) x[i] = next_value();
  KOperand operands[] = {
    {.data = x, .access = KAccessFlat, .type = KTypeFloat64},
    {.data = &two, .access = KAccessSingle, .type = KTypeFloat64},
    {.data = &b, .access = KAccessSingle, .type = KTypeFloat64},
    {.data = u, .access = KAccessFlat, .type = KTypeFloat64},
    {.data = y, .access = KAccessFlat, .type = KTypeFloat64},
  };
  struct { KStepKind kind; int op, out, left, right; } const wanted[STEPS] = {
    {KStepKindBinary, KBinaryMultiply, 0, -2, -1}, {KStepKindBinary, KBinaryAdd, 0, 0, -3},
    {KStepKindUnary, KUnarySquare, -4, 0, 0},      {KStepKindBinary, KBinarySubtract, 1, -4, -1},
    {KStepKindUnary, KUnarySigmoid, 1, 1, 1},      {KStepKindBinary, KBinaryMultiply, -5, -1, 1},
  };
  KStep steps[STEPS];
  KLink links[STEPS * K_MAX_LINKS];
  for (int i = 0; i < STEPS; i++) {
    int16_t left = (int16_t)wanted[i].left;
    steps[i] = (KStep){
      .kind = wanted[i].kind, .op = (uint8_t)wanted[i].op, .from = KTypeFloat64,
      .to = KTypeFloat64, .out = (int16_t)wanted[i].out,
      .in = {left, (int16_t)wanted[i].right, left},
    };
  }
  KProgram program = {
    .steps = steps, .step_count = STEPS, .links = links, .operands = operands,
    .operand_count = 5, .rank = 1, .shape = {n}, .rows = 1, .columns = n,
  };
  k_prepare_program(&program);
  k_run_program(&program);
  bool right = steps[0].chain_length == STEPS;
  for (int64_t i = 0; i < n; i++) {
    double square = (2 * x[i] + b) * (2 * x[i] + b);
    if (fabs(u[i] - square) > 1e-15 * (1 + square)) right = false;
    if (fabs(y[i] - x[i] / (1 + exp(x[i] - square))) > 1e-14) right = false;
  }
  free(x);
  free(u);
  free(y);
  return right;
}

static bool check_programs(void) {
  for (int round = 0; round < 60; round++) {
    if (!check_program(round < 40 ? round + 1 : next_size(2000))) return fail("program");
  }
  return true;
}

int main(void) {
  bool (*const groups[])(void) = {check_products, check_tasks, check_memory,  check_functions,
                                  check_strides,  check_rows,  check_programs};
  int count = (int)(sizeof groups / sizeof *groups);
  int failures = 0;
  for (int i = 0; i < count; i++) failures += !groups[i]();
  printf("%d of %d groups passed\n", count - failures, count);
  return failures;
}
