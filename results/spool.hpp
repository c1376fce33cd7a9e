// The spool: where a run's finished cases are safe before the run file exists.
//
//   NAME.spool/run.spool        RunRecord, written once by the director before the first launch
//   NAME.spool/launch-K.spool   LaunchRecord, NodeRecords, TelemetryRecords, CaseRecords, appended by launch
//                               K's lead
//
// A record is one write(2): magic, length, CRC-32 of the payload, CRC-32 of these three, then the payload in
// CBOR (arrays of numbers as byte strings, little-endian). A case is on the disk (fdatasync) when append
// returns, so whatever is killed loses at most the case that was being written. Reading tolerates a torn
// tail, goes on behind a damaged record, and names both.
// Thread-safety: a SpoolWriter belongs to one thread; the functions are independent. Blocks on the disk.
// Errors: RunError where the disk fails ("disk full: …; the finished cases are kept in …"); RequestError for
// a folder that is not a spool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

class RecordFile;
enum class Opening : std::uint8_t;

// "results/runs/a.h5" -> "results/runs/a.spool".
[[nodiscard]] std::filesystem::path spool_folder_of(const std::filesystem::path& run_file);

// Makes the spool folder and its run.spool. RequestError where the folder is there already (another run, or
// one to recover first); RunError where it cannot be made. Called once, by the director.
void create_spool(const std::filesystem::path& folder, const RunRecord& run);

// Says the same of the run once more, with what is known only at its end; the last word counts.
void amend_spool(const std::filesystem::path& folder, const RunRecord& run);

// Removes a spool whose run file is written: only files of ours, then the folder. Never throws; what cannot
// be removed stays.
void remove_spool(const std::filesystem::path& folder) noexcept;

// Appends to one launch's file.
class SpoolWriter {
 public:
  // Creates `folder/launch-<launch>.spool`; RunError where it is there already or the folder is not.
  SpoolWriter(const std::filesystem::path& folder, int launch);
  // The same launch's file once more, when something is known only after its end; RunError where there is
  // none.
  [[nodiscard]] static SpoolWriter again(const std::filesystem::path& folder, int launch);
  ~SpoolWriter();
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;

  // Each returns when the record is on the disk. After a RunError the file ends with its last whole record.
  void append(const LaunchRecord& launch);
  void append(const NodeRecord& node);
  void append(const CaseRecord& record);
  // Returns before it is on the disk: that it is with the next append of another kind.
  void append(const TelemetryRecord& telemetry);

 private:
  SpoolWriter(const std::filesystem::path& folder, int launch, Opening opening);
  std::unique_ptr<RecordFile> file_;
};

// What a spool holds.
struct SpoolContents {
  Run run;  // run.complete: as many case records as planned
  // Torn tails and damaged records, one line each, with file and byte position.
  std::vector<std::string> problems;
};

// Reads all launches of a spool, in order of launch. A node that several launches recorded becomes one;
// where a later launch saw another value, it is kept as "launch.K.<name>". Of a network counter
// ("nic.eth0.before.rx_bytes", "nic.eth0.after.rx_bytes") the first launch's before and the last launch's
// after are kept: their difference is what the whole run moved. Texts stay as the first launch found them. A
// case that was tried again in its launch counts with its last record. Readings of a quantity of a node
// become one series over all launches. RequestError for a folder that is not a spool.
[[nodiscard]] SpoolContents read_spool(const std::filesystem::path& folder);

}  // namespace podbench
