// Schedules from files: what is right is proved, runs in as many steps as it should and copies nothing that
// it need not; what is wrong is one line with its place; and whatever the bytes, there is an answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/random.hpp"
#include "patterns/check.hpp"
#include "patterns/imported/imported_schedule.hpp"
#include "patterns/test/msccl_examples.hpp"
#include "patterns/test/reference.hpp"

namespace podbench {

namespace {

Parameters with(const MscclExample& example) {
  Parameters parameters;
  parameters.schedule = parse_msccl({example.name + ".xml", example.xml});
  parameters.root = example.root;
  return parameters;
}

struct Imported {
  explicit Imported(const MscclExample& example, std::uint64_t elements = 3)
      : parameters(with(example)),
        pattern(*find_pattern(parameters.schedule->pattern)),
        algorithm(*find_algorithm(pattern.name, "imported")),
        problem{0, parameters.schedule->ranks(), elements * parameters.schedule->chunks, parameters, {}} {}

  Parameters parameters;
  const Pattern& pattern;
  const Algorithm& algorithm;
  Problem problem;

  [[nodiscard]] std::vector<Schedule> schedules() const { return generate_all(algorithm, problem); }
};

std::string complaint(const std::string& xml) {
  try {
    (void)parse_msccl({"x.xml", xml});
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& old, const std::string& with_this) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), with_this);
}

std::uint64_t count_kind(const std::vector<Schedule>& schedules, ActionKind kind) {
  std::uint64_t count = 0;
  for (const Schedule& schedule : schedules)
    count += static_cast<std::uint64_t>(std::ranges::count(schedule.actions, kind, &Action::kind));
  return count;
}

class Example : public testing::TestWithParam<MscclExample> {};

TEST_P(Example, is_proved_for_all_counts) {
  const Imported imported(GetParam());
  const std::vector<int> ranks{imported.problem.ranks};
  const Proof proof = prove(imported.pattern, imported.algorithm, ranks, imported.parameters);
  EXPECT_FALSE(proof.fault) << proof.fault_problem << ": " << proof.fault->what;
  EXPECT_EQ(proof.problems, 5U);
  EXPECT_GT(proof.steps, 0U);
  EXPECT_EQ(proof.skipped, 0U);
}

TEST_P(Example, is_right_for_the_naive_judge_too) {
  const Imported imported(GetParam());
  for (const unsigned seed : {1U, 2U, 3U})
    EXPECT_EQ(reference_fault(imported.pattern, imported.problem, imported.schedules(), seed), "");
}

TEST_P(Example, is_not_proved_with_a_chunk_less) {
  // Without any one of its lines it is refused, or the prover finds the fault, or it was not needed at all:
  // only what nobody waits for any more can go.
  const Imported whole(GetParam());
  std::size_t steps = 0, found = 0;
  for (std::size_t at = GetParam().xml.find("<step"); at != std::string::npos;
       at = GetParam().xml.find("<step", at + 1), ++steps) {
    MscclExample damaged = GetParam();
    const bool nop = damaged.xml.substr(at, damaged.xml.find('\n', at) - at).find("nop") != std::string::npos;
    const std::size_t type = damaged.xml.find("type=\"", at) + 6;
    damaged.xml.replace(type, damaged.xml.find('"', type) - type, "nop");
    const std::string line = complaint(damaged.xml);
    if (!line.empty() || nop) {
      ++found;
      continue;
    }
    const Imported imported(damaged);
    if (check(imported.pattern, imported.algorithm, imported.problem)) ++found;
  }
  // The root of an out-of-place broadcast copies for itself, which podbench does not ask for.
  const bool spare_copy =
      whole.pattern.name == "broadcast" && GetParam().xml.find("cpy") != std::string::npos;
  EXPECT_EQ(found, steps - (spare_copy ? 1 : 0));
}

TEST_P(Example, serves_only_what_it_is_for) {
  const Imported imported(GetParam());
  Problem problem = imported.problem;
  const auto reason = [&] { return refusal(imported.pattern, imported.algorithm, problem).value_or(""); };
  EXPECT_EQ(reason(), "");
  problem.ranks += 1;
  EXPECT_NE(reason().find("ranks"), std::string::npos);
  problem = imported.problem;
  problem.count += 1;
  EXPECT_EQ(reason().find("a multiple of") != std::string::npos, imported.parameters.schedule->chunks > 1);
  problem.parameters.schedule = nullptr;
  EXPECT_EQ(reason(), "needs --schedule FILE.xml");
}

