#include "transports/conformance/board.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "base/error.hpp"

namespace podbench::conformance {
namespace {

constexpr std::uint64_t board_magic = 0x706f64'626f617264;

std::size_t bytes_for(int ranks) {
  return sizeof(BoardLayout) + static_cast<std::size_t>(ranks) * sizeof(BoardSlot);
}

std::string own_host() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

// 128 random bits as 32 hex digits.
void write_launch_id(char (&id)[33]) {
  std::array<std::uint64_t, 2> words{};
  if (getrandom(words.data(), sizeof words, 0) != static_cast<ssize_t>(sizeof words))
    throw system_error("cannot get random bytes", errno);
  *fmt::format_to(id, "{:016x}{:016x}", words[0], words[1]) = '\0';
}

}  // namespace

Board::Board(std::filesystem::path file, int descriptor, std::size_t bytes)
    : file_(std::move(file)), layout_(nullptr), bytes_(bytes), descriptor_(descriptor) {
  void* mapped = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) {
    const int error = errno;
    close(descriptor);
    throw system_error("cannot map " + file_.string(), error);
  }
  layout_ = static_cast<BoardLayout*>(mapped);
}

Board Board::create(int ranks, bool notices_lost_peer) {
  const int descriptor = memfd_create("podbench-conformance", MFD_CLOEXEC);
  if (descriptor < 0) throw system_error("cannot create a board", errno);
  if (ftruncate(descriptor, static_cast<off_t>(bytes_for(ranks))) != 0) {
    const int error = errno;
    close(descriptor);
    throw system_error("cannot size a board", error);
  }
  Board board(fmt::format("/proc/{}/fd/{}", getpid(), descriptor), descriptor, bytes_for(ranks));
  new (board.layout_) BoardLayout{};  // a new file is zero: exactly the slots' first state
  board.layout_->ranks = ranks;
  board.layout_->notices_lost_peer = notices_lost_peer ? 1 : 0;
  write_launch_id(board.layout_->launch_id);
  board.layout_->magic = board_magic;
  return board;
}

Board Board::open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) throw system_error("cannot open " + file.string(), errno);
  struct stat status {};
  fstat(descriptor, &status);
  const auto bytes = static_cast<std::size_t>(status.st_size);
  if (bytes < sizeof(BoardLayout)) {
    close(descriptor);
    throw RunError(file.string() + " is not a conformance board");
  }
  Board board(file, descriptor, bytes);
  const int ranks = board.layout_->ranks;
  if (board.layout_->magic != board_magic || ranks < 1 || ranks > largest_ranks || bytes != bytes_for(ranks))
    throw RunError(file.string() + " is not a conformance board");
  return board;
}

Board::Board(Board&& other) noexcept
    : file_(std::move(other.file_)),
      layout_(std::exchange(other.layout_, nullptr)),
      bytes_(other.bytes_),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

Board::~Board() {
  if (layout_ != nullptr) munmap(layout_, bytes_);
  if (descriptor_ >= 0) close(descriptor_);
}

int Board::join() {
  const int rank = layout_->joined.fetch_add(1);
  if (rank >= layout_->ranks)
    throw RunError(fmt::format("more than {} processes joined the launch", layout_->ranks));
  slot(rank).outcome = Outcome::running;
  return rank;
}

bool Board::any_failed() const noexcept {
  for (int rank = 0; rank < ranks(); ++rank)
    if (slot(rank).outcome == Outcome::failed) return true;
  return layout_->failed;
}

int Board::rank_behind(std::uint64_t fences) const noexcept {
  for (int rank = 0; rank < ranks(); ++rank)
    if (slot(rank).fences < fences && !slot(rank).doomed) return rank;
  return -1;
}

BoardRendezvous::BoardRendezvous(Board& board, int rank)
    : board_(board), rank_(rank), host_(own_host()), launch_id_(board.launch_id()) {}

// A record is the lengths of key and value, then both.
void BoardRendezvous::publish(std::string_view key, std::span<const std::byte> value) {
  assert(value.size() <= 64 * 1024);
  BoardSlot& slot = board_.slot(rank_);
  const std::array<std::uint32_t, 2> lengths = {static_cast<std::uint32_t>(key.size()),
                                                static_cast<std::uint32_t>(value.size())};
  const std::uint32_t begin = slot.published_bytes.load();
  const std::size_t end = begin + sizeof lengths + key.size() + value.size();
  if (end > published_capacity) throw RunError("the board of the launch is full");
  std::byte* at = slot.published + begin;
  std::memcpy(at, lengths.data(), sizeof lengths);
  std::memcpy(at + sizeof lengths, key.data(), key.size());
  if (!value.empty()) std::memcpy(at + sizeof lengths + key.size(), value.data(), value.size());
  slot.published_bytes.store(static_cast<std::uint32_t>(end), std::memory_order_release);
}

Blob BoardRendezvous::lookup(int rank, std::string_view key, Deadline) {
  const BoardSlot& slot = board_.slot(rank);
  const std::byte* at = slot.published;
  const std::byte* end = at + slot.published_bytes.load(std::memory_order_acquire);
  while (at < end) {
    std::array<std::uint32_t, 2> lengths{};
    std::memcpy(lengths.data(), at, sizeof lengths);
    at += sizeof lengths;
    const std::byte* value = at + lengths[0];
    if (key == std::string_view(reinterpret_cast<const char*>(at), lengths[0]))
      return Blob(value, value + lengths[1]);
    at = value + lengths[1];
  }
  throw RunError(fmt::format("rank {} has not published \"{}\"", rank, key));
}

std::uint64_t BoardRendezvous::arrive() noexcept {
  return board_.slot(rank_).fences.fetch_add(1) + 1;
}

void BoardRendezvous::fence(Deadline deadline) {
  const std::uint64_t mine = arrive();
  while (!all_arrived(mine)) {
    if (deadline.passed())
      throw LostPeer(board_.rank_behind(mine), "a rank did not come to the fence in time");
    if (board_.any_failed()) throw RunError("another rank has failed");
    usleep(50);
  }
}

void BoardRendezvous::abort(int blamed_rank, std::string_view reason) noexcept {
  std::fprintf(stderr, "rank %d aborts the launch and blames rank %d: %.*s\n", rank_, blamed_rank,
               static_cast<int>(reason.size()), reason.data());
  board_.slot(rank_).outcome = Outcome::failed;
  _exit(static_cast<int>(ExitCode::not_completed));
}

void BoardRendezvous::report_stall(std::span<const int> peers, std::string_view doing) noexcept {
  abort(peers.empty() ? -1 : peers.front(), doing);
}

}  // namespace podbench::conformance
