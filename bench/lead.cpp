#include "bench/lead.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <numeric>

#include "analysis/statistics.hpp"

namespace podbench {
namespace {

// Progress and the end table are ours; what Google Benchmark prints goes to its own file or format, if asked.
class SilentReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

bool given(const std::vector<std::string>& flags, std::string_view name) {
  return std::any_of(flags.begin(), flags.end(),
                     [name](const std::string& flag) { return flag.starts_with(name); });
}

void initialise_benchmark(const std::vector<std::string>& flags) {
  std::vector<std::string> words{"podbench"};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
}

}  // namespace

// Iterations(1) with one batch of all operations: our engine decides the count while it measures, Google
// Benchmark learns it afterwards (its adaptive mode would run the body again and again, and ranks disagree).
class Lead::Body {
 public:
  Body(Lead& lead, std::uint32_t index) : lead_(lead), index_(index) {}

  void operator()(benchmark::State& state) const {
    if (lead_.broken_) return state.SkipWithError("the launch is broken");
    try {
      const CaseRecord record = lead_.engine_.measure(index_);
      lead_.journal_telemetry();
      lead_.spool_.append(record);
      lead_.progress_.finished(record);
      report(record, state);
    } catch (...) {
      lead_.broken_ = std::current_exception();
      state.SkipWithError("the launch is broken");
    }
  }

 private:
  void report(const CaseRecord& record, benchmark::State& state) const {
    state.SetLabel(outcome_in_words(record));
    if (record.wrong) ++lead_.tally_.wrong;
    if (record.status == CaseStatus::failed) ++lead_.tally_.failed;
    if (record.wrong || record.samples_ns.empty()) return state.SkipWithError(record.note.c_str());
    const auto operations =
        static_cast<std::int64_t>(record.samples_ns.size()) * record.operations_per_sample;
    const double total_ns = std::accumulate(record.samples_ns.begin(), record.samples_ns.end(), 0.0);
    // A zero time would make Google Benchmark ask for ever more iterations.
    while (state.KeepRunningBatch(operations)) state.SetIterationTime(std::max(total_ns, 1.0) * 1e-9);
    const CaseRecord* one = &record;
    const CaseSummary summary = summarise({&one, 1});
    state.counters["p50_ns"] = summary.p50_ns;
    state.counters["p99_ns"] = summary.p99_ns;
    state.counters["invalid"] = static_cast<double>(record.invalid_samples);
  }

  Lead& lead_;
  std::uint32_t index_;
};

Lead::Lead(Engine& engine, SpoolWriter& spool, Progress& progress, const PlannedLaunch& launch)
    : engine_(engine), spool_(spool), progress_(progress), launch_(launch) {}

void Lead::journal_telemetry() {
  for (const TelemetryRecord& record : engine_.take_telemetry()) spool_.append(record);
}

LaunchTally Lead::run(const std::vector<std::string>& benchmark_flags) {
  initialise_benchmark(benchmark_flags);
  for (std::uint32_t i = 0; i < launch_.cases.size(); ++i)
    benchmark::RegisterBenchmark(name_of(launch_.cases[i]).c_str(), Body(*this, i))
        ->Iterations(1)
        ->UseManualTime();
  SilentReporter silent;
  benchmark::BenchmarkReporter* reporter = given(benchmark_flags, "--benchmark_format") ? nullptr : &silent;
  // With its default filter Google Benchmark spends time that grows with the square of the cases.
  if (given(benchmark_flags, "--benchmark_filter"))
    benchmark::RunSpecifiedBenchmarks(reporter);
  else
    benchmark::RunSpecifiedBenchmarks(reporter, ".*");
  benchmark::ClearRegisteredBenchmarks();
  if (broken_) std::rethrow_exception(broken_);
  engine_.finish();
  journal_telemetry();
  return tally_;
}

}  // namespace podbench
