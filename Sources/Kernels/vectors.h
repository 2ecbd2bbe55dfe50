// Names inside a template that is compiled once per element type and instruction set. Before it
// includes vectors.inc, a template sets
//   SUFFIX  f64, f32, i64, i32 or u8      T     the element type
//   BITS    its width                     MASK  the signed integer of that width
#ifndef VECTORS_H
#define VECTORS_H
#include "isa.h"

/// F(exp) is exp_f32_avx512, say; D(exp) is always its float64 sibling.
#define F(name) K_PASTE(K_PASTE(name, SUFFIX), ISA)
#define D(name) K_PASTE(K_PASTE(name, f64), ISA)
/// The table k_name_f32 or k_name_f64 of coefficients.h.
#define COEFFICIENTS(name) K_PASTE(K_PASTE(k, name), SUFFIX)

/// A vector of T; of signed integers of T's width (as comparisons give: -1 or 0); of one byte per
/// lane.
#define V F(vector)
#define I F(integers)
#define B F(bytes)
#define LANES (VECTOR_BYTES * 8 / BITS)

/// Fused multiply-add is there, and `a * b + c` within one expression is contracted to it.
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA (VECTOR_BYTES > 16)
#endif

#endif
