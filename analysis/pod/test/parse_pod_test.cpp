#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "analysis/pod/pod.hpp"
#include "analysis/pod/test/sample_pods.hpp"
#include "base/error.hpp"
#include "base/random.hpp"

namespace podbench {
namespace {

std::string complaint(const std::string& text) {
  try {
    (void)parse_pod(text, "p.toml");
  } catch (const RequestError& error) {
    return error.what();
  }
  return "nothing";
}

const std::string two_nodes = "[[nodes]]\nnames = \"n[0-1]\"\n";
const std::string good_switch = "[crossbar]\nrate = \"1 Gbit/s\"\n";

TEST(ParsePod, ReadsEveryKey) {
  const Pod pod = parse_pod(R"(
name = "all"
spreading = "flows"
[[nodes]]
names = "n[0-3]"
[[nodes]]
names = "m0"
ports = 2
[[racks]]
names = "r[0-1]"
nodes = "n[0-3]"
power = "12 kW"
cooling = "11500 W"
inlet = "27 C"
[[switches]]
names = "s0,s1"
tier = 2
[[switches]]
names = "t0"
[[links]]
from = "n[0-3],m0:0,m0:1"
to = "t0"
rate = "200 Gbit/s"
cables = 2
[[links]]
from = "t0"
to = "s[0-1]"
rate = "25 GB/s"
names = "C-1,C-2"
[limits]
share_of_rate = 0.93
distance_from_median = 0.04
latency_distance = 0.3
node_distance = 0.2
latency = "3 us"
impact_p99 = 2.5
share_of_ceiling = 0.8
)",
                            "all.toml");
  EXPECT_EQ(pod.name, "all");
  EXPECT_EQ(pod.source, "all.toml");
  EXPECT_EQ(pod.spreading, Spreading::flows);
  ASSERT_EQ(pod.nodes.size(), 5u);
  EXPECT_EQ(pod.nodes[4].name, "m0");
  EXPECT_EQ(pod.vertices[static_cast<std::size_t>(pod.nodes[4].ports[1])].name, "m0:1");
  EXPECT_EQ(pod.nodes[1].rack, 0);
  EXPECT_EQ(pod.nodes[2].rack, 1);
  EXPECT_EQ(pod.nodes[4].rack, -1);
  ASSERT_EQ(pod.racks.size(), 2u);
  EXPECT_DOUBLE_EQ(*pod.racks[1].power_limit_w, 12'000);
  EXPECT_DOUBLE_EQ(*pod.racks[1].cooling_limit_w, 11'500);
  EXPECT_DOUBLE_EQ(*pod.racks[1].inlet_limit_celsius, 27);
  ASSERT_EQ(pod.links.size(), 8u);
  EXPECT_DOUBLE_EQ(pod.links[0].rate_bits_per_second, 200e9);
  EXPECT_EQ(pod.links[0].cables, 2);
  EXPECT_EQ(name_of_link(pod, 0), "n0-t0");
  EXPECT_DOUBLE_EQ(pod.links[7].rate_bits_per_second, 200e9);
  EXPECT_EQ(name_of_link(pod, 7), "C-2");
  std::map<std::string, int> tiers;
  for (const PodVertex& vertex : pod.vertices)
    if (vertex.kind == VertexKind::network_switch) tiers[vertex.name] = vertex.tier;
  EXPECT_EQ(tiers, (std::map<std::string, int>{{"s0", 2}, {"s1", 2}, {"t0", 1}}));
  EXPECT_DOUBLE_EQ(pod.limits.share_of_rate, 0.93);
  EXPECT_DOUBLE_EQ(pod.limits.distance_from_median, 0.04);
  EXPECT_DOUBLE_EQ(pod.limits.latency_distance, 0.3);
  EXPECT_DOUBLE_EQ(pod.limits.node_distance, 0.2);
  EXPECT_DOUBLE_EQ(*pod.limits.latency_s, 3e-6);
  EXPECT_DOUBLE_EQ(*pod.limits.impact_p99, 2.5);
  EXPECT_DOUBLE_EQ(*pod.limits.share_of_ceiling, 0.8);
}

TEST(ParsePod, ShapesMakeTheirLinks) {
  const Pod clos = sample::three_tiers(32, 4, 4, 2, 8);
  // 32 ports, 8 leaves × 4 spines, 4 groups × 8 cores.
  EXPECT_EQ(clos.links.size(), 32u + 32 + 32);
  const Pod rails = sample::rails(8, 4, 4, 2);
  EXPECT_EQ(rails.links.size(), 8u * 4 + 8 * 2);
  EXPECT_EQ(sample::crossbar(6, 4, 9).links.size(), 6u * 4 * 9);
  EXPECT_EQ(sample::grid("mesh", {5, 5}).links.size(), 40u);
  EXPECT_EQ(sample::grid("torus", {4, 4}).links.size(), 32u);
  EXPECT_EQ(sample::grid("torus", {2, 3, 1}).links.size(), 3u + 6);
  const Pod two_networks = parse_pod(
      "[[nodes]]\nnames = \"n[0-7]\"\nports = 2\n"
      "[[leaf_spine]]\nport = 0\nnodes_per_leaf = 4\nspines = 1\nnode_rate = \"1 Gbit/s\"\nspine_rate = \"4 "
      "Gbit/s\"\n"
      "[[leaf_spine]]\nport = 1\nprefix = \"b-\"\nnode_rate = \"1 Gbit/s\"\n",
      "two.toml");
  EXPECT_EQ(two_networks.links.size(), 8u + 2 + 8);
  EXPECT_EQ(two_networks.vertices.back().name, "b-leaf0");
}

TEST(ParsePod, TilesTakeNodesBlockByBlock) {
  const Pod pod = sample::grid("mesh", {4, 4}, "tile = [2, 2]\ntile_rate = \"250 GB/s\"\n");
  std::map<std::string, double> rates;
  for (std::size_t link = 0; link < pod.links.size(); ++link)
    rates[name_of_link(pod, static_cast<int>(link))] = pod.links[link].rate_bits_per_second / 8e9;
  // The first tile is d0000 d0001 / d0002 d0003, to its right is d0004 d0005 / d0006 d0007.
  EXPECT_EQ(rates.at("d0000-d0001"), 1000);
  EXPECT_EQ(rates.at("d0000-d0002"), 1000);
  EXPECT_EQ(rates.at("d0001-d0004"), 250);
  EXPECT_EQ(rates.at("d0002-d0008"), 250);
  EXPECT_FALSE(rates.contains("d0003-d0004"));
}

TEST(ParsePod, SaysWhereAndWhatIsRight) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {two_nodes + "[[links]]\nfrom = \"n9\"\nto = \"n1\"\nrate = \"1 Gbit/s\"",
       "p.toml:4:8: unknown node or switch \"n9\"; known: n0, n1"},
      {two_nodes + "[[links]]\nfrom = \"n0\"\nto = \"leaf7\"\nrate = \"1 Gbit/s\"",
       "p.toml:5:6: unknown node or switch \"leaf7\"; known: n0, n1"},
      {two_nodes + "[[links]]\nfrom = \"n0\"\nto = \"n0\"\nrate = \"1 Gbit/s\"",
       "p.toml:4:8: n0 is linked with itself; a link has two ends"},
      {two_nodes + "[[links]]\nfrom = \"n0\"\nto = \"n1\"\nrate = \"0 Gbit/s\"",
       "p.toml:6:8: rate: \"0 Gbit/s\" is out of range; above 0, at most 1e18 bit/s is right"},
      {two_nodes + "[[links]]\nfrom = \"n0\"\nto = \"n1\"\nrate = 200",
       "p.toml:6:8: rate is a rate as in \"200 Gbit/s\" (bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s, B/s, kB/s, "
       "MB/s, "
       "GB/s, TB/s) in quotes, with its unit"},
      {two_nodes + "[[links]]\nfrom = \"n0\"\nto = \"n1\"\nrate = \"200\"",
       "p.toml:6:8: rate: \"200\" has no unit; write a rate as in \"200 Gbit/s\" (bit/s, kbit/s, Mbit/s, "
       "Gbit/s, "
       "Tbit/s, B/s, kB/s, MB/s, GB/s, TB/s)"},
      {two_nodes + "[[links]]\nfrom = \"n0\"\nto = \"n1\"", "p.toml:3:1: [[links]] needs rate"},
      {two_nodes + "[[racks]]\nnames = \"r\"\nnodes = \"n0\"\npower = \"12 kV\"\n" + good_switch,
       "p.toml:6:9: power: \"12 kV\" has another unit; write a power as in \"12 kW\" (W, kW, MW)"},
      {two_nodes + "[[racks]]\nnames = \"r[0-1]\"\nnodes = \"n0\"\n" + good_switch,
       "p.toml:5:9: 1 nodes do not divide evenly among 2 racks"},
      {two_nodes + "[[racks]]\nnames = \"r[0-1]\"\nnodes = \"n0,n0\"\n" + good_switch,
       "p.toml:5:9: n0 is in the rack r0 already; a node is in one rack"},
      {two_nodes + "colour = \"red\"\n" + good_switch,
       "p.toml:3:1: unknown key of [[nodes]] \"colour\"; known: names, ports"},
      {"spread = 1\n" + two_nodes + good_switch,
       "p.toml:1:1: unknown key of the pod file \"spread\"; did you mean \"spreading\"? known: name, "
       "spreading, nodes, "
       "racks, switches, leaf_spine, rails, crossbar, mesh, torus, links, limits"},
      {"[[nodes]]\nnames = \"a,b,a\"\n" + good_switch,
       "p.toml:2:9: the name a is there twice; every node and switch has its own"},
      {two_nodes + "[leaf_spine]\nnodes = \"n0\"\nnode_rate = \"1 Gbit/s\"\n",
       "p.toml:2:9: n1 has no link; a shape ([leaf_spine], [rails], [crossbar], [mesh], [torus]) or "
       "[[links]] gives it "
       "one"},
      {two_nodes + "[[switches]]\nnames = \"s[0-1]\"\n[[links]]\nfrom = \"n[0-1]\"\nto = \"s[0-1]\"\nrate = "
                   "\"1 Gbit/s\"",
       "p.toml:2:9: n1 and n0 are not connected; links have to lead from every node to every other"},
      {two_nodes + "[mesh]\nextents = [3]\nrate = \"1 Gbit/s\"",
       "p.toml:4:11: extents make 3 places for 2 nodes; [mesh] has a place for every node"},
      {two_nodes + "[mesh]\nextents = [0]\nrate = \"1 Gbit/s\"",
       "p.toml:4:12: extents holds whole numbers from 1 to 200000"},
      {two_nodes + "[leaf_spine]\nnodes_per_leaf = 1\nnode_rate = \"1 Gbit/s\"",
       "p.toml:3:1: [leaf_spine] has 2 leaves and nothing that joins them; it needs spines and spine_rate"},
      {two_nodes + good_switch + "[limits]\nlatency = \"3\"",
       "p.toml:6:11: latency: \"3\" has no unit; write a time as in \"3 us\" (ns, us, ms, s)"},
      {two_nodes + good_switch + "[limits]\nshare_of_rate = 95",
       "p.toml:6:17: share_of_rate is a number from 0.01 to 1"},
      {"[[nodes]]\nnames = \"n[0-200000]\"\n",
       "p.toml:2:9: names: more than 200000 names; write names as in node[00-15] or a,b,c[0,4-7]"},
      {"[[nodes]]\nnames = \"n[0-999]\"\n[crossbar]\nswitches = 2001\nrate = \"1 Gbit/s\"",
       "p.toml:3:1: more than 2000000 links; a pod has fewer"},
      {"[[nodes]]\nnames = \"n[0-99999]\"\nports = 21\n",
       "p.toml:2:9: more than 2000000 ports; a pod has fewer"},
      {"name = \"x\"",
       "p.toml:1:1: no nodes; a pod has at least two, as in [[nodes]] with names = \"node[00-15]\""},
      {"[[nodes]]\nnames = \"one\"\n", "p.toml:2:9: one node is no pod; a pod has at least two"},
      {"nodes = 3", "p.toml:1:9: nodes is a table: write [[nodes]] on a line of its own"},
      {two_nodes + "[crossbar\n", "p.toml:3:10: "},
  };
  for (const auto& [text, expected] : cases) {
    const std::string said = complaint(text);
    EXPECT_EQ(
        said.substr(0, std::max(expected.size(), expected.ends_with(": ") ? expected.size() : said.size())),
        expected)
        << text.substr(0, 200);
    EXPECT_EQ(said.find('\n'), std::string::npos);
  }
}

TEST(ParsePod, NodesOnRailsHaveAsManyPorts) {
  EXPECT_EQ(complaint("[[nodes]]\nnames = \"a,b\"\nports = 2\n[[nodes]]\nnames = \"c\"\n[rails]\nnode_rate = "
                      "\"1 Gbit/s\""),
            "p.toml:6:1: a has 2 ports and c has 1; on rails all nodes have as many as there are rails");
}

TEST(LoadPod, ExamplesAreWhatTheySay) {
  std::map<std::string, Pod> pods;
  for (const auto& entry : std::filesystem::directory_iterator(PODBENCH_POD_EXAMPLES))
    pods.emplace(entry.path().filename().string(), load_pod(entry.path().string()));
  EXPECT_GE(pods.size(), 5u);
  // 72 GPUs with 18 links of 50 GB/s each way: 130 TB/s of both ways together.
  const Pod& nvl = pods.at("nvl72.toml");
  double both_ways = 0;
  for (const PodLink& link : nvl.links) both_ways += 2 * link.rate_bits_per_second / 8e12;
  EXPECT_EQ(nvl.links.size(), 72u * 18);
  EXPECT_NEAR(both_ways, 130, 0.5);
  // 1,024 cables to the nodes and as many above, 32 leaves, 16 spines.
  const Pod& super = pods.at("superpod_b200.toml");
  std::map<int, int> cables, switches;
  for (const PodLink& link : super.links)
    cables[super.vertices[static_cast<std::size_t>(link.b)].tier] += link.cables;
  for (const PodVertex& vertex : super.vertices) ++switches[vertex.tier];
  EXPECT_EQ(cables, (std::map<int, int>{{1, 1024}, {2, 1024}}));
  EXPECT_EQ(switches[1], 32);
  EXPECT_EQ(switches[2], 16);
  EXPECT_EQ(super.racks.size(), 64u);
  // 3,000 dies; 36 TB/s leave a tile that has neighbours on all sides.
  const Pod& dojo = pods.at("dojo_exapod.toml");
  EXPECT_EQ(dojo.nodes.size(), 3000u);
  double off_tile = 0;
  const auto tile_of = [&](int vertex) {
    return dojo.vertices[static_cast<std::size_t>(vertex)].name.substr(0, 7);
  };
  for (const PodLink& link : dojo.links)
    if ((tile_of(link.a) == "tile013") != (tile_of(link.b) == "tile013"))
      off_tile += link.rate_bits_per_second / 8e12;
  EXPECT_NEAR(off_tile, 36, 1e-9);
  const Pod& modular = pods.at("modular_racks.toml");
  EXPECT_EQ(modular.racks.size(), 24u);
  EXPECT_DOUBLE_EQ(*modular.racks[23].power_limit_w, 60'000);
  EXPECT_DOUBLE_EQ(*modular.racks[0].inlet_limit_celsius, 27);
}

TEST(LoadPod, RefusesWhatIsNoFile) {
  EXPECT_THROW((void)load_pod("/nowhere/at/all.toml"), RequestError);
  EXPECT_THROW((void)load_pod("/"), RequestError);
  EXPECT_THROW((void)load_pod("/dev/zero"), RequestError);
}

// Whatever its bytes: a pod or one line with a place.
TEST(ParsePod, DamagedFilesGiveOneLine) {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(PODBENCH_POD_EXAMPLES))
    if (entry.path().filename() != "dojo_exapod.toml") {
      std::FILE* file = std::fopen(entry.path().c_str(), "rb");
      std::string text(64 << 10, '\0');
      text.resize(std::fread(text.data(), 1, text.size(), file));
      std::fclose(file);
      texts.push_back(text);
    }
  texts.push_back(
      "[[nodes]]\nnames = \"a[0-3],b[00-03]\"\nports = 2\n[[switches]]\nnames = \"s[0-1]\"\ntier = "
      "1\n[[links]]\nfrom = "
      "\"a0:0\"\nto = \"s0\"\nrate = \"1 Gbit/s\"\n[torus]\nextents = [2, 2, 2]\nport = 1\nrate = \"1 "
      "GB/s\"\ntile = [1, 1, "
      "2]\nrouting = \"shortest\"\n[limits]\nlatency = \"3 us\"\n");
  const std::string likely = "[]\"=,.-0123456789\n #{}'\\\x01\xff";
  Random random(11);
  std::size_t refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text = texts[random.below(texts.size())];
    for (std::uint64_t damage = random.below(4) + 1; damage > 0; --damage) {
      const std::size_t at = random.below(text.size());
      switch (random.below(5)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text[at] = likely[random.below(likely.size())];
          break;
        case 2:
          text.erase(at, random.below(40));
          break;
        case 3:
          text.insert(at, text.substr(random.below(text.size()), random.below(60)));
          break;
        default:
          text.insert(at, std::to_string(random.next() >> random.below(64)));
      }
      if (text.empty()) text = "x";
    }
    try {
      const Pod pod = parse_pod(text, "p.toml");
      EXPECT_GE(pod.nodes.size(), 2u);
      EXPECT_GE(pod.links.size(), 1u);
    } catch (const RequestError& error) {
      ++refused;
      const std::string said = error.what();
      EXPECT_TRUE(said.starts_with("p.toml:")) << said;
      for (const char c : said) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << said;
    }
  }
  EXPECT_GT(refused, 500u);
}

}  // namespace
}  // namespace podbench
