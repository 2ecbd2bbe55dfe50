// Simple contiguous loops over libm: correct first.
#include "elementwise.h"

#include <math.h>
#include <string.h>

#define UNARY(name, T, expression)                                       \
  static void name##_##T(void *out, const void *in, int64_t count) {     \
    for (int64_t i = 0; i < count; i++) {                                \
      T x = ((const T *)in)[i];                                          \
      ((T *)out)[i] = (T)(expression);                                   \
    }                                                                    \
  }
#define UNARY_FLOAT(name, expression) UNARY(name, float, expression) UNARY(name, double, expression)
#define UNARY_ALL(name, expression)                                      \
  UNARY_FLOAT(name, expression) UNARY(name, int32_t, expression)         \
  UNARY(name, int64_t, expression) UNARY(name, uint8_t, expression)
static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
UNARY_ALL(negate, -x)
UNARY_ALL(absolute, x < 0 ? -x : x == 0 ? 0 : x)
UNARY_ALL(sign, x > 0 ? 1 : x < 0 ? -1 : x)
UNARY_ALL(square, x * x)
UNARY_FLOAT(floor, floor((double)x))
UNARY_FLOAT(ceil, ceil((double)x))
UNARY_FLOAT(round, rint((double)x))
UNARY_FLOAT(truncate, trunc((double)x))
UNARY_FLOAT(sqrt, sqrt((double)x))
UNARY_FLOAT(rsqrt, 1 / sqrt((double)x))
UNARY_FLOAT(reciprocal, 1 / x)
UNARY_FLOAT(exp, exp((double)x))
UNARY_FLOAT(expm1, expm1((double)x))
UNARY_FLOAT(log, log((double)x))
UNARY_FLOAT(log1p, log1p((double)x))
UNARY_FLOAT(log2, log2((double)x))
UNARY_FLOAT(log10, log10((double)x))
UNARY_FLOAT(sin, sin((double)x))
UNARY_FLOAT(cos, cos((double)x))
UNARY_FLOAT(tan, tan((double)x))
UNARY_FLOAT(tanh, tanh((double)x))
UNARY_FLOAT(sigmoid, sigmoid((double)x))
UNARY_FLOAT(softplus, log1p(exp(-fabs((double)x))) + (x < 0 ? 0 : (double)x))
UNARY_FLOAT(relu, x < 0 ? 0 : x)
UNARY_FLOAT(gelu, 0.5 * (double)x * erfc(-(double)x * 0.70710678118654752440))
UNARY_FLOAT(gelu_tanh, (double)x * sigmoid(1.5957691216057308 * (double)x * (1 + 0.044715 * (double)x * (double)x)))
UNARY_FLOAT(silu, (double)x * sigmoid((double)x))
UNARY_FLOAT(erf, erf((double)x))

#define FLOATS(name) {name##_float, name##_double, 0, 0, 0, 0}
#define ALL(name) {name##_float, name##_double, name##_int32_t, name##_int64_t, name##_uint8_t, 0}
static const k_unary_loop unary_loops[][6] = {
    ALL(negate), ALL(absolute), ALL(sign), ALL(square), FLOATS(floor), FLOATS(ceil), FLOATS(round),
    FLOATS(truncate), FLOATS(sqrt), FLOATS(rsqrt), FLOATS(reciprocal), FLOATS(exp), FLOATS(expm1),
    FLOATS(log), FLOATS(log1p), FLOATS(log2), FLOATS(log10), FLOATS(sin), FLOATS(cos), FLOATS(tan),
    FLOATS(tanh), FLOATS(sigmoid), FLOATS(softplus), FLOATS(relu), FLOATS(gelu), FLOATS(gelu_tanh),
    FLOATS(silu), FLOATS(erf)};
k_unary_loop k_unary_loop_for(KUnary op, KType type) { return unary_loops[op][type]; }
void k_unary(KUnary op, KType type, void *out, const void *x, int64_t count) {
  unary_loops[op][type](out, x, count);
}

