// Convolutions, their two gradients, and pools.
#ifndef CONVOLUTION_H
#define CONVOLUTION_H
#include "Kernels.h"

/// See Plan.h.
typedef struct KProgram KProgram;

/// A convolution (cross-correlation) over three spatial axes; those that are missing come first,
/// with one element.
///
/// y[n, o, p] is the sum over c and t of x[n, c, p * stride - padding + t * dilation] w[o, c, t],
/// where x counts as 0 outside of its sizes. The channels of x and y are divided evenly into
/// `groups`.
typedef struct KConvolution {
  int64_t batch;
  int64_t groups;
  /// Channels of x and of y in one group.
  int64_t inputs;
  int64_t outputs;
  /// Sizes of x, of y and of the filters.
  int64_t size[3];
  int64_t places[3];
  int64_t kernel[3];
  int64_t stride[3];
  int64_t dilation[3];
  /// What lies before x; what lies behind follows from the sizes, and may be negative.
  int64_t padding[3];
} KConvolution;

// Float types. The five strides are those of example, channel and the three spatial axes; w is
// contiguous. The order of every sum depends on the sizes and the instruction set alone.

// Where there is a `then` that is not null, it is a prepared program of as many elements as the
// result has, in the same order. It runs on each block of the result as soon as it is finished, like
// that of k_matmul_then: operands of access KAccessBlock are the result.

/// y = x * w, plus bias[channel] if there is one.
void k_convolution(KType type, const KConvolution *convolution, void *y, const void *x,
                   const int64_t *x_strides, const void *w, const void *bias,
                   const KProgram *then);
/// out = the gradient by x of the sum of g y, where g has the shape of y.
void k_convolution_input_gradient(KType type, const KConvolution *convolution, void *out,
                                  const void *g, const int64_t *g_strides, const void *w,
                                  const KProgram *then);
/// out = the gradient by w of the sum of g y; g is contiguous.
void k_convolution_weight_gradient(KType type, const KConvolution *convolution, void *out,
                                   const void *x, const int64_t *x_strides, const void *g);

// MARK: Pools

/// Windows over the last three axes of x [outer, size]; the results have the shape [outer, places].
///
/// Along each axis the window p holds the elements starts[p] + i * step for i in 0..<counts[p], all
/// of them inside of x. There may be none.
typedef struct KPool {
  int64_t outer;
  int64_t size[3];
  int64_t places[3];
  int64_t step[3];
  const int64_t *starts[3];
  const int64_t *counts[3];
  /// The mean is the sum divided by divisors[0][i] * divisors[1][j] * divisors[2][k].
  const int64_t *divisors[3];
} KPool;

// Float types, contiguous. `then` is what it is for convolutions.

/// out = the element of v where the window of x has its first largest element, or its first NaN;
/// `empty` for a window without elements. v may be x.
void k_pool_maximum(KType type, const KPool *pool, void *out, const void *x, const void *v,
                    double empty);
/// out = 0, then out[i] += g for each window of x whose first largest element, or first NaN, is i.
void k_pool_maximum_gradient(KType type, const KPool *pool, void *out, const void *x,
                             const void *g, const KProgram *then);
/// out = the mean of each window of x.
void k_pool_mean(KType type, const KPool *pool, void *out, const void *x);
/// out = 0, then out[i] += g / divisor for each window that holds i.
void k_pool_mean_gradient(KType type, const KPool *pool, void *out, const void *g);

#endif
