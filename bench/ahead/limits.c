// What this machine allows, for bench/ahead: how fast its cores copy when all of them do, and how long a
// cache line takes from one core to another.
//
//   limits THREADS SECONDS BYTES...
//
// For each size every thread, on a core of its own, copies BYTES from one block to another again and again
// for SECONDS; the median of each thread's times is taken, and the slowest thread's counts. The quicker of
// memcpy and of a copy past the caches is printed:
//
//   line ns=91.2
//   copy bytes=1048576 ns=25310.0 gbps=41.429
//
// `line`: half the time of a round trip of one line between the first two threads' cores (of one thread alone
// there is none). Exit: 0 good, 2 wrong request, 4 no memory or no cores.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/loop_tools.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

enum { most_threads = 64, most_samples = 20000, least_samples = 20, round_trips = 20000 };

typedef void (*copy_function)(char* into, const char* from, size_t bytes);

static void plain(char* into, const char* from, size_t bytes) {
  memcpy(into, from, bytes);
  __asm__ volatile("" : : "r"(into) : "memory");  // a copy that nobody reads would be left out
}

static void past_caches(char* into, const char* from, size_t bytes) {
#if defined(__x86_64__)
  size_t at = 0;
  for (; at + 64 <= bytes; at += 64)
    for (int i = 0; i < 4; ++i)
      _mm_stream_si128((__m128i*)(into + at) + i, _mm_loadu_si128((const __m128i*)(from + at) + i));
  memcpy(into + at, from + at, bytes - at);
  _mm_sfence();
#else
  plain(into, from, bytes);
#endif
}

static pthread_barrier_t together;
static int threads;
static int cores[most_threads];
static double seconds;
static _Alignas(128) _Atomic long ping;
static _Alignas(128) _Atomic long pong;
static double line_ns;

struct worker {
  int index;
  size_t bytes;
  char *from, *into;
  copy_function copy;
  double median_ns;
};

static void stay_on(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

static void* copy_often(void* argument) {
  struct worker* w = argument;
  stay_on(cores[w->index]);
  double* samples = malloc(most_samples * sizeof *samples);
  if (samples == NULL) exit(4);
  for (int i = 0; i < 3; ++i) w->copy(w->into, w->from, w->bytes);
  pthread_barrier_wait(&together);
  const double begin = now_ns();
  int count = 0;
  // Short copies are timed several at once.
  const int each = w->bytes < 65536 ? (int)(65536 / w->bytes) : 1;
  while (count < most_samples && (count < least_samples || now_ns() - begin < seconds * 1e9)) {
    const double start = now_ns();
    for (int i = 0; i < each; ++i) w->copy(w->into, w->from, w->bytes);
    samples[count++] = (now_ns() - start) / each;
  }
  qsort(samples, (size_t)count, sizeof *samples, ascending);
  w->median_ns = samples[count / 2];
  free(samples);
  return NULL;
}

static void* bounce(void* argument) {
  const long index = (long)argument;
  stay_on(cores[index]);
  static double samples[round_trips];
  for (long i = 1; i <= round_trips; ++i) {
    if (index == 0) {
      const double start = now_ns();
      for (long k = 0; k < 10; ++k) {
        atomic_store_explicit(&ping, 10 * i + k, memory_order_release);
        while (atomic_load_explicit(&pong, memory_order_acquire) != 10 * i + k) continue;
      }
      samples[i - 1] = (now_ns() - start) / 20;
    } else {
      for (long k = 0; k < 10; ++k) {
        while (atomic_load_explicit(&ping, memory_order_acquire) != 10 * i + k) continue;
        atomic_store_explicit(&pong, 10 * i + k, memory_order_release);
      }
    }
  }
  if (index != 0) return NULL;
  qsort(samples, round_trips, sizeof *samples, ascending);
  line_ns = samples[round_trips / 2];
  return NULL;
}

static char* block(size_t bytes) {
  const size_t huge = (size_t)2 << 20, room = (bytes + huge - 1) / huge * huge;
  char* data = aligned_alloc(huge, room);
  if (data == NULL) exit(4);
  madvise(data, room, MADV_HUGEPAGE);
  memset(data, 1, room);
  return data;
}

static double slowest_ns(struct worker* workers, copy_function copy) {
  pthread_t ids[most_threads];
  for (int i = 0; i < threads; ++i) {
    workers[i].copy = copy;
    pthread_create(&ids[i], NULL, copy_often, &workers[i]);
  }
  double slowest = 0;
  for (int i = 0; i < threads; ++i) {
    pthread_join(ids[i], NULL);
    if (workers[i].median_ns > slowest) slowest = workers[i].median_ns;
  }
  return slowest;
}

static void measure_copy(size_t bytes) {
  struct worker workers[most_threads];
  for (int i = 0; i < threads; ++i)
    workers[i] = (struct worker){.index = i, .bytes = bytes, .from = block(bytes), .into = block(bytes)};
  const double cached = slowest_ns(workers, plain), past = slowest_ns(workers, past_caches);
  const double least = cached < past ? cached : past;
  printf("copy bytes=%zu ns=%.1f gbps=%.3f\n", bytes, least, (double)bytes / least);
  fflush(stdout);
  for (int i = 0; i < threads; ++i) {
    free(workers[i].from);
    free(workers[i].into);
  }
}

static void measure_line(void) {
  pthread_t ids[2];
  for (long i = 0; i < 2; ++i) pthread_create(&ids[i], NULL, bounce, (void*)i);
  for (int i = 0; i < 2; ++i) pthread_join(ids[i], NULL);
  printf("line ns=%.1f\n", line_ns);
}

static int find_cores(void) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  int found = 0;
  for (int core = 0; core < CPU_SETSIZE && found < most_threads; ++core)
    if (CPU_ISSET(core, &allowed)) cores[found++] = core;
  return found;
}

int main(int count, char** arguments) {
  threads = count > 3 ? (int)parse_positive(arguments[1], most_threads) : 0;
  seconds = count > 3 ? parse_positive(arguments[2], 600) : 0;
  for (int i = 3; i < count; ++i)
    if (parse_positive(arguments[i], 1 << 30) < 1) threads = 0;
  if (threads < 1 || seconds <= 0) {
    fprintf(stderr, "usage: limits THREADS SECONDS BYTES...\n");
    return 2;
  }
  if (find_cores() < threads) {
    fprintf(stderr, "limits: %d threads need as many cores\n", threads);
    return 4;
  }
  pthread_barrier_init(&together, NULL, (unsigned)threads);
  if (threads > 1) measure_line();
  for (int i = 3; i < count; ++i) measure_copy((size_t)parse_positive(arguments[i], 1 << 30));
  return 0;
}