static double python_remainder(double a, double b) {
  double m = fmod(a, b);
  if (m == 0) return copysign(0, b);
  return (m < 0) != (b < 0) ? m + b : m;
}
static double log_add_exp(double a, double b) {
  if (a != a || b != b) return a + b;
  return (a > b ? a : b) + log1p(exp(-(a == b ? 0 : fabs(a - b))));
}
static int64_t floor_remainder(int64_t a, int64_t b) {
  if (b == 0 || b == -1) return 0;
  int64_t m = a % b;
  return m != 0 && (m < 0) != (b < 0) ? m + b : m;
}

#define BINARY_STEP(name, T, U, expression, sa, sb)                                      \
  static void name##_##T##_##sa##sb(void *out, const void *l, const void *r, int64_t n) { \
    for (int64_t i = 0; i < n; i++) {                                                    \
      T a = ((const T *)l)[i * sa];                                                      \
      T b = ((const T *)r)[i * sb];                                                      \
      ((U *)out)[i] = (U)(expression);                                                   \
    }                                                                                    \
  }
#define BINARY(name, T, U, e)                                      \
  BINARY_STEP(name, T, U, e, 0, 0) BINARY_STEP(name, T, U, e, 0, 1) \
  BINARY_STEP(name, T, U, e, 1, 0) BINARY_STEP(name, T, U, e, 1, 1)
#define BINARY_FLOAT(name, e) BINARY(name, float, float, e) BINARY(name, double, double, e)
#define BINARY_INTEGER(name, e)                                             \
  BINARY(name, int32_t, int32_t, e) BINARY(name, int64_t, int64_t, e) BINARY(name, uint8_t, uint8_t, e)
#define COMPARE(name, e)                                                    \
  BINARY(name, float, uint8_t, e) BINARY(name, double, uint8_t, e)          \
  BINARY(name, int32_t, uint8_t, e) BINARY(name, int64_t, uint8_t, e) BINARY(name, uint8_t, uint8_t, e)
BINARY_FLOAT(add, a + b)
BINARY_FLOAT(subtract, a - b)
BINARY_FLOAT(multiply, a * b)
BINARY_INTEGER(add, (uint64_t)a + (uint64_t)b)
BINARY_INTEGER(subtract, (uint64_t)a - (uint64_t)b)
BINARY_INTEGER(multiply, (uint64_t)a * (uint64_t)b)
BINARY_FLOAT(divide, a / b)
BINARY_FLOAT(power, pow((double)a, (double)b))
BINARY_FLOAT(maximum, a != a ? a : b != b ? b : a > b ? a : b)
BINARY_FLOAT(minimum, a != a ? a : b != b ? b : a < b ? a : b)
BINARY_INTEGER(maximum, a > b ? a : b)
BINARY_INTEGER(minimum, a < b ? a : b)
BINARY_FLOAT(atan2, atan2((double)a, (double)b))
BINARY_FLOAT(remainder, python_remainder((double)a, (double)b))
BINARY_INTEGER(remainder, floor_remainder(a, b))
BINARY_FLOAT(log_add_exp, log_add_exp((double)a, (double)b))
BINARY_FLOAT(xlogy, a == 0 && b == b ? 0 : (double)a * log((double)b))
COMPARE(equal, a == b)
COMPARE(not_equal, a != b)
COMPARE(less, a < b)
COMPARE(less_or_equal, a <= b)
COMPARE(greater, a > b)
COMPARE(greater_or_equal, a >= b)

#define STEPS(name, T) {name##_##T##_00, name##_##T##_01, name##_##T##_10, name##_##T##_11}
#define BINARY_FLOATS(name) {STEPS(name, float), STEPS(name, double), {0}, {0}, {0}, {0}}
#define BINARY_NUMBERS(name, last) \
  {STEPS(name, float), STEPS(name, double), STEPS(name, int32_t), STEPS(name, int64_t), STEPS(name, uint8_t), last}
#define NONE {0}
static const k_binary_loop binary_loops[][6][4] = {
    BINARY_NUMBERS(add, NONE), BINARY_NUMBERS(subtract, NONE), BINARY_NUMBERS(multiply, NONE),
    BINARY_FLOATS(divide), BINARY_FLOATS(power), BINARY_NUMBERS(maximum, STEPS(maximum, uint8_t)),
    BINARY_NUMBERS(minimum, STEPS(minimum, uint8_t)), BINARY_FLOATS(atan2),
    BINARY_NUMBERS(remainder, NONE), BINARY_FLOATS(log_add_exp), BINARY_FLOATS(xlogy)};
