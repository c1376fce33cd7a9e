#include "results/test/sample_run.hpp"

#include <stdlib.h>

#include <stdexcept>

namespace podbench::test {
namespace {

CaseRecord sample_case(int number, int launch, int samples) {
  CaseRecord record;
  record.key.transport = number % 2 == 0 ? "shm" : "libfabric:tcp";
  record.key.pattern = "allreduce";
  record.key.algorithm = "ring";
  record.key.datatype = "float32";
  record.key.op = "sum";
  record.key.bytes = 1024ULL * static_cast<std::uint64_t>(number + 1);
  record.key.ranks = 3;
  record.key.sync = "barrier";
  if (number == 1) record.key.options = {{"radix", "4"}, {"window", "8"}};
  record.launch = launch;
  for (int i = 0; i < samples; ++i) {
    record.samples_ns.push_back(static_cast<std::uint64_t>(1000 * (number + 1) + 10 * launch + i));
  }
  record.operations_per_sample = 2;
  record.invalid_samples = 1;
  record.clock_error_ns = 12.5;
  record.entry_ns = {1, 2, 3};
  record.exit_ns = {101, 102, 103};
  record.moved_bytes = record.key.bytes;
  record.bus_factor = 4.0 / 3;
  record.bound_rounds = 2;
  record.bound_bytes = 1366;
  record.started_utc = "2026-01-02T03:04:05Z";
  record.seconds = 0.25;
  record.started_ns = 1'767'323'045'000'000'001 + 1'000'000'000 * (10 * launch + number);
  record.ended_ns = record.started_ns + 250'000'000;
  record.flags = {"trend", "tail"};
  if (number == 2) {
    record.status = CaseStatus::wrong_data;
    record.note = "rank 1, element 7";
    record.wrong = WrongData{1, 7, "3", "4", 2};
    record.matrix = {0, 1.5, 3.5, 2.5, 0, 4.5, 5.5, 6.5, 0};
    record.matrix_p99 = {0, 2.5, 4.5, 3.5, 0, 5.5, 6.5, 7.5, 0};
  }
  return record;
}

}  // namespace

Run sample_run(int cases, int launches, int samples) {
  Run run;
  run.run = {"6f1c0c9e-0000-4000-8000-000000000000",
             "2026-01-02T03:04:05Z",
             "pod-7",
             "0.1.0",
             "abcdef",
             "podbench run --ranks 3",
             "[suite]\nname = \"größe\"\n",
             18'446'744'073'709'551'615ULL,
             true,
             static_cast<std::uint64_t>(cases * launches)};
  run.nodes = {
      {"node/a", {{"cpu.model", "x"}, {"env.UCX_TLS", "posix,self"}}, {{"/proc/cpuinfo", "one\ntwo\n"}}},
      {"..", {}, {}}};
  for (int launch = 0; launch < launches; ++launch) {
    run.launches.push_back({launch, "local", {"node/a", "node/a", ".."}, {0, 0, 1}, {{"libfabric", "1.17"}}});
    for (int number = 0; number < cases; ++number) run.cases.push_back(sample_case(number, launch, samples));
  }
  run.telemetry = {{.node = "node/a",
                    .name = "nic.eth0.rx_bytes",
                    .unit = "B",
                    .kind = TelemetryKind::counter,
                    .clock_error_ns = 1500,
                    .times_ns = {1'767'323'045'000'000'001, 1'767'323'046'000'000'003},
                    .values = {0x1p53, 0x1p53 + 2}},
                   {.node = "..",
                    .name = "hwmon.coretemp.temp1",
                    .unit = "C",
                    .limit = 100,
                    .note = "ended: größe",
                    .times_ns = {1'767'323'045'500'000'000},
                    .values = {41.5}}};
  return run;
}

std::vector<CaseSummary> sample_summaries(const Run& run) {
  std::vector<CaseSummary> summaries;
  for (const CaseKey& key : distinct_cases(run)) {
    CaseSummary summary;
    summary.key = key;
    summary.n = 10;
    summary.launches = 2;
    summary.p50_ns = static_cast<double>(key.bytes);
    summary.algbw_gbps = 1.25;
    summary.note = "tail";
    summary.bound_rounds = 2;
    summary.bound_bytes = 1366;
    summary.points = {{0, 5, 501.5, 502}, {1, 5, 511.5, 512}};
    summaries.push_back(summary);
  }
  return summaries;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "podbench-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace podbench::test
