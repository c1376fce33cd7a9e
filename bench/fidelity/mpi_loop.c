// A bare loop of MPI calls: what podbench's mpi transport is held against (bench/fidelity).
//
//   mpirun -n 2 mpi_loop latency   BYTES SAMPLES OPERATIONS
//   mpirun -n 2 mpi_loop bandwidth BYTES SAMPLES OPERATIONS
//   mpirun -n P mpi_loop allreduce BYTES SAMPLES OPERATIONS
//
// A sample times OPERATIONS operations back to back, after a tenth as many samples of warm-up. An operation
// is one round trip of MPI_Send and MPI_Recv (half of it is reported), a window of 64 messages with one
// acknowledgement of one byte, or one MPI_Allreduce of floats (sum). Rank 0 prints one line:
//
//   latency bytes=8 samples=1000 operations=10 min_ns=350 median_ns=372 mean_ns=380
//
// for bandwidth with the median's decimal `gbps=` at the end. Exit: 0 good, 2 wrong request.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/loop_tools.h"

enum { window = 64, most_bytes = 1 << 30, most_repetitions = 10000000 };

struct plan {
  const char* pattern;
  int bytes, samples, operations;
  int rank;
  char *input, *output;
};

typedef void (*operation)(const struct plan*);

static void round_trip(const struct plan* p) {
  if (p->rank == 0) {
    MPI_Send(p->input, p->bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
    MPI_Recv(p->output, p->bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  } else if (p->rank == 1) {
    MPI_Recv(p->output, p->bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Send(p->input, p->bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
  }
}

static void window_and_acknowledgement(const struct plan* p) {
  MPI_Request requests[window];
  if (p->rank == 0) {
    for (int i = 0; i < window; ++i)
      MPI_Isend(p->input, p->bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD, &requests[i]);
    MPI_Waitall(window, requests, MPI_STATUSES_IGNORE);
    MPI_Recv(p->output, 1, MPI_BYTE, 1, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  } else if (p->rank == 1) {
    for (int i = 0; i < window; ++i)
      MPI_Irecv(p->output, p->bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, &requests[i]);
    MPI_Waitall(window, requests, MPI_STATUSES_IGNORE);
    MPI_Send(p->input, 1, MPI_BYTE, 0, 1, MPI_COMM_WORLD);
  }
}

static void all_reduce(const struct plan* p) {
  MPI_Allreduce(p->input, p->output, p->bytes / (int)sizeof(float), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

static void measure(const struct plan* p, operation run, double* sample_ns) {
  const int warm_up = p->samples / 10 + 1;
  for (int i = -warm_up; i < p->samples; ++i) {
    if (i <= 0) MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (int k = 0; k < p->operations; ++k) run(p);
    if (i >= 0) sample_ns[i] = (MPI_Wtime() - start) * 1e9 / p->operations;
  }
}

static void print(const struct plan* p, double* sample_ns, double divisor) {
  double sum = 0;
  for (int i = 0; i < p->samples; ++i) sum += sample_ns[i];
  qsort(sample_ns, (size_t)p->samples, sizeof *sample_ns, ascending);
  const double median = sample_ns[p->samples / 2] / divisor;
  printf("%s bytes=%d samples=%d operations=%d min_ns=%.0f median_ns=%.0f mean_ns=%.0f", p->pattern, p->bytes,
         p->samples, p->operations, sample_ns[0] / divisor, median, sum / p->samples / divisor);
  if (strcmp(p->pattern, "bandwidth") == 0) printf(" gbps=%.3f", (double)window * p->bytes / median);
  printf("\n");
}

static operation operation_named(const char* name) {
  if (strcmp(name, "latency") == 0) return round_trip;
  if (strcmp(name, "bandwidth") == 0) return window_and_acknowledgement;
  if (strcmp(name, "allreduce") == 0) return all_reduce;
  return NULL;
}

int main(int count, char** arguments) {
  MPI_Init(&count, &arguments);
  struct plan p = {0};
  int ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &p.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  operation run = NULL;
  if (count == 5) {
    p.pattern = arguments[1];
    run = operation_named(p.pattern);
    p.bytes = (int)parse_whole(arguments[2], most_bytes);
    p.samples = (int)parse_whole(arguments[3], most_repetitions);
    p.operations = (int)parse_whole(arguments[4], most_repetitions);
  }
  const int pairwise = run == round_trip || run == window_and_acknowledgement;
  if (run == NULL || p.bytes == 0 || p.samples == 0 || p.operations == 0 || (pairwise && ranks != 2)) {
    if (p.rank == 0)
      fprintf(stderr,
              "usage: mpi_loop latency|bandwidth|allreduce BYTES SAMPLES OPERATIONS; the first two with "
              "2 ranks\n");
    MPI_Finalize();
    return 2;
  }
  double* sample_ns = malloc((size_t)p.samples * sizeof *sample_ns);
  p.input = malloc((size_t)p.bytes);
  p.output = malloc((size_t)p.bytes);
  if (sample_ns == NULL || p.input == NULL || p.output == NULL) MPI_Abort(MPI_COMM_WORLD, 4);
  // Memory that was never written is one page of zeros again and again, and always in the cache.
  memset(p.input, 1, (size_t)p.bytes);
  memset(p.output, 1, (size_t)p.bytes);
  measure(&p, run, sample_ns);
  if (p.rank == 0) print(&p, sample_ns, run == round_trip ? 2 : 1);
  free(sample_ns);
  free(p.input);
  free(p.output);
  MPI_Finalize();
  return 0;
}