// Damage that a disk, a network or a person with an editor does. Whatever is still read must be provable or
// not, and generate what the prover can follow.
TEST_P(Example, damaged_is_refused_or_judged) {
  Random random(20'240'101);
  for (int round = 0; round < 300; ++round) {
    MscclExample damaged = GetParam();
    std::string& xml = damaged.xml;
    const auto anywhere = [&] { return static_cast<std::size_t>(random.below(xml.size())); };
    switch (random.below(5)) {
      case 0:  // bits
        for (std::uint64_t i = 0; i <= random.below(4); ++i)
          xml[anywhere()] ^= static_cast<char>(1 << random.below(8));
        break;
      case 1:  // digits
        for (std::size_t i = anywhere(); i < xml.size(); ++i)
          if (xml[i] >= '0' && xml[i] <= '9') {
            xml[i] = static_cast<char>('0' + random.below(10));
            break;
          }
        break;
      case 2: {  // a line less
        const std::size_t end = xml.find('\n', anywhere());
        const std::size_t begin = xml.rfind('\n', end == std::string::npos ? end : end - 1);
        if (begin != std::string::npos && end != std::string::npos) xml.erase(begin, end - begin);
        break;
      }
      case 3:  // the rest
        xml.erase(anywhere());
        break;
      case 4: {  // a piece twice
        const std::size_t at = anywhere();
        xml.insert(at, xml.substr(at, random.below(200)));
        break;
      }
    }
    const std::string line = complaint(xml);
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    if (!line.empty()) continue;
    const Imported imported(damaged);
    if (refusal(imported.pattern, imported.algorithm, imported.problem)) continue;
    (void)check(imported.pattern, imported.algorithm, imported.problem);
  }
}

INSTANTIATE_TEST_SUITE_P(imported, Example, testing::ValuesIn(msccl_examples()),
                         [](const auto& given) { return given.param.name; });

TEST(Imported, a_fused_ring_is_the_ring) {
  for (const char* name : {"allreduce_ring_2", "allreduce_ring_4", "allreduce_ring_5"}) {
    const Imported imported(msccl_example(name));
    const std::vector<Schedule> schedules = imported.schedules();
    const auto p = static_cast<std::uint64_t>(imported.problem.ranks);
    for (const Schedule& schedule : schedules) EXPECT_EQ(schedule.steps(), 2 * (p - 1)) << name;
    EXPECT_EQ(count_kind(schedules, ActionKind::receive_reduce), p * (p - 1));
    EXPECT_EQ(count_kind(schedules, ActionKind::copy), 0U);  // nothing comes aside, the input is not copied
    EXPECT_EQ(count_kind(schedules, ActionKind::reduce), 0U);
  }
}

TEST(Imported, an_exchange_is_one_step_both_ways) {
  const std::vector<Schedule> schedules = Imported(msccl_example("allreduce_halving_doubling_4")).schedules();
  for (const Schedule& schedule : schedules) {
    EXPECT_EQ(schedule.steps(), 4U);
    for (std::size_t s = 0; s < schedule.steps(); ++s)
      EXPECT_EQ(std::ranges::count_if(schedule.step(s), [](const Action& a) { return !is_local(a.kind); }),
                2);
  }
  EXPECT_EQ(count_kind(schedules, ActionKind::copy), 0U);
}

TEST(Imported, what_comes_where_something_is_sent_from_comes_aside) {
  // The sends read the untouched input, so the sums go straight to the output.
  const std::vector<Schedule> swap = Imported(msccl_example("allreduce_swap_2")).schedules();
  EXPECT_EQ(count_kind(swap, ActionKind::receive_reduce), 4U);
  for (const Schedule& schedule : swap) EXPECT_EQ(schedule.steps(), 1U);
  // In the second round the sum of the first is sent, and the other one's comes to the same place.
  const std::vector<Schedule> doubling = Imported(msccl_example("allreduce_doubling_4")).schedules();
  EXPECT_EQ(count_kind(doubling, ActionKind::receive_reduce), 4U);
  EXPECT_EQ(count_kind(doubling, ActionKind::reduce), 4U);
  EXPECT_EQ(count_kind(doubling, ActionKind::copy), 0U);
  for (const Schedule& schedule : doubling) EXPECT_EQ(schedule.steps(), 2U);
}

