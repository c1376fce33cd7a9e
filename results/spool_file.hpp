// One file of records, the frame of the spool: [magic, payload length, CRC-32 of the payload, CRC-32 of these
// twelve bytes] [payload], little-endian. The header's own check sum keeps a damaged length from passing for
// a torn tail. Thread-safety: a RecordFile belongs to one thread. Blocks on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace podbench {

inline constexpr std::uint32_t record_magic = 0x31524250;  // "PBR1"
inline constexpr std::uint64_t most_payload_bytes = 1ULL << 30;

enum class Opening : std::uint8_t {
  fresh,  // the file must not be there
  again,  // the file must be there; what follows goes to its end
};

enum class Durability : std::uint8_t {
  now,    // on the disk when append returns
  later,  // with the next record that is to be there now
};

// Appends whole records to a file.
class RecordFile {
 public:
  // RunError where the file cannot be opened so.
  explicit RecordFile(std::filesystem::path path, Opening opening = Opening::fresh);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // One write, then fdatasync. RunError where the disk refuses; the file is then cut back to whole records.
  void append(std::span<const std::uint8_t> payload, Durability durability = Durability::now);

 private:
  std::filesystem::path path_;
  std::uint64_t length_bytes_ = 0;
  int file_;
};

// Calls `on_record(payload, position)` for every whole record of a file, whatever lies between them, and
// returns what is wrong with it, one line each. RequestError where it cannot be read at all or is no regular
// file. Memory: one record.
std::vector<std::string> read_records(
    const std::filesystem::path& path,
    const std::function<void(std::span<const std::uint8_t>, std::uint64_t)>& on_record);

// Makes the folder's own entries durable. RunError where that fails.
void sync_folder(const std::filesystem::path& folder);

}  // namespace podbench
