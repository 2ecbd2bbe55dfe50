// Written by Benchmarks/Coefficients/generate.py, which says how. Lowest power first.
#ifndef COEFFICIENTS_H
#define COEFFICIENTS_H

// (exp(r) - 1 - r) / r^2 on |r| <= ln 2 / 2, error relative to exp(r) - 1.
// Degree 5, error 2^-31.0.
static const float k_expm1_f32[] = {
    0x1.0000000000000p-1f,
    0x1.5555540000000p-3f,
    0x1.5554f00000000p-5f,
    0x1.1113080000000p-7f,
    0x1.6d43880000000p-10f,
    0x1.9e08120000000p-13f,
};
// Degree 9, error 2^-55.5.
static const double k_expm1_f64[] = {
    0x1.0000000000005p-1,
    0x1.555555555553dp-3,
    0x1.55555555520f4p-5,
    0x1.1111111118213p-7,
    0x1.6c16c17f39981p-10,
    0x1.a01a01798ab29p-13,
    0x1.a019a677bf8e8p-16,
    0x1.71de7e3f1bf17p-19,
    0x1.28a2c0e91cee8p-22,
    0x1.ae7b03344ef6ap-26,
};

// (log((1 + s) / (1 - s)) / s - 2) / z in z = s^2, |s| <= (sqrt 2 - 1) / (sqrt 2 + 1).
// Degree 3, error 2^-35.0.
static const float k_log_f32[] = {
    0x1.5555540000000p-1f,
    0x1.999bd40000000p-2f,
    0x1.23f1a20000000p-2f,
    0x1.ec1d960000000p-3f,
};
// Degree 6, error 2^-59.4.
static const double k_log_f64[] = {
    0x1.5555555555595p-1,
    0x1.999999997f26cp-2,
    0x1.249249427c47dp-2,
    0x1.c71c51a26870dp-3,
    0x1.746652b1500b2p-3,
    0x1.399fd376aebe3p-3,
    0x1.2f17efa94bb3cp-3,
};

// (sin(r) / r - 1) / z in z = r^2 on |r| <= pi / 4.
// Degree 3, error 2^-32.3.
static const float k_sin_f32[] = {
    -0x1.5555560000000p-3f,
    0x1.1111660000000p-7f,
    -0x1.a04a760000000p-13f,
    0x1.7864f80000000p-19f,
};
// Degree 5, error 2^-57.9.
static const double k_sin_f64[] = {
    -0x1.5555555555548p-3,
    0x1.111111110f76cp-7,
    -0x1.a01a019bf47c8p-13,
    0x1.71de356101f76p-19,
    -0x1.ae5e55ce16221p-26,
    0x1.5d8e865cf0aa1p-33,
};

// (cos(r) - 1 + z / 2) / z^2 in z = r^2 on |r| <= pi / 4.
// Degree 2, error 2^-33.1.
static const float k_cos_f32[] = {
    0x1.55554a0000000p-5f,
    -0x1.6c0c2c0000000p-10f,
    0x1.99e9d40000000p-16f,
};
// Degree 5, error 2^-64.1.
static const double k_cos_f64[] = {
    0x1.555555555554bp-5,
    -0x1.6c16c16c1503fp-10,
    0x1.a01a019c95689p-16,
    -0x1.27e4f7f6ea6fcp-22,
    0x1.1ee9dfb7cf91ep-29,
    -0x1.8fa8985847226p-37,
};

// erf(x) / x - 1 in z = x^2 on |x| <= 1.
// Degree 7, error 2^-30.1.
static const float k_erf_f32[] = {
    0x1.06eba80000000p-3f,
    -0x1.8127440000000p-2f,
    0x1.ce2ea20000000p-4f,
    -0x1.b822320000000p-6f,
    0x1.55e0ee0000000p-8f,
    -0x1.b9d5560000000p-11f,
    0x1.c8c8b00000000p-14f,
    -0x1.2307bc0000000p-17f,
};
// Degree 13, error 2^-56.4.
static const double k_erf_f64[] = {
    0x1.06eba8214db69p-3,
    -0x1.812746b037a01p-2,
    0x1.ce2f21a043a4cp-4,
    -0x1.b82ce312c3fa7p-6,
    0x1.565bcd1705b84p-8,
    -0x1.c02db590329afp-11,
    0x1.f9a35712997fdp-14,
    -0x1.f4d6525cf97adp-17,
    0x1.ba20db9c24cd9p-20,
    -0x1.61c33716befd5p-23,
    0x1.0e5fffdc11399p-26,
    -0x1.e14f4c86d42bep-30,
    0x1.22775967eaeb5p-32,
    -0x1.0aaeda9ae27ecp-35,
};

// (1 + a) exp(a^2 / 2) erfc(a / sqrt 2) in t = (a - 4) / (a + 4), 0 <= a <= 16 (39).
// Degree 10, error 2^-26.1.
static const float k_erfc_f32[] = {
    0x1.e361ea0000000p-1f,
    -0x1.8c18f00000000p-3f,
    0x1.cabf1e0000000p-6f,
    0x1.d495c00000000p-5f,
    -0x1.07c7360000000p-4f,
    0x1.25e4ac0000000p-5f,
    -0x1.477c9e0000000p-7f,
    -0x1.3321080000000p-11f,
    0x1.6835240000000p-10f,
    -0x1.3fce680000000p-13f,
    -0x1.47ec7a0000000p-13f,
};
// Degree 22, error 2^-54.2.
static const double k_erfc_f64[] = {
    0x1.e361ea6fba141p-1,
    -0x1.8c18f2086e337p-3,
    0x1.cabd72a61052ap-6,
    0x1.d4969f10ddfe6p-5,
    -0x1.07c3c25836c17p-4,
    0x1.25dd72063f332p-5,
    -0x1.47d5fc6d0f7c3p-7,
    -0x1.2b7f5eda2993fp-11,
    0x1.6c538077df3d0p-10,
    -0x1.8c119839cdb9bp-13,
    -0x1.707b2bd2e2990p-13,
    0x1.64823b83b4474p-15,
    0x1.c92e39e0edc22p-16,
    -0x1.cc81047a0da83p-18,
    -0x1.5e07c637783e5p-18,
    0x1.b0b152ea631a4p-21,
    0x1.23a38d7a32f50p-20,
    0x1.e9f87af5683d3p-29,
    -0x1.b32fc6a73a301p-23,
    -0x1.38dc2f9b5f7dap-25,
    0x1.8e264e56636c9p-26,
    0x1.1db8fdd846764p-27,
    0x1.ca130187d7bcfp-33,
};

#endif
