// Plain versions of the strided, reducing and indexing kernels.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "isa.h"

static const size_t item_sizes[] = {4, 8, 4, 8, 1, 1};

static void gather(size_t size, char *out, const char *x, const int64_t *strides,
                   const int64_t *shape, int rank) {
  int64_t index[K_MAX_RANK] = {0};
  int64_t total = 1;
  for (int a = 0; a < rank; a++) total *= shape[a];
  for (int64_t i = 0; i < total; i++) {
    int64_t offset = 0;
    for (int a = 0; a < rank; a++) offset += index[a] * strides[a];
    memcpy(out + (size_t)i * size, x + offset * (int64_t)size, size);
    for (int a = rank - 1; a >= 0; a--) {
      if (++index[a] < shape[a]) break;
      index[a] = 0;
    }
  }
}

static int64_t product(const int64_t *shape, int rank) {
  int64_t total = 1;
  for (int a = 0; a < rank; a++) total *= shape[a];
  return total;
}

static void *gathered(size_t size, const void *x, const int64_t *strides, const int64_t *shape,
                      int rank) {
  void *copy = malloc(size * (size_t)product(shape, rank) + 1);
  gather(size, copy, x, strides, shape, rank);
  return copy;
}

void k_unary_strided(KUnary op, KType type, void *out, const void *x, const int64_t *x_strides,
                     const int64_t *shape, int rank) {
  void *a = gathered(item_sizes[type], x, x_strides, shape, rank);
  k_unary(op, type, out, a, product(shape, rank));
  free(a);
}
void k_binary_strided(KBinary op, KType type, void *out, const void *a, const int64_t *a_strides,
                      const void *b, const int64_t *b_strides, const int64_t *shape, int rank) {
  void *x = gathered(item_sizes[type], a, a_strides, shape, rank);
  void *y = gathered(item_sizes[type], b, b_strides, shape, rank);
  k_binary(op, type, out, x, 1, y, 1, product(shape, rank));
  free(x);
  free(y);
}
void k_compare_strided(KCompare op, KType type, uint8_t *out, const void *a,
                       const int64_t *a_strides, const void *b, const int64_t *b_strides,
                       const int64_t *shape, int rank) {
  void *x = gathered(item_sizes[type], a, a_strides, shape, rank);
  void *y = gathered(item_sizes[type], b, b_strides, shape, rank);
  k_compare(op, type, out, x, 1, y, 1, product(shape, rank));
  free(x);
  free(y);
}
void k_select_strided(size_t item_size, void *out, const uint8_t *condition,
                      const int64_t *c_strides, const void *a, const int64_t *a_strides,
                      const void *b, const int64_t *b_strides, const int64_t *shape, int rank) {
  void *c = gathered(1, condition, c_strides, shape, rank);
  void *x = gathered(item_size, a, a_strides, shape, rank);
  void *y = gathered(item_size, b, b_strides, shape, rank);
  k_select(item_size, out, c, 1, x, 1, y, 1, product(shape, rank));
  free(c);
  free(x);
  free(y);
}
void k_copy_strided(size_t size, void *out, const int64_t *out_strides, const void *x,
                    const int64_t *x_strides, const int64_t *shape, int rank) {
  int64_t index[K_MAX_RANK] = {0};
  int64_t total = product(shape, rank);
  for (int64_t i = 0; i < total; i++) {
    int64_t from = 0, to = 0;
    for (int a = 0; a < rank; a++) from += index[a] * x_strides[a];
    for (int a = 0; a < rank; a++) to += index[a] * out_strides[a];
    memcpy((char *)out + to * (int64_t)size, (const char *)x + from * (int64_t)size, size);
    for (int a = rank - 1; a >= 0; a--) {
      if (++index[a] < shape[a]) break;
      index[a] = 0;
    }
  }
}

#define EACH(X) X(KTypeFloat32, float) X(KTypeFloat64, double) X(KTypeInt32, int32_t) \
  X(KTypeInt64, int64_t) X(KTypeUInt8, uint8_t) X(KTypeBool, uint8_t)
#define FLOATS(X) X(KTypeFloat32, float) X(KTypeFloat64, double)

