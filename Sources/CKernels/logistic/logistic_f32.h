// The functions that all variants have.
#pragma once
#include "VBKLogistic.h"

void vbk_logistic_softmax_f32__scalar(const VBKLogisticPass *pass);
void vbk_logistic_softmax_f32__avx2(const VBKLogisticPass *pass);
void vbk_logistic_softmax_f32__avx512(const VBKLogisticPass *pass);
void vbk_logistic_sigmoid_f32__scalar(const VBKLogisticPass *pass);
void vbk_logistic_sigmoid_f32__avx2(const VBKLogisticPass *pass);
void vbk_logistic_sigmoid_f32__avx512(const VBKLogisticPass *pass);
