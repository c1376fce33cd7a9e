// An open run file whose format is known, and what is read from it piece by piece, with budgets for what
// could be named many times but stored once. Only reader.cpp uses it. Thread-safety: one thread. Errors:
// h5::Failure for what is wrong with the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/hdf5.hpp"
#include "results/points.hpp"
#include "results/summary.hpp"

namespace podbench {

class FileReader {
 public:
  // Opens the file and checks schema and version.
  explicit FileReader(const std::filesystem::path& path);

  [[nodiscard]] RunRecord run() const;
  [[nodiscard]] const std::vector<CaseKey>& keys();
  [[nodiscard]] std::vector<std::uint64_t> series_ids() const;
  // What a history needs: three columns and the launches' p99.
  [[nodiscard]] RunPoints points() const;
  [[nodiscard]] const std::vector<std::uint32_t>& launches() const noexcept { return launches_; }
  [[nodiscard]] std::vector<CaseSummary> summaries();
  [[nodiscard]] std::vector<NodeRecord> nodes();
  [[nodiscard]] std::vector<LaunchRecord> launch_records();
  // All records, row by row, without samples, per-rank times, matrices and wrong data.
  [[nodiscard]] std::vector<CaseRecord> records();
  // Adds these to records() of this reader.
  void add_samples(std::vector<CaseRecord>& records);
  void add_rank_times(std::vector<CaseRecord>& records);
  void add_matrices(std::vector<CaseRecord>& records);
  void add_wrong_data(std::vector<CaseRecord>& records);
  // None in a file of schema 1.0.
  [[nodiscard]] std::vector<TelemetrySeries> telemetry();

 private:
  static constexpr std::size_t no_record = static_cast<std::size_t>(-1);
  void check_format();
  // Adds when each case began and ended, where the file's schema has that.
  void add_moments(const h5::Id& launches, std::vector<CaseRecord>& records) const;
  void read_axes();
  // A string column, decoded.
  [[nodiscard]] std::vector<std::string> texts(const h5::Id& group, const std::string& name,
                                               const h5::Shape& shape);
  void add_points(const h5::Id& group, std::vector<TelemetrySeries>& telemetry);
  void add_matrices(const std::string& group, std::vector<double> CaseRecord::*member,
                    std::vector<CaseRecord>& records);
  [[nodiscard]] std::string charged(std::string text);
  void charge_text(std::size_t bytes);
  void charge_numbers(std::size_t count);
  // The index in records() of a case and launch number; Failure where there is none.
  [[nodiscard]] std::size_t record_of(std::uint64_t row, std::uint64_t launch) const;

  h5::Quiet quiet_;
  h5::Id file_;
  int minor_ = 0;
  std::vector<std::uint32_t> launches_;
  std::size_t cases_ = 0;
  std::vector<CaseKey> keys_;
  std::vector<std::size_t> record_at_;  // case × launch -> index in records(), or no_record
  std::uint64_t text_budget_bytes_;
  std::uint64_t number_budget_ = 0;
};

}  // namespace podbench
