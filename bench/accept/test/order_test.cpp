#include "bench/accept/order.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench::accept {
namespace {

TEST(AcceptOrder, SurvivesJson) {
  AcceptOrder order;
  order.pod_text = "name = \"lab\"";
  order.pod_source = "pod.toml";
  order.stages = {Stage::inventory, Stage::links};
  order.transport = "libfabric:tcp";
  order.within_nodes = "ucx:posix";
  order.most_launches = 20;
  order.soak_ns = 3'600'000'000'000;
  order.settings.seed = 0xFFFF'FFFF'FFFF'FFFF;
  order.spool_folder = "/some/where.spool";
  order.launcher = "ssh";
  order.node_of_host = {{"10.0.0.1", "n1"}};
  order.quiet = true;
  const AcceptOrder again = AcceptOrder::from_json(order.to_json());
  EXPECT_EQ(again.to_json(), order.to_json());
  EXPECT_EQ(again.stages, order.stages);
  EXPECT_EQ(again.node_of_host, order.node_of_host);
  EXPECT_EQ(again.settings.seed, order.settings.seed);
  EXPECT_EQ(again.settings.patience_ns, accept_settings().patience_ns);
}

TEST(AcceptOrder, RefusesWhatIsNone) {
  EXPECT_THROW((void)AcceptOrder::from_json("{}"), RequestError);
  EXPECT_THROW((void)AcceptOrder::from_json("no"), RequestError);
}

}  // namespace
}  // namespace podbench::accept
