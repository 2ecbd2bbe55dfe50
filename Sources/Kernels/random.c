// Random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11).
#include <math.h>

#include "Kernels.h"

static void philox(uint32_t out[4], uint64_t seed, uint64_t stream, uint64_t block) {
  uint32_t c[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
  uint32_t k0 = (uint32_t)seed;
  uint32_t k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0];
    uint64_t p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k0, (uint32_t)p1, (uint32_t)(p0 >> 32) ^ c[3] ^ k1,
                        (uint32_t)p0};
    for (int i = 0; i < 4; i++) c[i] = next[i];
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (int i = 0; i < 4; i++) out[i] = c[i];
}

void k_random_words(uint32_t *out, int64_t count, uint64_t seed, uint64_t stream, uint64_t offset) {
  for (int64_t i = 0; i < count; i += 4) {
    uint32_t w[4];
    philox(w, seed, stream, offset + (uint64_t)i / 4);
    for (int64_t j = 0; j < 4 && i + j < count; j++) out[i + j] = w[j];
  }
}

static double uniform53(uint32_t low, uint32_t high) {
  return (double)(((uint64_t)high << 32 | low) >> 11) * 0x1p-53;
}

void k_random_uniform(KType type, void *out, int64_t count, uint64_t seed, uint64_t stream,
                      uint64_t offset) {
  int64_t step = type == KTypeFloat32 ? 4 : 2;
  for (int64_t i = 0; i < count; i += step) {
    uint32_t w[4];
    philox(w, seed, stream, offset + (uint64_t)(i / step));
    for (int64_t j = 0; j < step && i + j < count; j++) {
      if (type == KTypeFloat32) {
        ((float *)out)[i + j] = (float)(w[j] >> 8) * 0x1p-24f;
      } else {
        ((double *)out)[i + j] = uniform53(w[2 * j], w[2 * j + 1]);
      }
    }
  }
}

void k_random_normal(KType type, void *out, int64_t count, uint64_t seed, uint64_t stream,
                     uint64_t offset) {
  int64_t step = type == KTypeFloat32 ? 4 : 2;
  for (int64_t i = 0; i < count; i += step) {
    uint32_t w[4];
    philox(w, seed, stream, offset + (uint64_t)(i / step));
    for (int64_t j = 0; j < step && i + j < count; j++) {
      double u = type == KTypeFloat32 ? ((double)w[j & 2] + 1) * 0x1p-32 : uniform53(w[0], w[1]) + 0x1p-53;
      double v = type == KTypeFloat32 ? (double)w[j | 1] * 0x1p-32 : uniform53(w[2], w[3]);
      double radius = sqrt(-2 * log(u));
      double angle = 6.28318530717958647693 * v;
      double z = radius * (j & 1 ? sin(angle) : cos(angle));
      if (type == KTypeFloat32) {
        ((float *)out)[i + j] = (float)z;
      } else {
        ((double *)out)[i + j] = z;
      }
    }
  }
}