#define COMPARES(name) BINARY_NUMBERS(name, STEPS(name, uint8_t))
static const k_binary_loop compare_loops[][6][4] = {
    COMPARES(equal), COMPARES(not_equal), COMPARES(less), COMPARES(less_or_equal), COMPARES(greater),
    COMPARES(greater_or_equal)};
k_binary_loop k_binary_loop_for(KBinary op, KType type, int a_step, int b_step) {
  return binary_loops[op][type][a_step * 2 + b_step];
}
k_binary_loop k_compare_loop_for(KCompare op, KType type, int a_step, int b_step) {
  return compare_loops[op][type][a_step * 2 + b_step];
}
void k_binary(KBinary op, KType type, void *out, const void *a, int64_t a_step, const void *b,
              int64_t b_step, int64_t count) {
  k_binary_loop_for(op, type, (int)a_step, (int)b_step)(out, a, b, count);
}
void k_compare(KCompare op, KType type, uint8_t *out, const void *a, int64_t a_step, const void *b,
               int64_t b_step, int64_t count) {
  k_compare_loop_for(op, type, (int)a_step, (int)b_step)(out, a, b, count);
}

#define TEST_LOOP(T, expression)            \
  for (int64_t i = 0; i < count; i++) {     \
    T v = ((const T *)x)[i];                \
    out[i] = (expression);                  \
  }                                         \
  break;
void k_test(KTest op, KType type, uint8_t *out, const void *x, int64_t count) {
#define TEST(T)                                                     \
  switch (op) {                                                     \
    case KTestNaN: TEST_LOOP(T, v != v)                             \
    case KTestInfinite: TEST_LOOP(T, isinf((double)v) != 0)         \
    case KTestFinite: TEST_LOOP(T, isfinite((double)v) != 0)        \
    case KTestZero: TEST_LOOP(T, v == 0)                            \
  }                                                                 \
  break;
  switch (type) {
    case KTypeFloat32: TEST(float)
    case KTypeFloat64: TEST(double)
    case KTypeInt32: TEST(int32_t)
    case KTypeInt64: TEST(int64_t)
    case KTypeUInt8:
    case KTypeBool: TEST(uint8_t)
  }
}

#define SELECT_STEP(T, sc, sa, sb)                                                           \
  static void select_##T##_##sc##sa##sb(void *out, const uint8_t *c, const void *a, const void *b, \
                                        int64_t count) {                                     \
    for (int64_t i = 0; i < count; i++)                                                      \
      ((T *)out)[i] = c[i * sc] ? ((const T *)a)[i * sa] : ((const T *)b)[i * sb];           \
  }
#define SELECT(T)                                                                     \
  SELECT_STEP(T, 0, 0, 0) SELECT_STEP(T, 0, 0, 1) SELECT_STEP(T, 0, 1, 0) SELECT_STEP(T, 0, 1, 1) \
  SELECT_STEP(T, 1, 0, 0) SELECT_STEP(T, 1, 0, 1) SELECT_STEP(T, 1, 1, 0) SELECT_STEP(T, 1, 1, 1)
SELECT(uint8_t)
SELECT(uint32_t)
SELECT(uint64_t)
#define SELECTS(T)                                                                                \
  {select_##T##_000, select_##T##_001, select_##T##_010, select_##T##_011, select_##T##_100, select_##T##_101, \
   select_##T##_110, select_##T##_111}
static const k_select_loop select_loops[3][8] = {SELECTS(uint8_t), SELECTS(uint32_t), SELECTS(uint64_t)};
k_select_loop k_select_loop_for(size_t item_size, int c_step, int a_step, int b_step) {
  return select_loops[item_size == 1 ? 0 : item_size == 4 ? 1 : 2][c_step * 4 + a_step * 2 + b_step];
}
void k_select(size_t item_size, void *out, const uint8_t *condition, int64_t c_step, const void *a,
              int64_t a_step, const void *b, int64_t b_step, int64_t count) {
  k_select_loop_for(item_size, (int)c_step, (int)a_step, (int)b_step)(out, condition, a, b, count);
}
