"""Derives the polynomials of Sources/Kernels/coefficients.h: python3 generate.py > coefficients.h

Each function f on [low, high] gets a polynomial p that makes weight * (p - f) small at Chebyshev
nodes, eight per coefficient (least squares there is within a factor of about 2 of the minimax
polynomial). Coefficients are rounded to the target type one by one, lowest first, and the higher
ones are fitted again to what is left, so that rounding costs nothing. The error that is printed is
the largest |weight * (p - f)| of the rounded polynomial over 2000 points. Needs mpmath.
"""
import struct
from mpmath import mp, mpf, matrix, lu_solve, cos, sin, exp, erf, erfc, atanh, sqrt, log, pi

mp.dps = 60


def rounded(x, bits):
    kind = "f" if bits == 32 else "d"
    return mpf(struct.unpack(kind, struct.pack(kind, float(x)))[0])


def literal(x, bits):
    return float(x).hex() + ("f" if bits == 32 else "")


def fit(function, weight, low, high, degree, bits):
    count = 8 * (degree + 1)
    middle, radius = (low + high) / 2, (high - low) / 2
    nodes = [middle + radius * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]
    weights = [weight(x) for x in nodes]
    rest = [function(x) for x in nodes]
    done = []
    while len(done) <= degree:
        powers = range(len(done), degree + 1)
        rows = [[w * x**p for p in powers] for x, w in zip(nodes, weights)]
        a, b = matrix(rows), matrix([w * r for w, r in zip(weights, rest)])
        c = rounded(lu_solve(a.T * a, a.T * b)[0], bits)
        rest = [r - c * x ** len(done) for r, x in zip(rest, nodes)]
        done.append(c)
    points = [low + (high - low) * i / mpf(2001) for i in range(1, 2001)]
    value = lambda x: sum(c * x**i for i, c in enumerate(done))
    return done, max(abs(weight(x) * (value(x) - function(x))) for x in points)


def erfc_scaled(t, k):
    a = k * (1 + t) / (1 - t)
    y = a / sqrt(mpf(2))
    return (1 + a) * exp(y * y) * erfc(y)


HALF_LN2 = log(mpf(2)) / 2 * mpf("1.001")
QUARTER_PI = pi / 4 * mpf("1.001")
S = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)
LOG_Z = S * S * mpf("1.001")
K = mpf(4)
TINY = mpf("1e-9")
mapped = lambda a: (a - K) / (a + K)

# name, what it is, function, weight (to relative error of the final result), low, high, degrees
TABLE = [
    ("expm1", "(exp(r) - 1 - r) / r^2 on |r| <= ln 2 / 2, error relative to exp(r) - 1",
     lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / (exp(r) - 1), -HALF_LN2, HALF_LN2, (5, 9)),
    ("log", "(log((1 + s) / (1 - s)) / s - 2) / z in z = s^2, |s| <= (sqrt 2 - 1) / (sqrt 2 + 1)",
     lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z, lambda z: z / 2, TINY, LOG_Z, (3, 6)),
    ("sin", "(sin(r) / r - 1) / z in z = r^2 on |r| <= pi / 4",
     lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z, TINY, QUARTER_PI**2, (3, 5)),
    ("cos", "(cos(r) - 1 + z / 2) / z^2 in z = r^2 on |r| <= pi / 4",
     lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda z: z**2, TINY, QUARTER_PI**2, (2, 5)),
    ("erf", "erf(x) / x - 1 in z = x^2 on |x| <= 1",
     lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: sqrt(z) / erf(sqrt(z)), TINY, mpf(1), (7, 13)),
    ("erfc", "(1 + a) exp(a^2 / 2) erfc(a / sqrt 2) in t = (a - 4) / (a + 4), 0 <= a <= 16 (39)",
     lambda t: erfc_scaled(t, K), lambda t: 1 / erfc_scaled(t, K), mpf(-1), None, (10, 22)),
]

if __name__ == "__main__":
    print("// Written by Benchmarks/Coefficients/generate.py, which says how. Lowest power first.")
    print("#ifndef COEFFICIENTS_H\n#define COEFFICIENTS_H")
    for name, what, function, weight, low, high, degrees in TABLE:
        print(f"\n// {what}.")
        for bits, degree, top in ((32, degrees[0], 16), (64, degrees[1], 39)):
            end = high if high is not None else mapped(mpf(top))
            coefficients, error = fit(function, weight, low, end, degree, bits)
            kind = "float" if bits == 32 else "double"
            print(f"// Degree {degree}, error 2^{float(log(error, 2)):.1f}.")
            print(f"static const {kind} k_{name}_f{bits}[] = {{")
            for c in coefficients:
                print(f"    {literal(c, bits)},")
            print("};")
    print("\n#endif")
