// Arithmetic on contiguous or strided memory: no graph, no errors, no shapes beyond strides.
//
// Every kernel exists once per instruction set (AVX-512, AVX2 + FMA, baseline x86-64, NEON) and is
// chosen when the process first needs one. All results are the same bits on any number of threads.
//
// Conventions
// - `out` is contiguous (row-major) unless a name says otherwise.
// - Counts, sizes and strides are in elements, not bytes. Strides may be zero or negative.
// - `out` may be the same memory as a contiguous input of the same element size, never a partial
//   overlap.
// - A three-dimensional array [outer, n, inner] is contiguous; the operation runs along n.
#ifndef KERNELS_H
#define KERNELS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define K_MAX_RANK 8
#define K_CLOSED __attribute__((enum_extensibility(closed)))

// MARK: Processor, threads, memory

typedef enum K_CLOSED KInstructionSet : uint8_t {
  KInstructionSetBaseline, KInstructionSetAVX2, KInstructionSetAVX512
} KInstructionSet;

/// The instruction set in use: the best the processor has, or less if AUTOGRAD_ISA
/// (baseline, avx2, avx512) says so.
KInstructionSet k_instruction_set(void);
/// Uses `set`, or the best the processor has if that is less, on this thread and in the tasks that it
/// runs; returns what is used. For tests.
KInstructionSet k_set_instruction_set(KInstructionSet set);

/// Threads that one kernel may use: AUTOGRAD_THREADS, else the number of processors online.
int k_thread_count(void);
/// Sets the number of threads, at least 1. It may exceed the number of processors.
void k_set_thread_count(int count);
/// Runs task(context, 0) ... task(context, count - 1), each once, on up to k_thread_count()
/// threads.
void k_run_tasks(int64_t count, void (*task)(void *context, int64_t index), void *context);

/// Memory aligned to 64 bytes. Blocks of 16 KiB and more are kept for reuse by size class, because
/// the first touch of fresh pages costs seven times the write itself.
void *k_allocate(size_t bytes);
/// Gives back memory from k_allocate; `bytes` is the size it was asked for.
void k_free(void *memory, size_t bytes);
/// Returns all kept blocks to the system.
void k_trim_memory(void);
/// Bytes kept for reuse now.
size_t k_cached_bytes(void);

/// Four words that belong to the calling thread, zero at first, for the caller's use.
static inline uint64_t *k_thread_words(void) {
  // Initial-exec: one load instead of a call; four words fit the room that loaders keep for it.
  extern _Thread_local uint64_t k_words[4] __attribute__((tls_model("initial-exec")));
  return k_words;
}
/// A number that no earlier call in this process returned; never 0.
uint32_t k_next_epoch(void);

// MARK: Elements

typedef enum K_CLOSED KType : uint8_t {
  KTypeFloat32, KTypeFloat64, KTypeInt32, KTypeInt64, KTypeUInt8, KTypeBool
} KType;

/// Floating-point types have all; integers have negate, absolute, sign, square; bool has none.
typedef enum K_CLOSED KUnary : uint8_t {
  KUnaryNegate, KUnaryAbsolute, KUnarySign, KUnarySquare,
  KUnaryFloor, KUnaryCeil, KUnaryRound /* half to even */, KUnaryTruncate,
  KUnarySquareRoot, KUnaryReciprocalSquareRoot, KUnaryReciprocal,
  KUnaryExp, KUnaryExpm1, KUnaryLog, KUnaryLog1p, KUnaryLog2, KUnaryLog10,
  KUnarySin, KUnaryCos, KUnaryTan, KUnaryTanh,
  KUnarySigmoid, KUnarySoftplus, KUnaryRelu, KUnaryGelu /* x Phi(x), by erf */,
  KUnaryGeluTanh, KUnarySilu, KUnaryErf, KUnaryGeluDerivative /* of KUnaryGelu */,
} KUnary;

/// Floating-point types have all; integers have add, subtract, multiply (all wrapping), maximum,
/// minimum, remainder (sign of the divisor; 0 for divisor 0); bool has maximum (or) and minimum
/// (and). maximum and minimum give NaN if either is NaN. remainder is Python's: a - floor(a / b) *
/// b. logAddExp is log(exp a + exp b). xlogy is x log y, 0 where x is 0 and y is not NaN.
typedef enum K_CLOSED KBinary : uint8_t {
  KBinaryAdd, KBinarySubtract, KBinaryMultiply, KBinaryDivide, KBinaryPower,
  KBinaryMaximum, KBinaryMinimum, KBinaryAtan2, KBinaryRemainder, KBinaryLogAddExp, KBinaryXLogY,
} KBinary;

