// memcpy_rate BYTES SAMPLES: what this machine's memcpy gives between two blocks of BYTES that are copied
// again and again by one core, in decimal GB/s: the median of SAMPLES timed runs of a hundred copies.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/loop_tools.h"

enum { copies = 100 };

int main(int count, char** arguments) {
  const size_t bytes = count == 3 ? (size_t)parse_whole(arguments[1], 1L << 30) : 0;
  const size_t samples = count == 3 ? (size_t)parse_whole(arguments[2], 1000000) : 0;
  if (bytes == 0 || samples == 0) {
    fprintf(stderr, "usage: memcpy_rate BYTES SAMPLES\n");
    return 2;
  }
  char* from = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  char* into = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  double* gbps = malloc(samples * sizeof *gbps);
  if (from == NULL || into == NULL || gbps == NULL) return 4;
  memset(from, 1, bytes);
  memset(into, 2, bytes);
  for (size_t i = 0; i < samples; ++i) {
    const double start = now_ns();
    for (int k = 0; k < copies; ++k) {
      memcpy(into, from, bytes);
      __asm__ volatile("" : : "r"(into) : "memory");  // a copy that nobody reads would be left out
    }
    gbps[i] = (double)bytes * copies / (now_ns() - start);
  }
  qsort(gbps, samples, sizeof *gbps, ascending);
  printf("bytes=%zu samples=%zu gbps=%.3f\n", bytes, samples, gbps[samples / 2]);
  free(from);
  free(into);
  free(gbps);
  return 0;
}
