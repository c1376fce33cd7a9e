// Writes the sample run, large enough for chunks, to the file named on the command line.
#include "results/store.hpp"
#include "results/test/sample_run.hpp"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const podbench::Run run = podbench::test::sample_run(3, 2, 20'000);
  podbench::write_run(run, podbench::test::sample_summaries(run), arguments[1]);
}