typedef enum K_CLOSED KCompare : uint8_t {
  KCompareEqual, KCompareNotEqual, KCompareLess, KCompareLessOrEqual, KCompareGreater,
  KCompareGreaterOrEqual,
} KCompare;

typedef enum K_CLOSED KTest : uint8_t { KTestNaN, KTestInfinite, KTestFinite, KTestZero } KTest;

/// out[i] = op(x[i]).
void k_unary(KUnary op, KType type, void *out, const void *x, int64_t count);
/// out[i] = op(a[i * a_step], b[i * b_step]); steps are 0 or 1.
void k_binary(KBinary op, KType type, void *out, const void *a, int64_t a_step, const void *b,
              int64_t b_step, int64_t count);
/// out (one byte, 0 or 1, each) = op(a[i * a_step], b[i * b_step]); steps are 0 or 1.
void k_compare(KCompare op, KType type, uint8_t *out, const void *a, int64_t a_step, const void *b,
               int64_t b_step, int64_t count);
/// out (one byte, 0 or 1, each): is x[i] NaN, infinite, finite, zero (false)? All types.
void k_test(KTest op, KType type, uint8_t *out, const void *x, int64_t count);
/// out[i] = condition[i * c_step] ? a[i * a_step] : b[i * b_step]; item_size is 1, 4 or 8 bytes.
void k_select(size_t item_size, void *out, const uint8_t *condition, int64_t c_step, const void *a,
              int64_t a_step, const void *b, int64_t b_step, int64_t count);
/// out[i] = value (of type `type`, read through the pointer).
void k_fill(KType type, void *out, const void *value, int64_t count);
/// out[i] = start + i * step in the type's own arithmetic: for float types computed in double.
void k_ramp(KType type, void *out, double start, double step, int64_t count);
/// out[i] = x[i] as another type: floats to integers truncate and saturate (NaN to 0), anything to
/// bool is x != 0, integers wrap.
void k_convert(KType to, void *out, KType from, const void *x, int64_t count);

// MARK: Strided traversal

// The same operations over an index space of `rank` axes (<= K_MAX_RANK) with sizes `shape`; each
// operand has its own strides, zero along broadcast axes. `out` is contiguous.
void k_unary_strided(KUnary op, KType type, void *out, const void *x, const int64_t *x_strides,
                     const int64_t *shape, int rank);
void k_binary_strided(KBinary op, KType type, void *out, const void *a, const int64_t *a_strides,
                      const void *b, const int64_t *b_strides, const int64_t *shape, int rank);
void k_compare_strided(KCompare op, KType type, uint8_t *out, const void *a,
                       const int64_t *a_strides, const void *b, const int64_t *b_strides,
                       const int64_t *shape, int rank);
void k_select_strided(size_t item_size, void *out, const uint8_t *condition,
                      const int64_t *c_strides, const void *a, const int64_t *a_strides,
                      const void *b, const int64_t *b_strides, const int64_t *shape, int rank);
/// Joins `count` parts without gaps row by row: each row of `out` holds one of each, which begins
/// `starts` bytes from the row's beginning; starts[count] is where a row ends.
void k_join(void *out, int64_t rows, int64_t count, const void *const *parts,
            const int64_t *starts);
/// Copies between any two strided arrays of one shape; item_size is 1, 4 or 8 bytes. Fast for
/// transposes (by square blocks) and for contiguous rows. Out strides must not be zero.
void k_copy_strided(size_t item_size, void *out, const int64_t *out_strides, const void *x,
                    const int64_t *x_strides, const int64_t *shape, int rank);

// MARK: Reductions, scans, order

/// Float sums use fixed lanes and a fixed tree: their bits depend on n alone. maximum and minimum
/// give NaN if any element is NaN. Bool has maximum (any) and minimum (all). n = 0: sum 0, product
/// 1, maximum/minimum of bool false/true; else not called with n = 0.
typedef enum K_CLOSED KReduce : uint8_t {
  KReduceSum, KReduceProduct, KReduceMaximum, KReduceMinimum
} KReduce;

/// out[outer, inner] = op over n of x[outer, n, inner].
void k_reduce(KReduce op, KType type, void *out, const void *x, int64_t outer, int64_t n,
              int64_t inner);
