// The numbers of the workloads that come with podbench, held against the architectures that they cite. The
// architectures are written here as the papers give them, and the sizes follow from them.
#include <gtest/gtest.h>

#include "bench/parameters.hpp"
#include "patterns/training_step/workload.hpp"

namespace podbench {
namespace {

std::shared_ptr<const Workload> workload(std::string_view name) {
  for (const BuiltInText& built_in : built_in_workloads())
    if (built_in.name == name) return parse_workload({std::string(name), std::string(built_in.text)});
  throw std::runtime_error("no such workload");
}

// Elements of all parts of a pattern, repetitions included.
std::uint64_t elements_of(const Workload& workload, std::string_view pattern) {
  std::uint64_t sum = 0;
  for (const WorkloadPart& part : workload.parts)
    if (part.pattern->name == pattern) sum += part.repeat * part.elements;
  return sum;
}

constexpr std::uint64_t linear(std::uint64_t from, std::uint64_t to) {  // with its bias
  return from * to + to;
}

TEST(Workloads, AllAreReadAndSayWhereTheyComeFrom) {
  EXPECT_GE(built_in_workloads().size(), 3U);
  for (const BuiltInText& built_in : built_in_workloads()) {
    const auto read = workload(built_in.name);
    EXPECT_EQ(read->name, built_in.name);
    EXPECT_FALSE(read->source.empty()) << built_in.name;
  }
}

TEST(Workloads, AllServeOneRankAndAThousand) {
  for (const BuiltInText& built_in : built_in_workloads())
    for (const int ranks : {1, 2, 3, 5, 1'024}) {
      Problem problem{0, ranks, 0, {}, {}};
      problem.parameters.workload = workload(built_in.name);
      EXPECT_EQ(
          refusal(*find_pattern("training_step"), *find_algorithm("training_step", "by_parts"), problem),
          std::nullopt)
          << built_in.name << " with " << ranks;
    }
}

TEST(Workloads, BertLarge) {
  constexpr std::uint64_t layers = 24, hidden = 1024, inner = 4 * hidden, pieces = 30'000, positions = 512,
                          segments = 2, norm = 2 * hidden;
  constexpr std::uint64_t layer =
      4 * linear(hidden, hidden) + linear(hidden, inner) + linear(inner, hidden) + 2 * norm;
  constexpr std::uint64_t model =
      (pieces + positions + segments) * hidden + norm + layers * layer + linear(hidden, hidden);
  EXPECT_NEAR(static_cast<double>(model), 340e6, 0.02 * 340e6);  // as the paper rounds it

  constexpr std::uint64_t bucket = (std::uint64_t{25} << 20) / sizeof(float);
  const auto step = workload("bert-large-ddp");
  ASSERT_EQ(step->parts.size(), 2U);
  EXPECT_EQ(step->parts[0].elements, bucket);
  EXPECT_EQ(step->parts[0].repeat, model / bucket);
  EXPECT_EQ(step->parts[1].elements, model % bucket);
  EXPECT_EQ(elements_of(*step, "allreduce"), model);
}

TEST(Workloads, Llama2) {
  constexpr std::uint64_t layers = 32, hidden = 4096, tokens = 32'000, multiple = 256;
  constexpr std::uint64_t inner = (2 * 4 * hidden / 3 + multiple - 1) / multiple * multiple;
  static_assert(inner == 11'008);
  constexpr std::uint64_t layer = 4 * hidden * hidden + 3 * hidden * inner + 2 * hidden;
  constexpr std::uint64_t ends = 2 * tokens * hidden + hidden, model = layers * layer + ends;
  EXPECT_NEAR(static_cast<double>(model), 6.7e9, 0.05e9);  // LLaMA, table 2

  const auto step = workload("llama2-7b-sharded");
  ASSERT_EQ(step->parts.size(), 4U);
  EXPECT_EQ(step->parts[0].elements, ends);
  EXPECT_EQ(step->parts[1].elements, layer);
  EXPECT_EQ(step->parts[1].repeat, 2 * layers);
  EXPECT_EQ(step->parts[2].elements, layer);
  EXPECT_EQ(step->parts[3].elements, ends);
  // ZeRO, section 7: twice the parameters gathered, the gradients reduced once.
  EXPECT_EQ(elements_of(*step, "allgather"), 2 * model);
  EXPECT_EQ(elements_of(*step, "reduce_scatter"), model);
}

TEST(Workloads, Mixtral) {
  constexpr std::uint64_t layers = 32, hidden = 4096, head = 128, heads = 32, pairs_of_keys = 8,
                          inner = 14'336, experts = 8, chosen = 2, vocabulary = 32'000, context = 32'768;
  constexpr std::uint64_t attention = 2 * hidden * heads * head + 2 * hidden * pairs_of_keys * head;
  constexpr std::uint64_t dense = attention + hidden * experts + 2 * hidden;
  constexpr std::uint64_t model =
      layers * (dense + experts * 3 * hidden * inner) + 2 * vocabulary * hidden + hidden;
  EXPECT_NEAR(static_cast<double>(model), 47e9, 0.5e9);  // as the paper rounds it

  constexpr std::uint64_t stages = 4, microbatches = 4, tokens = context / 8, own_layers = layers / stages;
  const auto step = workload("mixtral-8x7b-experts");
  ASSERT_EQ(step->parts.size(), 5U);
  for (const std::size_t exchange : {0U, 1U}) {
    EXPECT_EQ(step->parts[exchange].pattern->name, "alltoallv");
    EXPECT_EQ(step->parts[exchange].elements, tokens * chosen * hidden);
    EXPECT_EQ(step->parts[exchange].repeat, 2 * own_layers * microbatches);
  }
  for (const std::size_t shift : {2U, 3U}) {
    EXPECT_EQ(step->parts[shift].pattern->name, "shift");
    EXPECT_EQ(step->parts[shift].elements, tokens * hidden);
    EXPECT_EQ(step->parts[shift].repeat, microbatches);
  }
  EXPECT_EQ(step->parts[4].elements, dense);
  EXPECT_EQ(step->parts[4].repeat, own_layers);
}

}  // namespace
}  // namespace podbench
