// Includes K_TYPED once per element type, inside a template that is compiled per instruction set.
// Float64 comes first, as float32 uses some of its functions. See vectors.h for the names.
// FLOATING, SIGNED and BYTE are defined where they hold.

#define SUFFIX f64
#define T double
#define MASK int64_t
#define BITS 64
#define FLOATING 1
#include K_TYPED
#undef SUFFIX
#undef T
#undef MASK
#undef BITS

#define SUFFIX f32
#define T float
#define MASK int32_t
#define BITS 32
#include K_TYPED
#undef SUFFIX
#undef T
#undef MASK
#undef BITS
#undef FLOATING

#define SUFFIX i64
#define T int64_t
#define MASK int64_t
#define UNSIGNED uint64_t
#define BITS 64
#define SIGNED 1
#include K_TYPED
#undef SUFFIX
#undef T
#undef MASK
#undef UNSIGNED
#undef BITS

#define SUFFIX i32
#define T int32_t
#define MASK int32_t
#define UNSIGNED uint32_t
#define BITS 32
#include K_TYPED
#undef SUFFIX
#undef T
#undef MASK
#undef UNSIGNED
#undef BITS
#undef SIGNED

#define SUFFIX u8
#define T uint8_t
#define MASK int8_t
#define UNSIGNED uint8_t
#define BITS 8
#include K_TYPED
#undef SUFFIX
#undef T
#undef MASK
#undef UNSIGNED
#undef BITS
#undef K_TYPED
