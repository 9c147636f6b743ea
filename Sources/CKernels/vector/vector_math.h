// exp, erf and logarithms on vectors, in the vocabulary of vector_avx2.h or vector_avx512.h.
// Largest errors over all floats of the range, found once by trying all of them: exp 1 ulp
// (subnormal results too), erf 6e-7 absolute. The tests try every 97th.

// e^x: x = n·ln 2 + r with |r| ≤ ½ ln 2, e^r by the polynomial of degree 7 (Taylor, error 7e-9
// relative at the ends of the range), ln 2 split in two so that n·ln 2 is exact (Cody and Waite
// 1980).
static inline vf v_exp(vf x) {
  vf clamped = v_min(v_set1(89.0f), v_max(v_set1(-104.0f), x));
  vf n = v_round(v_mul(clamped, v_set1(1.44269504f)));
  vf r = v_fma(n, v_set1(-0.693359375f), clamped);
  r = v_fma(n, v_set1(2.12194440e-4f), r);
  vf p = v_set1(1.98412698e-4f);
  p = v_fma(p, r, v_set1(1.38888889e-3f));
  p = v_fma(p, r, v_set1(8.33333333e-3f));
  p = v_fma(p, r, v_set1(4.16666667e-2f));
  p = v_fma(p, r, v_set1(1.66666667e-1f));
  p = v_fma(p, r, v_set1(0.5f));
  p = v_fma(p, r, v_set1(1.0f));
  p = v_fma(p, r, v_set1(1.0f));
  return v_scale(p, n);
}

// 1 / (1 + e^−x).
static inline vf v_sigmoid(vf x) {
  vf one = v_set1(1.0f);
  return v_div(one, v_add(one, v_exp(v_sub(v_set1(0.0f), x))));
}

// erf(x) = 1 − (a₁t + … + a₅t⁵)·e^(−x²) with t = 1 / (1 + 0.3275911·x) for x ≥ 0, odd.
// Abramowitz and Stegun 1964, 7.1.26: error at most 1.5e-7 before rounding.
static inline vf v_erf(vf x) {
  vf one = v_set1(1.0f);
  vf magnitude = v_max(v_sub(v_set1(0.0f), x), x);
  vf t = v_div(one, v_fma(v_set1(0.3275911f), magnitude, one));
  vf p = v_set1(1.061405429f);
  p = v_fma(p, t, v_set1(-1.453152027f));
  p = v_fma(p, t, v_set1(1.421413741f));
  p = v_fma(p, t, v_set1(-0.284496736f));
  p = v_fma(p, t, v_set1(0.254829592f));
  vf tail = v_mul(v_mul(p, t), v_exp(v_sub(v_set1(0.0f), v_mul(x, x))));
  return v_copysign(v_sub(one, tail), x);
}

// log(1 + u) for u in 0…1: 2·artanh(s) with s = u / (2 + u) ≤ 1/3, the series to s¹³ (error 2e-8 of
// the result).
static inline vf v_log_of_one_plus(vf u) {
  vf s = v_div(u, v_add(u, v_set1(2.0f))), square = v_mul(s, s);
  vf p = v_set1(2.0f / 13);
  p = v_fma(p, square, v_set1(2.0f / 11));
  p = v_fma(p, square, v_set1(2.0f / 9));
  p = v_fma(p, square, v_set1(2.0f / 7));
  p = v_fma(p, square, v_set1(2.0f / 5));
  p = v_fma(p, square, v_set1(2.0f / 3));
  p = v_fma(p, square, v_set1(2.0f));
  return v_mul(p, s);
}
