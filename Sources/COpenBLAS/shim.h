#pragma once
#include <cblas.h>

// LAPACK's Fortran entry points that vbench calls; OpenBLAS exports them but ships no header for
// them.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