void k_reduce(KReduce op, KType type, void *out, const void *x, int64_t outer, int64_t n,
              int64_t inner) {
#define CASE(K, T) if (type == K) for (int64_t o = 0; o < outer; o++) for (int64_t i = 0; i < inner; i++) { \
    const T *v = (const T *)x + o * n * inner + i; \
    T r = op == KReduceSum ? 0 : op == KReduceProduct ? 1 : n ? v[0] : op == KReduceMinimum; \
    for (int64_t j = 0; j < n; j++) { T e = v[j * inner]; \
      if (op == KReduceSum) r = (T)(r + e); else if (op == KReduceProduct) r = (T)(r * e); \
      else if (op == KReduceMaximum) r = e > r || e != e ? e : r; \
      else r = e < r || e != e ? e : r; } \
    ((T *)out)[o * inner + i] = r; }
  EACH(CASE)
#undef CASE
}
void k_arg_reduce(bool largest, KType type, int64_t *out, const void *x, int64_t outer, int64_t n,
                  int64_t inner) {
#define CASE(K, T) if (type == K) for (int64_t o = 0; o < outer; o++) for (int64_t i = 0; i < inner; i++) { \
    const T *v = (const T *)x + o * n * inner + i; int64_t best = 0; \
    for (int64_t j = 1; j < n; j++) { T e = v[j * inner], r = v[best * inner]; \
      if (r != r) break; \
      if (e != e || (largest ? e > r : e < r)) best = j; } \
    out[o * inner + i] = best; }
  EACH(CASE)
#undef CASE
}
void k_cumulative_sum(KType type, void *out, const void *x, int64_t outer, int64_t n, int64_t inner,
                      bool reverse) {
#define CASE(K, T) if (type == K) for (int64_t o = 0; o < outer; o++) for (int64_t i = 0; i < inner; i++) { \
    const T *v = (const T *)x + o * n * inner + i; T *w = (T *)out + o * n * inner + i; T sum = 0; \
    for (int64_t j = 0; j < n; j++) { int64_t p = (reverse ? n - 1 - j : j) * inner; \
      sum = (T)(sum + v[p]); w[p] = sum; } }
  EACH(CASE)
#undef CASE
}
void k_argsort(KType type, int64_t *out, const void *x, int64_t rows, int64_t n, bool descending) {
#define CASE(K, T) if (type == K) for (int64_t r = 0; r < rows; r++) { \
    const T *v = (const T *)x + r * n; int64_t *p = out + r * n; \
    for (int64_t i = 0; i < n; i++) { int64_t j = i; \
      for (; j > 0; j--) { T a = v[p[j - 1]], b = v[i]; \
        bool a_less = a < b || (b != b && a == a), b_less = b < a || (a != a && b == b); \
        if (!(descending ? a_less : b_less)) break; p[j] = p[j - 1]; } \
      p[j] = i; } }
  EACH(CASE)
#undef CASE
}
void k_softmax(KType type, void *out, const void *x, int64_t rows, int64_t n, bool logarithm) {
#define CASE(K, T) if (type == K) for (int64_t r = 0; r < rows; r++) { \
    const T *v = (const T *)x + r * n; T *w = (T *)out + r * n; T m = -(T)INFINITY, sum = 0; \
    for (int64_t i = 0; i < n; i++) m = v[i] > m || v[i] != v[i] ? v[i] : m; \
    for (int64_t i = 0; i < n; i++) sum += (T)exp((double)(v[i] - m)); \
    T l = (T)log((double)sum); \
    for (int64_t i = 0; i < n; i++) \
      w[i] = logarithm ? (v[i] - m) - l : (T)exp((double)(v[i] - m)) / sum; }
  FLOATS(CASE)
#undef CASE
}
void k_log_sum_exp(KType type, void *out, const void *x, int64_t rows, int64_t n) {
#define CASE(K, T) if (type == K) for (int64_t r = 0; r < rows; r++) { \
    const T *v = (const T *)x + r * n; T m = -(T)INFINITY, sum = 0; \
    for (int64_t i = 0; i < n; i++) m = v[i] > m || v[i] != v[i] ? v[i] : m; \
    T shift = isinf(m) ? 0 : m; \
    for (int64_t i = 0; i < n; i++) sum += (T)exp((double)(v[i] - shift)); \
    ((T *)out)[r] = (T)log((double)sum) + shift; }
  FLOATS(CASE)