/// out[outer, inner] = index of the first largest (or smallest) of x[outer, n, inner]; NaN wins.
void k_arg_reduce(bool largest, KType type, int64_t *out, const void *x, int64_t outer, int64_t n,
                  int64_t inner);
/// out[outer, n, inner] = running sum along n, from the end if `reverse`.
void k_cumulative_sum(KType type, void *out, const void *x, int64_t outer, int64_t n, int64_t inner,
                      bool reverse);
/// out[rows, n] = stable order of each row of x[rows, n]; NaN counts as the largest.
void k_argsort(KType type, int64_t *out, const void *x, int64_t rows, int64_t n, bool descending);
/// out = softmax (or its logarithm) of each row of x[rows, n], float types. A row of -inf gives
/// NaN.
void k_softmax(KType type, void *out, const void *x, int64_t rows, int64_t n, bool logarithm);
/// out[rows] = log sum exp of each row of x[rows, n], float types. -inf for a row of -inf; +inf if
/// any is.
void k_log_sum_exp(KType type, void *out, const void *x, int64_t rows, int64_t n);
/// From y = softmax(x) or its logarithm, and the cotangent g of y, the cotangent of x; [rows, n] each.
void k_softmax_gradient(KType type, void *out, const void *y, const void *g, int64_t rows,
                        int64_t n, bool logarithm);
/// out[rows] = log sum exp of x[row] - x[row, indices[row]], float types. n is not 0.
void k_cross_entropy(KType type, void *out, const void *x, const int64_t *indices, int64_t rows,
                     int64_t n);
/// out[rows, n] = g[row] (softmax(x[row]) - the unit vector of indices[row]).
void k_cross_entropy_gradient(KType type, void *out, const void *x, const int64_t *indices,
                              const void *g, int64_t rows, int64_t n);

// MARK: Normalization

/// out = (x - mean) / sqrt(variance + epsilon) weight + bias for each row of x[rows, n], float
/// types; weight[n] and bias[n] may be null. If rows are not centred the mean is taken to be 0.
void k_layer_norm(KType type, void *out, const void *x, const void *weight, const void *bias,
                  int64_t rows, int64_t n, double epsilon, bool centers);
/// From the cotangent g of the result: out = the cotangent of x [rows, n], then of weight [n] unless
/// it is null, then of bias [n], `sums` of these together; then memory for partial sums.
void k_layer_norm_gradient(KType type, void *out, const void *x, const void *weight, const void *g,
                           int64_t rows, int64_t n, int64_t sums, double epsilon, bool centers);
/// How many elements that takes.
int64_t k_layer_norm_gradient_size(int64_t rows, int64_t n, int64_t sums);

/// Normalizes x[batch, channels, length], float types: each of `groups` groups of channels of an
/// element of the batch together, or, if `groups` is 0, each channel of the whole batch. weight and
/// bias, [channels], may be null. out: the result, then means and variances of what is normalized
/// together.
void k_channel_norm(KType type, void *out, const void *x, const void *weight, const void *bias,
                    int64_t batch, int64_t channels, int64_t length, int64_t groups,
                    double epsilon);
/// From the cotangent g of the result and what k_channel_norm wrote: out = the cotangents of x, of
/// weight unless it is null, and of bias if there is one; for groups then [batch] times the last two
/// for partial sums.
void k_channel_norm_gradient(KType type, void *out, const void *x, const void *weight,
                             bool has_bias, const void *forward, const void *g, int64_t batch,
                             int64_t channels, int64_t length, int64_t groups, double epsilon);

// MARK: Indexing

/// The position of the first index that is not in 0..<limit, or -1.
int64_t k_find_invalid_index(const int64_t *indices, int64_t count, int64_t limit);
/// out[o, j, i] = x[o, indices[j], i]; x is [outer, n, inner], out [outer, count, inner].
void k_select_indices(size_t item_size, void *out, const void *x, const int64_t *indices,
                      int64_t outer, int64_t n, int64_t count, int64_t inner);
/// out[o, indices[j], i] += x[o, j, i], in order of j.
void k_add_at_indices(KType type, void *out, const void *x, const int64_t *indices, int64_t outer,
                      int64_t n, int64_t count, int64_t inner);
/// out[o, j, i] = x[o, indices[o, j, i], i]; indices and out are [outer, count, inner].
void k_gather(size_t item_size, void *out, const void *x, const int64_t *indices, int64_t outer,
              int64_t n, int64_t count, int64_t inner);
