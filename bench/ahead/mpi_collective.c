// A bare loop of one MPI collective: what podbench's own algorithms are held against (bench/ahead).
//
//   mpirun -n P mpi_collective allreduce|alltoall SECONDS BYTES...
//
// An operation is one MPI_Allreduce of BYTES of floats (sum), or one MPI_Alltoall in which each rank sends
// BYTES altogether. Operations run back to back; a sample is as many of them as take about 20 us, at least
// one. Its time is the longest of all ranks', as with podbench's streaming cadence. For each size, after a
// quarter of SECONDS of warm-up, samples are taken for SECONDS, 30 of them at least, and rank 0 prints:
//
//   allreduce bytes=8 samples=20000 operations=40 p10_ns=405.2 median_ns=411.0
//
// The buffers are aligned to pages and have been written. Exit: 0 good, 2 wrong request, 4 no memory.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/loop_tools.h"

enum { most_bytes = 1 << 30, most_samples = 100000, least_samples = 30, most_operations = 1000 };

static int rank, ranks;
static char *input, *output;

static void all_reduce(int bytes) {
  MPI_Allreduce(input, output, bytes / (int)sizeof(float), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

static void all_to_all(int bytes) {
  MPI_Alltoall(input, bytes / ranks, MPI_BYTE, output, bytes / ranks, MPI_BYTE, MPI_COMM_WORLD);
}

typedef void (*collective)(int bytes);

static collective collective_named(const char* name) {
  if (strcmp(name, "allreduce") == 0) return all_reduce;
  if (strcmp(name, "alltoall") == 0) return all_to_all;
  return NULL;
}

static double time_of(collective run, int bytes, int operations) {
  const double start = MPI_Wtime();
  for (int k = 0; k < operations; ++k) run(bytes);
  return MPI_Wtime() - start;
}

// What rank 0 finds, for all.
static int agreed(int value) {
  MPI_Bcast(&value, 1, MPI_INT, 0, MPI_COMM_WORLD);
  return value;
}

static int clamp(double value, int least, int most) {
  return value < least ? least : value > most ? most : (int)value;
}

// Warms up; returns seconds an operation.
static double warm_up(collective run, int bytes, double seconds) {
  double spent = time_of(run, bytes, 2), each = spent / 2;
  int more = 1;
  while ((more = agreed(spent < seconds))) {
    const int operations = agreed(clamp(1e-3 / each, 1, most_operations));
    const double took = time_of(run, bytes, operations);
    spent += took;
    each = took / operations;
  }
  return each;
}

static void measure(const char* name, collective run, int bytes, double seconds, double* samples) {
  const double each = warm_up(run, bytes, seconds / 4);
  const int operations = agreed(clamp(20e-6 / each, 1, most_operations));
  const int count = agreed(clamp(seconds / (each * operations), least_samples, most_samples));
  for (int i = 0; i < count; ++i) samples[i] = time_of(run, bytes, operations) * 1e9 / operations;
  MPI_Reduce(rank == 0 ? MPI_IN_PLACE : samples, samples, count, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
  if (rank != 0) return;
  qsort(samples, (size_t)count, sizeof *samples, ascending);
  printf("%s bytes=%d samples=%d operations=%d p10_ns=%.1f median_ns=%.1f\n", name, bytes, count, operations,
         samples[count / 10], samples[count / 2]);
  fflush(stdout);
}

static char* written_buffer(size_t bytes) {
  void* data = NULL;
  const size_t room = bytes < 4096 ? 4096 : bytes;
  if (posix_memalign(&data, 4096, room) != 0) MPI_Abort(MPI_COMM_WORLD, 4);
  // Memory that was never written is one page of zeros again and again, and always in the cache.
  memset(data, 0, room);
  return data;
}

int main(int count, char** arguments) {
  MPI_Init(&count, &arguments);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const collective run = count > 3 ? collective_named(arguments[1]) : NULL;
  const double seconds = count > 3 ? parse_positive(arguments[2], 600) : 0;
  int wrong = run == NULL || seconds == 0, largest = 0;
  for (int i = 3; i < count && !wrong; ++i) {
    const int bytes = (int)parse_positive(arguments[i], most_bytes);
    wrong = bytes == 0;
    if (bytes > largest) largest = bytes;
  }
  if (wrong) {
    if (rank == 0) fprintf(stderr, "usage: mpi_collective allreduce|alltoall SECONDS BYTES...\n");
    MPI_Finalize();
    return 2;
  }
  double* samples = malloc(most_samples * sizeof *samples);
  if (samples == NULL) MPI_Abort(MPI_COMM_WORLD, 4);
  input = written_buffer((size_t)largest);
  output = written_buffer((size_t)largest);
  for (int i = 3; i < count; ++i) measure(arguments[1], run, atoi(arguments[i]), seconds, samples);
  MPI_Finalize();
  return 0;
}
