// What joins and leaves a window, on a rank that is its own peer: each library's plug-in code, in one
// process.
#include "transports/mpi/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "transports/host_memory.hpp"
#include "transports/mpi/batch.hpp"
#include "transports/mpi/memory.hpp"

namespace podbench::mpi {
namespace {

constexpr std::size_t region_bytes = 10'000;

class WindowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    MPI_Comm_dup(MPI_COMM_WORLD, &communicator_);
    MPI_Comm_set_errhandler(communicator_, MPI_ERRORS_RETURN);
    std::string reason;
    window_ = Window::open(communicator_, reason);
    if (!window_) GTEST_SKIP() << reason;
  }
  void TearDown() override {
    MPI_Barrier(communicator_);
    if (window_) window_->close();
    MPI_Comm_free(&communicator_);
  }

  // A part of the buffer, as memory of its own.
  std::unique_ptr<WindowMemory> part(std::size_t offset, std::size_t bytes) {
    return std::make_unique<WindowMemory>(adopt_host_memory(buffer_.data() + offset, bytes), window_.get());
  }

  void run(Transfer transfer) {
    MPI_Comm_rank(communicator_, &transfer.peer);
    MpiBatch batch(communicator_, window_->handle(), std::span(&transfer, 1));
    batch.post();
    const Deadline deadline = Deadline::after(std::chrono::seconds(30));
    while (!batch.test()) ASSERT_FALSE(deadline.passed());
  }

  // Whether a put through this rank's own window arrives at `offset` of `memory`, and a get brings it back.
  void expect_reachable(const WindowMemory& memory, std::size_t offset) {
    const PeerMemory remote(memory.exposed());
    std::array<std::byte, 8> out{}, in{};
    out.fill(next_ = static_cast<std::byte>(static_cast<int>(next_) + 1));
    Transfer transfer{.kind = TransferKind::put,
                      .data = out.data(),
                      .bytes = 8,
                      .remote = &remote,
                      .remote_offset = offset};
    run(transfer);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), memory.data() + offset));
    transfer.kind = TransferKind::get;
    transfer.data = in.data();
    run(transfer);
    EXPECT_EQ(in, out);
  }

  MPI_Comm communicator_ = MPI_COMM_NULL;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(40 * region_bytes);
  std::byte next_{};
  std::unique_ptr<Window> window_;
};

TEST_F(WindowTest, ReachesBothEndsOfExposedMemory) {
  const auto memory = part(3, region_bytes);
  expect_reachable(*memory, 0);
  expect_reachable(*memory, region_bytes - 8);
}

TEST_F(WindowTest, PartOfExposedMemoryOutlivesTheWhole) {
  auto whole = part(0, region_bytes);
  const auto inner = part(100, 64), twin = part(100, 64);
  expect_reachable(*whole, 0);
  expect_reachable(*inner, 0);
  expect_reachable(*twin, 56);
  whole.reset();
  expect_reachable(*inner, 56);
}

TEST_F(WindowTest, MemoryComesAndGoesAndComesBack) {
  for (int round = 0; round < 100; ++round) expect_reachable(*part(0, region_bytes), 77);
}

TEST_F(WindowTest, RefusesWhatOverlapsInPart) {
  const auto first = part(1'000, 1'000);
  std::ignore = first->exposed();
  EXPECT_THROW(std::ignore = part(1'999, 10)->exposed(), RunError);
  EXPECT_THROW(std::ignore = part(500, 501)->exposed(), RunError);
  EXPECT_THROW(std::ignore = part(0, 5'000)->exposed(), RunError);
  expect_reachable(*part(2'000, 100), 0);
  expect_reachable(*part(900, 100), 0);
}

TEST_F(WindowTest, RefusesTooManyBeforeTheLibraryDoesAndGoesOn) {
  std::vector<std::unique_ptr<WindowMemory>> memories;
  const auto add = [&] {
    memories.push_back(part(memories.size() * region_bytes, region_bytes));
    std::ignore = memories.back()->exposed();
  };
  for (int i = 0; i < 32; ++i) add();
  EXPECT_THROW(add(), RunError);
  memories.pop_back();
  memories.erase(memories.begin());
  EXPECT_NO_THROW(std::ignore = part(35 * region_bytes, 100)->exposed());
  expect_reachable(*memories.back(), 5);
}

TEST_F(WindowTest, ZeroBytesCanBeExposed) {
  const auto nothing = part(0, 0);
  const PeerMemory remote(nothing->exposed());
  EXPECT_EQ(remote.bytes(), 0);
  std::array<std::byte, 1> own{};
  run({.kind = TransferKind::put, .data = own.data(), .bytes = 0, .remote = &remote});
}

TEST_F(WindowTest, MemoryMayOutliveTheClosedWindow) {
  auto memory = part(0, 64);
  std::ignore = memory->exposed();
  window_->close();
  EXPECT_EQ(window_->handle(), MPI_WIN_NULL);
  memory.reset();
  window_.reset();
}

Blob blob_of(std::array<std::uint64_t, 2> content) {
  const auto bytes = std::as_bytes(std::span(content));
  return {bytes.begin(), bytes.end()};
}

TEST(PeerMemoryTest, RefusesWhatNobodyExposed) {
  EXPECT_THROW(PeerMemory(Blob{}), RunError);
  EXPECT_THROW(PeerMemory(Blob(15)), RunError);
  EXPECT_THROW(PeerMemory(Blob(17)), RunError);
  EXPECT_THROW(PeerMemory(blob_of({std::numeric_limits<std::uint64_t>::max() - 7, 9})), RunError);
  EXPECT_EQ(PeerMemory(blob_of({4'096, 9})).address_at(5), 4'101);
}

}  // namespace
}  // namespace podbench::mpi

int main(int count, char** arguments) {
  ::testing::InitGoogleTest(&count, arguments);
  MPI_Init(&count, &arguments);
  const int failed = RUN_ALL_TESTS();
  MPI_Finalize();
  return failed;
}
