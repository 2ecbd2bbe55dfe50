// Convolutions, their two gradients, and pools.
#ifndef CONVOLUTION_H
#define CONVOLUTION_H
#include "Kernels.h"

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

/// y = x * w.
void k_convolution(KType type, const KConvolution *convolution, void *y, const void *x,
                   const int64_t *x_strides, const void *w);
/// out = the gradient by x of the sum of g y, where g has the shape of y.
void k_convolution_input_gradient(KType type, const KConvolution *convolution, void *out,
                                  const void *g, const int64_t *g_strides, const void *w);
/// out = the gradient by w of the sum of g y; g is contiguous.
void k_convolution_weight_gradient(KType type, const KConvolution *convolution, void *out,
                                   const void *x, const int64_t *x_strides, const void *g);

#endif