TEST(Imported, each_channel_is_a_stream_of_its_own) {
  const std::vector<Schedule> schedules = Imported(msccl_example("allgather_channels_2")).schedules();
  for (const Schedule& schedule : schedules) EXPECT_EQ(schedule.steps(), 1U);
  EXPECT_EQ(count_kind(schedules, ActionKind::receive), 4U);
}

TEST(Imported, the_examples_of_the_guide_are_right) {
  for (const char* name : {"allreduce_ring_4.xml", "allreduce_halving_doubling_4.xml"}) {
    std::ifstream file(std::string(PODBENCH_EXAMPLES) + "/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    const Imported imported(MscclExample{name, text.str()});
    EXPECT_FALSE(check(imported.pattern, imported.algorithm, imported.problem)) << name;
  }
}

TEST(Imported, one_gpu_may_have_nothing_to_do) {
  const MscclExample alone{"alone",
                           "<algo coll=\"allreduce\" nchunksperloop=\"2\" ngpus=\"1\" inplace=\"1\">"
                           "<gpu id=\"0\" i_chunks=\"2\" o_chunks=\"2\" s_chunks=\"0\"/></algo>"};
  const Imported imported(alone);
  EXPECT_FALSE(check(imported.pattern, imported.algorithm, imported.problem));
}

TEST(Imported, a_wrong_root_is_a_fault) {
  Imported imported(msccl_example("broadcast_chain_3"));
  imported.problem.parameters.root = 1;
  EXPECT_TRUE(check(imported.pattern, imported.algorithm, imported.problem));
}

const std::string ring = msccl_example("allreduce_ring_4").xml;
const std::string pairs = msccl_example("allreduce_all_pairs_4").xml;

TEST(ImportedComplaint, no_xml) {
  for (const char* text :
       {"", "ring", "<algo", "<algo>", "<!-- -->", "<a/><a/>", "\xff\xfe<", "<algo></gpu>"})
    EXPECT_TRUE(complaint(text).starts_with("x.xml:")) << text << " " << complaint(text);
  for (std::size_t bytes = 0; bytes < ring.size() - 8; bytes += 97)
    EXPECT_NE(complaint(ring.substr(0, bytes)), "") << bytes;
  EXPECT_NE(complaint("<schedule/>").find("one <algo> element"), std::string::npos);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<algo>";
  EXPECT_TRUE(complaint(deep).starts_with("x.xml:"));
}

TEST(ImportedComplaint, of_the_head) {
  EXPECT_EQ(
      complaint(replaced(ring, "\"allreduce\"", "\"custom\"")),
      "x.xml:1: coll=\"custom\" is no pattern here; allreduce, reduce_scatter, reducescatter, allgather, "
      "alltoall, broadcast, reduce are possible");
  EXPECT_EQ(complaint(replaced(ring, " ngpus=\"4\"", "")), "x.xml:1: <algo> has no ngpus=\"...\"");
  EXPECT_EQ(complaint(replaced(ring, " ngpus=\"4\"", " ngpus=\"5\"")),
            "x.xml:1: ngpus=\"5\", but there is no <gpu id=\"4\">");
  EXPECT_EQ(complaint(replaced(ring, " ngpus=\"4\"", " ngpus=\"5000\"")),
            "x.xml:1: ngpus=\"5000\" is no whole number from 1 to 4096");
  EXPECT_EQ(complaint(replaced(ring, "gpu id=\"1\"", "gpu id=\"0\"")),
            "x.xml:13: gpu 0 is in line 2 already");
  EXPECT_EQ(
      complaint(replaced(ring, "i_chunks=\"4\"", "i_chunks=\"3\"")),
      "x.xml:2: i_chunks=\"3\" of gpu 0; with nchunksperloop=\"4\" an allreduce over 4 gpus has 4 (or 0)");
  EXPECT_NE(complaint(replaced(ring, "\"allreduce\"", "\"allgather\"")).find("i_chunks"), std::string::npos);
  std::string gather = replaced(msccl_example("allgather_ring_3").xml, "loop=\"3\"", "loop=\"4\"");
  EXPECT_EQ(complaint(gather),
            "x.xml:1: nchunksperloop=\"4\" of an allgather over 3 gpus; a multiple of 3 would be right");
  EXPECT_EQ(complaint(replaced(ring, "inplace=\"1\"", "inplace=\"yes\"")),
            "x.xml:1: inplace=\"yes\" is no whole number from 0 to 1");
}

TEST(ImportedComplaint, of_a_step) {
  EXPECT_EQ(complaint(replaced(ring, "type=\"rrs\"", "type=\"rsr\"")),
            "x.xml:5: type=\"rsr\"; s, r, rcs, rrs, rrc, rrcs, cpy, re and nop are possible");
  EXPECT_EQ(
      complaint(replaced(ring, "srcoff=\"0\"", "srcoff=\"4\"")),
      "x.xml:4: srcoff=\"4\" with cnt=\"1\" is outside the 4 chunks that gpu 0 declares for this buffer");
  EXPECT_NE(complaint(replaced(ring, "srcoff=\"0\"", "srcoff=\"-1\"")).find("outside"), std::string::npos);
  EXPECT_EQ(complaint(replaced(ring, "cnt=\"1\"", "cnt=\"0\"")),
            "x.xml:4: cnt=\"0\" is no whole number from 1 to 1048576");
  EXPECT_EQ(complaint(replaced(ring, "cnt=\"1\"", "cnt=\"99999999999999999999\"")),
            "x.xml:4: cnt=\"99999999999999999999\" is no whole number from 1 to 1048576");
  EXPECT_EQ(complaint(replaced(ring, "cnt=\"1\"", "cnt=\"2\"")),
            "x.xml:4: gpu 0 tb 0 step 0 sends 2 chunks, which gpu 1 tb 0 step 1 (line 16) receives as 1");
  EXPECT_EQ(complaint(replaced(ring, "s=\"1\" type", "s=\"2\" type")),
            "x.xml:5: s=\"2\" where s=\"1\" comes next");
  EXPECT_EQ(complaint(replaced(ring, "depid=\"-1\"", "depid=\"7\"")),
            "x.xml:4: depid=\"7\" is no tb of gpu 0; -1 means none");
  EXPECT_EQ(complaint(replaced(ring, "srcbuf=\"i\"", "srcbuf=\"j\"")),
            "x.xml:4: srcbuf=\"j\"; i, o and s are possible");
  EXPECT_NE(complaint(replaced(ring, "<step", "<stop")).find("only <step> belongs there"), std::string::npos);
}

TEST(ImportedComplaint, of_waiting) {
  EXPECT_EQ(complaint(replaced(pairs, "depid=\"1\" deps=\"1\"", "depid=\"1\" deps=\"9\"")),
            "x.xml:5: deps=\"9\" is no step of tb 1, which has 2");
  EXPECT_EQ(complaint(replaced(pairs, "depid=\"1\" deps=\"1\"", "depid=\"1\" deps=\"0\"")),
            "x.xml:5: waits for step 0 of tb 1, which has hasdep=\"0\"; \"1\" there would be right");
  EXPECT_EQ(complaint(replaced(pairs, "depid=\"1\" deps=\"1\"", "depid=\"0\" deps=\"2\"")),
            "x.xml:5: deps=\"2\" of tb 0 is a nop, which nobody can wait for");
}

TEST(ImportedComplaint, of_who_talks_to_whom) {
  EXPECT_EQ(complaint(replaced(ring, "<tb id=\"0\" send=\"1\"", "<tb id=\"0\" send=\"0\"")),
            "x.xml:3: send=\"0\" is the gpu itself; another one, or -1, would be right");
  EXPECT_EQ(complaint(replaced(ring, "<tb id=\"0\" send=\"1\"", "<tb id=\"0\" send=\"-1\"")),
            "x.xml:4: the step sends, but send=\"-1\" in its tb; a gpu would be right");
  EXPECT_EQ(complaint(replaced(ring, "<tb id=\"0\" send=\"1\"", "<tb id=\"0\" send=\"2\"")),
            "x.xml:16: gpu 1 tb 0 step 1 receives from gpu 0 on channel 0, which never sends there");
  EXPECT_EQ(complaint(replaced(ring, "type=\"s\"", "type=\"nop\"")),
            "x.xml:21: gpu 1 tb 0 step 6 receives from gpu 0 on channel 0, which sends only 5 times there");
  const std::string twice =
      replaced(pairs, "<tb id=\"2\" send=\"2\" recv=\"2\"", "<tb id=\"2\" send=\"1\" recv=\"1\"");
  EXPECT_EQ(complaint(twice),
            "x.xml:16: tb 1 sends to gpu 1 on channel 0 already; another chan for tb 2 would be right");
  EXPECT_EQ(complaint(replaced(pairs, "<tb id=\"2\"", "<tb id=\"1\"")),
            "x.xml:15: tb 1 of gpu 0 is in line 11 already");
}

// All ranks receive first: the ring of it never ends.
TEST(ImportedComplaint, a_cycle) {
  std::string first = msccl_example("allgather_ring_3").xml;
  const auto swap_types = [&](const std::string& a, const std::string& b) {
    for (std::size_t at = first.find(a); at != std::string::npos; at = first.find(a, at + b.size()))
      first.replace(at, a.size(), b);
  };
  swap_types("s=\"0\" type=\"s\" srcbuf=\"i\" srcoff=\"0\"",
             "s=\"0\" type=\"rcs\" srcbuf=\"i\" srcoff=\"0\"");
  swap_types("s=\"2\" type=\"r\"", "s=\"2\" type=\"nop\"");
  const std::string line = complaint(first);
  EXPECT_NE(line.find("a cycle, which never ends: gpu "), std::string::npos) << line;
  EXPECT_NE(line.find(" waits for gpu "), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);

  // Two blocks of one GPU that wait for each other.
  const std::string each_other =
      "<algo coll=\"allreduce\" nchunksperloop=\"1\" ngpus=\"1\" inplace=\"0\">\n"
      "<gpu id=\"0\" i_chunks=\"1\" o_chunks=\"1\" s_chunks=\"0\">\n"
      "<tb id=\"0\" send=\"-1\" recv=\"-1\" chan=\"0\">\n"
      "<step s=\"0\" type=\"cpy\" srcbuf=\"i\" srcoff=\"0\" dstbuf=\"o\" dstoff=\"0\" cnt=\"1\" depid=\"1\" "
      "deps=\"0\" hasdep=\"1\"/></tb>\n"
      "<tb id=\"1\" send=\"-1\" recv=\"-1\" chan=\"0\">\n"
      "<step s=\"0\" type=\"cpy\" srcbuf=\"i\" srcoff=\"0\" dstbuf=\"o\" dstoff=\"0\" cnt=\"1\" depid=\"0\" "
      "deps=\"0\" hasdep=\"1\"/></tb>\n"
      "</gpu></algo>";
  EXPECT_EQ(complaint(each_other),
            "x.xml:4: a cycle, which never ends: gpu 0 tb 0 step 0 waits for gpu 0 tb 1 step 0 waits for gpu "
            "0 tb 0 step 0");
}

TEST(ImportedComplaint, claims_of_enormous_sizes) {
  EXPECT_NE(complaint(replaced(ring, "s_chunks=\"0\"", "s_chunks=\"4000000000\"")).find("whole number"),
            std::string::npos);
  EXPECT_NE(complaint(replaced(ring, "loop=\"4\"", "loop=\"1000000000\"")).find("whole number"),
            std::string::npos);
  EXPECT_NE(complaint(replaced(ring, "s=\"0\" type", "s=\"1000000000\" type")).find("whole number"),
            std::string::npos);
  std::string wide = replaced(ring, "loop=\"4\"", "loop=\"1048576\"");
  EXPECT_NE(complaint(replaced(wide, "ngpus=\"4\"", "ngpus=\"4096\"")).find("chunks in all are possible"),
            std::string::npos);
  std::string many = ring.substr(0, ring.find("      <step"));
  for (int i = 0; i < 1'200'000; ++i) many += "<step/>";
  EXPECT_EQ(complaint(many), "x.xml:1: too large; at most 400000 steps are possible");
}

}  // namespace

}  // namespace podbench
