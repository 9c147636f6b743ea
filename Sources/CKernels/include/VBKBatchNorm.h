// Normalisation of channels: rows of `columns` channels, statistics over the rows.
#pragma once
#include "VBKVariants.h"

/// Moments of each column over `rows` rows, at least 1: `center` is about the mean, `sum` is
/// Σ(x − center) and `squares` Σ(x − center)². The mean is center + sum/rows and the sum of squared
/// deviations squares − sum²/rows: the corrected two-pass algorithm (Chan, Golub, LeVeque 1983).
/// The three outputs have `columns` floats each. No aliasing.
typedef void (*VBKColumnMomentsF32)(size_t rows, size_t columns, const float *x, float *center,
                                    float *sum, float *squares);
VBK_DECLARE_VARIANT_TYPE(VBKColumnMomentsF32Variant, VBKColumnMomentsF32);
VBK_DECLARE_VARIANTS(vbk_column_moments_f32, VBKColumnMomentsF32Variant);

/// y = (x − mean) · factor + shift + residual, negative values set to zero if `relu`. `residual`
/// may be NULL. `positive` receives with `relu`, unless it is NULL, one bit per element that tells
/// whether it has passed (NaN passes): bit c % 8 of byte c / 8, each row VBK_BIT_ROW(columns)
/// bytes. `y` may be `x` or `residual`.
typedef void (*VBKNormalizeColumnsF32)(size_t rows, size_t columns, const float *x,
                                       const float *mean, const float *factor, const float *shift,
                                       const float *residual, int relu, void *positive, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKNormalizeColumnsF32Variant, VBKNormalizeColumnsF32);
VBK_DECLARE_VARIANTS(vbk_normalize_columns_f32, VBKNormalizeColumnsF32Variant);

/// How many bytes a row of bits takes: whole words of 32 bits.
#define VBK_BIT_ROW(columns) (((columns) + 31) / 32 * 4)

/// sum = Σ g and products = Σ g · (x − mean) of each column, where g is `dy` where `positive` has a
/// bit (everywhere if it is NULL) and 0 elsewhere. No aliasing.
typedef void (*VBKColumnGradientSumsF32)(size_t rows, size_t columns, const float *dy,
                                         const void *positive, const float *x, const float *mean,
                                         float *sum, float *products);
VBK_DECLARE_VARIANT_TYPE(VBKColumnGradientSumsF32Variant, VBKColumnGradientSumsF32);
VBK_DECLARE_VARIANTS(vbk_column_gradient_sums_f32, VBKColumnGradientSumsF32Variant);

/// dx = g · factors[0] + (x − mean) · factors[1] + factors[2] with g as above and three rows of
/// `columns` factors; dx = g · factors[0] if `x` is NULL. `dx` and `passed`, which receives g, may
/// each be NULL and may each be `dy`, not both.
typedef void (*VBKColumnGradientF32)(size_t rows, size_t columns, const float *dy,
                                     const void *positive, const float *x, const float *mean,
                                     const float *factors, float *dx, float *passed);
VBK_DECLARE_VARIANT_TYPE(VBKColumnGradientF32Variant, VBKColumnGradientF32);
VBK_DECLARE_VARIANTS(vbk_column_gradient_f32, VBKColumnGradientF32Variant);
