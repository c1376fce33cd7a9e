// podbench_conformance: proves that a transport does what transports/transport.hpp promises.
//
//   podbench_conformance --transport shm --ranks 1,2,5
//
// For each number of ranks it starts a launch whose ranks all run the same tests in step, and then one
// launch for each way in which a launch can end badly. Exit: 0 good, 1 a test failed, 2 wrong request,
// 77 the transport cannot be used here.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "transports/conformance/conductor.hpp"
#include "transports/conformance/stage.hpp"

namespace podbench::conformance {
namespace {

constexpr int skipped_exit = 77;

struct Options {
  std::string transport, board;
  std::vector<int> ranks;
  bool notices_lost_peer = false;
  bool endings = true;
  std::chrono::seconds limit{300};
  std::vector<std::string> test_arguments;
};

constexpr const char* usage =
    "usage: podbench_conformance --transport NAME[:DEVICE] --ranks N,N,... [--notices-lost-peer] "
    "[--no-endings] [--limit SECONDS] [--gtest_...]";

int parse_int(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most)
    throw RequestError(fmt::format("\"{}\" is not a number from 1 to {}; {}", text, most, usage));
  return value;
}

std::vector<int> parse_ranks(std::string_view list) {
  std::vector<int> ranks;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    ranks.push_back(parse_int(item, largest_ranks));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
  }
  return ranks;
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    const auto value = [&]() -> std::string_view {
      if (i + 1 >= count) throw RequestError(fmt::format("{} needs a value; {}", word, usage));
      return arguments[++i];
    };
    if (word == "--transport")
      options.transport = value();
    else if (word == "--rank-of")
      options.board = value();
    else if (word == "--ranks")
      options.ranks = parse_ranks(value());
    else if (word == "--limit")
      options.limit = std::chrono::seconds(parse_int(value(), 3600));
    else if (word == "--notices-lost-peer")
      options.notices_lost_peer = true;
    else if (word == "--no-endings")
      options.endings = false;
    else if (word.starts_with("--gtest_"))
      options.test_arguments.emplace_back(word);
    else
      throw RequestError(fmt::format("unknown argument \"{}\"; {}", word, usage));
  }
  if (options.transport.empty() || (options.board.empty() && options.ranks.empty()))
    throw RequestError(usage);
  return options;
}

// A rank other than the first says only what failed, and on which rank.
class RankPrinter final : public ::testing::EmptyTestEventListener {
 public:
  explicit RankPrinter(int rank) : rank_(rank) {}
  // Kept here: GoogleTest cannot be asked while it reports a result.
  void OnTestStart(const ::testing::TestInfo& test) override {
    test_ = fmt::format("{}.{}", test.test_suite_name(), test.name());
  }
  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (!result.failed()) return;
    std::fprintf(stderr, "rank %d: %s: %s:%d: %s\n", rank_, test_.c_str(),
                 result.file_name() != nullptr ? result.file_name() : "", result.line_number(),
                 result.message());
  }

 private:
  int rank_;
  std::string test_;
};

// Tells the other ranks at once, so that they do not wait for this one's messages.
class FailureTeller final : public ::testing::EmptyTestEventListener {
 public:
  explicit FailureTeller(Stage& stage) : stage_(stage) {}
  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (result.failed()) stage_.board().slot(stage_.rank()).outcome = Outcome::failed;
  }

 private:
  Stage& stage_;
};

// The last messages of a launch: sent before the receiver is ready, and the sender then closes.
void say_farewell(Stage& stage) {
  const Buffer out(8, Source::allocated), in(8, Source::allocated);
  fill(out.all(), seed_of(stage.rank(), 0, 0));
  const std::array send = {out.send(stage.right(), 2, 0, 8)};
  const auto batch = stage.endpoint().prepare(send);
  batch->post();
  usleep(static_cast<useconds_t>(stage.rank() % 4) * 5'000);
  stage.run({in.receive(stage.left(), 2, 0, 8)});
  stage.complete(*batch);
  if (const std::string wrong = difference(in.all(), seed_of(stage.left(), 0, 0)); !wrong.empty())
    throw RunError("the last message: " + wrong);
}

int run_rank(const Options& options) {
  Board board = Board::open(options.board);
  Stage stage(board, options.transport);
  set_stage(&stage);
  auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
  listeners.Append(new FailureTeller(stage));
  if (stage.rank() != 0) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new RankPrinter(stage.rank()));
  }
  const bool ending = ::testing::GTEST_FLAG(filter).starts_with("Ending.");
  bool good = RUN_ALL_TESTS() == 0;
  if (good && !ending) {
    say_farewell(stage);
    stage.close();
  }
  board.slot(stage.rank()).outcome = good ? Outcome::passed : Outcome::failed;
  return good ? 0 : 1;
}

// The endings are tried with the least and with the most ranks.
std::vector<std::string> endings_for(const Options& options, int ranks) {
  if (!options.endings || ranks < 2 || !options.test_arguments.empty()) return {};
  std::vector<int> several = options.ranks;
  std::erase_if(several, [](int count) { return count < 2; });
  const auto [least, most] = std::minmax_element(several.begin(), several.end());
  if (ranks != *least && ranks != *most) return {};
  std::vector<std::string> endings = {"Ending.LostPeer"};
  if (ranks == *least)
    endings.insert(endings.end(), {"Ending.ShortMessageTooLong", "Ending.ShortUnexpectedMessageTooLong",
                                   "Ending.LargeMessageTooLong"});
  return endings;
}

int conduct_all(const Options& options) {
  const Registry registry;
  const TransportEntry& entry = registry.find(options.transport);
  if (!entry.usable()) {
    fmt::print("{} cannot be used here: {}\n", options.transport, entry.device.unusable_reason);
    return skipped_exit;
  }
  int failed = 0;
  for (const int ranks : options.ranks) {
    std::vector<std::string> filters = endings_for(options, ranks);
    filters.insert(filters.begin(), "-Ending.*");
    for (const std::string& filter : filters) {
      fmt::print("== {} with {} ranks: {}\n", options.transport, ranks, filter);
      std::fflush(stdout);
      const Launch launch{options.transport,
                          entry.device.launch_command,
                          ranks,
                          options.notices_lost_peer,
                          filter,
                          options.test_arguments,
                          options.limit};
      if (conduct(launch)) continue;
      ++failed;
      fmt::print("== FAILED: {} with {} ranks: {}\n", options.transport, ranks, filter);
    }
  }
  fmt::print("== {} launches failed\n", failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace podbench::conformance

int main(int count, char** arguments) {
  using namespace podbench;
  using namespace podbench::conformance;
  try {
    const Options options = parse(count, arguments);
    if (options.board.empty()) return conduct_all(options);
    ::testing::InitGoogleTest(&count, arguments);
    return run_rank(options);
  } catch (const RequestError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(ExitCode::wrong_request);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(ExitCode::not_completed);
  }
}
