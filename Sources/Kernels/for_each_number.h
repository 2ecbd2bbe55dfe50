// Compiles K_NUMBER_TEMPLATE once per type of number. The template may use T, the type of an
// element; W, the type of the same size whose sums and products wrap; and TYPE, a word for names.
// Bool is uint8 here.

#define T float
#define W float
#define TYPE float32
#define IS_FLOAT 1
#include K_NUMBER_TEMPLATE
#undef T
#undef W
#undef TYPE

#define T double
#define W double
#define TYPE float64
#include K_NUMBER_TEMPLATE
#undef T
#undef W
#undef TYPE
#undef IS_FLOAT

#ifndef FLOATS_ONLY
#define IS_FLOAT 0
#define T int32_t
#define W uint32_t
#define TYPE int32
#include K_NUMBER_TEMPLATE
#undef T
#undef W
#undef TYPE

#define T int64_t
#define W uint64_t
#define TYPE int64
#include K_NUMBER_TEMPLATE
#undef T
#undef W
#undef TYPE

#define T uint8_t
#define W uint8_t
#define TYPE uint8
#include K_NUMBER_TEMPLATE
#undef T
#undef W
#undef TYPE
#undef IS_FLOAT
#endif

#undef K_NUMBER_TEMPLATE
