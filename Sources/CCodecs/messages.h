// What the codecs share: collecting messages and checking sizes.
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "CCodecs.h"

static inline void vbc_set_error(VBCMessages *messages, const char *text) {
  snprintf(messages->error, sizeof messages->error, "%s", text);
}

static inline void vbc_add_warning(VBCMessages *messages, const char *text) {
  if (messages->warning_count++ == 0)
    snprintf(messages->warning, sizeof messages->warning, "%s", text);
}

static inline VBCStatus vbc_fail(VBCMessages *messages, VBCStatus status, const char *text) {
  vbc_set_error(messages, text);
  return status;
}

/// VBC_TOO_LARGE where width × height exceeds the limit or a side VBC_SIDE_LIMIT, VBC_MALFORMED
/// where either is 0.
static inline VBCStatus vbc_check_size(uint64_t width, uint64_t height, uint64_t pixel_limit,
                                       VBCMessages *messages) {
  if (width == 0 || height == 0) return vbc_fail(messages, VBC_MALFORMED, "a side of 0 pixels");
  if (width > VBC_SIDE_LIMIT || height > VBC_SIDE_LIMIT || width > pixel_limit / height) {
    snprintf(messages->error, sizeof messages->error,
             "%llu × %llu pixels, more than the limit %llu", (unsigned long long)width,
             (unsigned long long)height, (unsigned long long)pixel_limit);
    return VBC_TOO_LARGE;
  }
  return VBC_OK;
}

/// Pillow's CMYK to RGB, four bytes to three: (255 − K) − C·(255 − K)/255, rounded as Pillow does.
static inline void vbc_cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb) {
  int light = 255 - cmyk[3];
  for (int channel = 0; channel < 3; ++channel) {
    unsigned product = (unsigned)cmyk[channel] * (unsigned)light + 128;
    int value = light - (int)(((product >> 8) + product) >> 8);
    rgb[channel] = (uint8_t)(value < 0 ? 0 : value);
  }
}