#undef CASE
}
int64_t k_find_invalid_index(const int64_t *indices, int64_t count, int64_t limit) {
  for (int64_t i = 0; i < count; i++)
    if (indices[i] < 0 || indices[i] >= limit) return i;
  return -1;
}
void k_select_indices(size_t s, void *out, const void *x, const int64_t *indices, int64_t outer,
                      int64_t n, int64_t count, int64_t inner) {
  size_t row = s * (size_t)inner;
  for (int64_t o = 0; o < outer; o++)
    for (int64_t j = 0; j < count; j++)
      memcpy((char *)out + (size_t)(o * count + j) * row,
             (const char *)x + (size_t)(o * n + indices[j]) * row, row);
}
void k_add_at_indices(KType type, void *out, const void *x, const int64_t *indices, int64_t outer,
                      int64_t n, int64_t count, int64_t inner) {
#define CASE(K, T) if (type == K) for (int64_t o = 0; o < outer; o++) for (int64_t j = 0; j < count; j++) \
    for (int64_t i = 0; i < inner; i++) { T *w = (T *)out + (o * n + indices[j]) * inner + i; \
      *w = (T)(*w + ((const T *)x)[(o * count + j) * inner + i]); }
  EACH(CASE)
#undef CASE
}
void k_gather(size_t s, void *out, const void *x, const int64_t *indices, int64_t outer, int64_t n,
              int64_t count, int64_t inner) {
  for (int64_t o = 0; o < outer; o++)
    for (int64_t j = 0; j < count; j++)
      for (int64_t i = 0; i < inner; i++) {
        int64_t p = (o * count + j) * inner + i;
        memcpy((char *)out + (size_t)p * s,
               (const char *)x + (size_t)((o * n + indices[p]) * inner + i) * s, s);
      }
}
void k_scatter(size_t s, void *out, const void *x, const int64_t *indices, int64_t outer, int64_t n,
               int64_t count, int64_t inner) {
  for (int64_t o = 0; o < outer; o++)
    for (int64_t j = 0; j < count; j++)
      for (int64_t i = 0; i < inner; i++) {
        int64_t p = (o * count + j) * inner + i;
        memcpy((char *)out + (size_t)((o * n + indices[p]) * inner + i) * s,
               (const char *)x + (size_t)p * s, s);
      }
}
void k_scatter_add(KType type, void *out, const void *x, const int64_t *indices, int64_t outer,
                   int64_t n, int64_t count, int64_t inner) {
#define CASE(K, T) if (type == K) for (int64_t o = 0; o < outer; o++) for (int64_t j = 0; j < count; j++) \
    for (int64_t i = 0; i < inner; i++) { int64_t p = (o * count + j) * inner + i; \
      T *w = (T *)out + (o * n + indices[p]) * inner + i; *w = (T)(*w + ((const T *)x)[p]); }
  EACH(CASE)
#undef CASE
}
int64_t k_find_true(int64_t *out, const uint8_t *x, int64_t count) {
  int64_t found = 0;
  for (int64_t i = 0; i < count; i++)
    if (x[i]) out[found++] = i;
  return found;
}
void k_add_windows(KType type, void *out, const void *x, int64_t outer, int64_t length,
                   int64_t inner, int64_t windows, int64_t size, int64_t stride, int64_t dilation) {
#define CASE(K, T) if (type == K) for (int64_t o = 0; o < outer; o++) for (int64_t w = 0; w < windows; w++) \
    for (int64_t i = 0; i < inner; i++) for (int64_t k = 0; k < size; k++) { \
      T *p = (T *)out + (o * length + w * stride + k * dilation) * inner + i; \
      *p = (T)(*p + ((const T *)x)[((o * windows + w) * inner + i) * size + k]); }
  EACH(CASE)
#undef CASE
}
