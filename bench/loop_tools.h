// What the bare loops in C share, which podbench is held against (bench/fidelity, bench/ahead).
#pragma once

#include <stdlib.h>
#include <time.h>

static inline double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

// Of doubles, for qsort.
static inline int ascending(const void* left, const void* right) {
  const double l = *(const double*)left, r = *(const double*)right;
  return (l > r) - (l < r);
}

// A positive number up to `most`, or 0.
static inline double parse_positive(const char* text, double most) {
  char* end;
  const double value = strtod(text, &end);
  return *end == '\0' && end != text && value > 0 && value <= most ? value : 0;
}

// A whole number from 1 to `most`, or 0.
static inline long parse_whole(const char* text, long most) {
  char* end;
  const long value = strtol(text, &end, 10);
  return *end == '\0' && end != text && value >= 1 && value <= most ? value : 0;
}
