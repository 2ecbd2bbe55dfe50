// Matrix products: the plain loops.
#include <string.h>

#include "isa.h"

#define PRODUCT(T)                                                                       \
  for (int64_t i = 0; i < m; i++) {                                                      \
    for (int64_t j = 0; j < n; j++) {                                                    \
      T sum = 0;                                                                         \
      for (int64_t p = 0; p < k; p++) {                                                  \
        sum += ((const T *)a)[i * a_row + p * a_column] *                                \
               ((const T *)b)[p * b_row + j * b_column];                                 \
      }                                                                                  \
      T *out = (T *)c + i * c_row + j;                                                   \
      *out = accumulate ? *out + sum : sum;                                              \
    }                                                                                    \
  }

void k_matmul(KType type, int64_t m, int64_t n, int64_t k, const void *a, int64_t a_row,
              int64_t a_column, const void *b, int64_t b_row, int64_t b_column, void *c,
              int64_t c_row, bool accumulate) {
  switch (type) {
    case KTypeFloat32: PRODUCT(float) break;
    case KTypeFloat64: PRODUCT(double) break;
    case KTypeInt32: PRODUCT(uint32_t) break;
    case KTypeInt64: PRODUCT(uint64_t) break;
    case KTypeUInt8: PRODUCT(uint8_t) break;
    case KTypeBool: break;
  }
}

void k_matmul_batched(KType type, int64_t batch, int64_t m, int64_t n, int64_t k, const void *a,
                      const int64_t *a_offsets, int64_t a_row, int64_t a_column, const void *b,
                      const int64_t *b_offsets, int64_t b_row, int64_t b_column, void *c) {
  size_t size = type == KTypeFloat64 || type == KTypeInt64 ? 8 : type == KTypeUInt8 ? 1 : 4;
  for (int64_t i = 0; i < batch; i++) {
    k_matmul(type, m, n, k, (const char *)a + a_offsets[i] * (int64_t)size, a_row, a_column,
             (const char *)b + b_offsets[i] * (int64_t)size, b_row, b_column,
             (char *)c + i * m * n * (int64_t)size, n, false);
  }
}
