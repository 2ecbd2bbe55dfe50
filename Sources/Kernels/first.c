// Plain versions of the strided, reducing and indexing kernels.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "isa.h"

#define EACH(X) X(KTypeFloat32, float) X(KTypeFloat64, double) X(KTypeInt32, int32_t) \
  X(KTypeInt64, int64_t) X(KTypeUInt8, uint8_t) X(KTypeBool, uint8_t)
#define FLOATS(X) X(KTypeFloat32, float) X(KTypeFloat64, double)

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