/// out[o, indices[o, j, i], i] = x[o, j, i], in order of j (the last one stays).
void k_scatter(size_t item_size, void *out, const void *x, const int64_t *indices, int64_t outer,
               int64_t n, int64_t count, int64_t inner);
/// out[o, indices[o, j, i], i] += x[o, j, i], in order of j.
void k_scatter_add(KType type, void *out, const void *x, const int64_t *indices, int64_t outer,
                   int64_t n, int64_t count, int64_t inner);
/// Positions (row-major) of the true elements of x; returns their number. `out` has room for count.
int64_t k_find_true(int64_t *out, const uint8_t *x, int64_t count);
/// Adjoint of taking windows along an axis: out[o, w * stride + k * dilation, i] += x[o, w, i, k],
/// where x is [outer, windows, inner, size] and out [outer, length, inner]. The order of additions
/// is fixed.
void k_add_windows(KType type, void *out, const void *x, int64_t outer, int64_t length,
                   int64_t inner, int64_t windows, int64_t size, int64_t stride, int64_t dilation);

// MARK: Matrix product

/// c[m, n] = a[m, k] b[k, n] (plus c if `accumulate`), any strides for a and b, rows of c
/// contiguous and c_row apart. All types but bool. The order of summation over k depends on the
/// sizes and the instruction set alone: never on threads, strides or alignment.
void k_matmul(KType type, int64_t m, int64_t n, int64_t k, const void *a, int64_t a_row,
              int64_t a_column, const void *b, int64_t b_row, int64_t b_column, void *c,
              int64_t c_row, bool accumulate);
/// `batch` products; product i reads a + a_offsets[i] and b + b_offsets[i] and writes c + i * m *
/// n.
void k_matmul_batched(KType type, int64_t batch, int64_t m, int64_t n, int64_t k, const void *a,
                      const int64_t *a_offsets, int64_t a_row, int64_t a_column, const void *b,
                      const int64_t *b_offsets, int64_t b_row, int64_t b_column, void *c);

// MARK: Attention

/// Queries, keys and values have at most so many features.
#define K_ATTENTION_FEATURES 256

typedef enum K_CLOSED KMask : uint8_t { KMaskNone, KMaskBool, KMaskAdded } KMask;

/// Attention of float32 or float64, with strides of [batch, heads, rows]; features are contiguous.
typedef struct KAttention {
  KType type;
  /// True (or any number but -inf, which is added to the score) where a query may attend to a key.
  KMask mask_kind;
  /// Query i attends to no key after i.
  bool is_causal;
  double scale;
  int64_t batch, heads, queries, keys, features, value_features;
  const void *query, *key, *value, *mask;
  int64_t query_strides[3], key_strides[3], value_strides[3];
  /// Of [batch, heads, queries, keys].
  int64_t mask_strides[4];
  /// [batch, queries, heads, value features]; 0 for a query without keys.
  void *out;
  /// [batch, heads, queries]: log sum exp of the scores; +inf for a query without keys.
  void *log_sums;
  // For the backward pass: the cotangent of `out`, and where those of the inputs go.
  const void *g;
  void *d_query, *d_key, *d_value;
  int64_t g_strides[3], d_query_strides[3], d_key_strides[3], d_value_strides[3];
} KAttention;

/// Writes out and log_sums.
void k_attention(const KAttention *attention);
/// Reads them, and writes d_query, d_key and d_value.
void k_attention_gradient(const KAttention *attention);

// MARK: Random numbers

// Philox 4x32-10 (Salmon et al., SC'11): word j of stream (seed, stream) is a function of (seed,
// stream, j) alone. `offset` counts blocks of four words, so that calls can be chained.

/// Fills out with random words.
void k_random_words(uint32_t *out, int64_t count, uint64_t seed, uint64_t stream, uint64_t offset);
/// Uniform on [0, 1): float32 uses one word (24 bits) each, float64 two (53 bits).
void k_random_uniform(KType type, void *out, int64_t count, uint64_t seed, uint64_t stream,
                      uint64_t offset);
/// Standard normal by Box-Muller: a pair of results from two uniforms (of at least 32 bits each).
void k_random_normal(KType type, void *out, int64_t count, uint64_t seed, uint64_t stream,
                     uint64_t offset);

#include "Convolution.h"
#include "Plan.h"

#endif
