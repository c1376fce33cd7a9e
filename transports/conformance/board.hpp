// The board: a file that all processes of one conformance launch map. Over it the ranks find each other (it
// is their Rendezvous), keep in step between tests and leave their outcome for the conductor.
//
// Thread-safety: a Board belongs to one thread of its process; processes share it through atomics.
// Errors: RunError for a file that cannot be made or is not a board, LostPeer for a passed deadline.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "transports/rendezvous.hpp"

namespace podbench::conformance {

inline constexpr int largest_ranks = 64;
inline constexpr std::size_t published_capacity = std::size_t{4} << 20;

enum class Outcome : std::uint32_t { absent, running, passed, failed };

// What one rank writes. Everything but `published` is atomic; `published` is written before
// `published_bytes` is raised and never changed afterwards.
struct BoardSlot {
  std::atomic<Outcome> outcome;
  std::atomic<bool> doomed;  // the test wants this rank to die
  std::atomic<std::uint64_t> fences;
  std::atomic<std::uint32_t> published_bytes;
  std::byte published[published_capacity];
};

struct BoardLayout {
  std::uint64_t magic;
  std::int32_t ranks;
  std::int32_t notices_lost_peer;
  char launch_id[33];
  std::atomic<std::int32_t> joined;
  std::atomic<bool> failed;  // as the conductor sees it
  // The slots of the ranks follow.
};
static_assert(sizeof(BoardLayout) % alignof(BoardSlot) == 0);

class Board {
 public:
  // A new board. Its file is one of memory and is named through this process, so that nothing is left behind
  // however a launch ends; others open it while this object is there.
  static Board create(int ranks, bool notices_lost_peer);
  static Board open(const std::filesystem::path& file);
  Board(Board&& other) noexcept;
  Board& operator=(Board&&) = delete;
  ~Board();

  // Ranks are numbered in the order in which they join.
  [[nodiscard]] int join();
  [[nodiscard]] int ranks() const noexcept { return layout_->ranks; }
  [[nodiscard]] bool notices_lost_peer() const noexcept { return layout_->notices_lost_peer != 0; }
  [[nodiscard]] const char* launch_id() const noexcept { return layout_->launch_id; }
  [[nodiscard]] BoardSlot& slot(int rank) const noexcept {
    return reinterpret_cast<BoardSlot*>(layout_ + 1)[rank];
  }
  void mark_failed() noexcept { layout_->failed = true; }
  [[nodiscard]] bool any_failed() const noexcept;
  // The lowest rank that has been at fewer fences than `fences` and is not doomed; -1 where all have.
  [[nodiscard]] int rank_behind(std::uint64_t fences) const noexcept;
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

 private:
  Board(std::filesystem::path file, int descriptor, std::size_t bytes);
  std::filesystem::path file_;
  BoardLayout* layout_;
  std::size_t bytes_;
  int descriptor_;
};

class BoardRendezvous final : public Rendezvous {
 public:
  BoardRendezvous(Board& board, int rank);
  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return board_.ranks(); }
  void publish(std::string_view key, std::span<const std::byte> value) override;
  void fence(Deadline deadline) override;
  [[nodiscard]] Blob lookup(int rank, std::string_view key, Deadline deadline) override;
  [[nodiscard]] const std::string& host(int) const override { return host_; }
  [[nodiscard]] int node(int) const override { return 0; }
  [[nodiscard]] const std::string& address() const noexcept override { return address_; }
  [[nodiscard]] const std::string& launch_id() const noexcept override { return launch_id_; }
  [[noreturn]] void abort(int blamed_rank, std::string_view reason) noexcept override;
  [[noreturn]] void report_stall(std::span<const int> peers, std::string_view doing) noexcept override;

  // A fence in two halves, for callers that have something to do while they wait.
  [[nodiscard]] std::uint64_t arrive() noexcept;
  [[nodiscard]] bool all_arrived(std::uint64_t fence) const noexcept { return board_.rank_behind(fence) < 0; }

 private:
  Board& board_;
  int rank_;
  std::string host_, address_ = "127.0.0.1", launch_id_;
};

}  // namespace podbench::conformance
