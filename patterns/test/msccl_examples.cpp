#include "patterns/test/msccl_examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace podbench {

namespace {

struct Algo {
  std::string coll;
  int gpus, chunks;
  bool in_place;
  int inputs, outputs, scratches;
};

// What a step waits for, and whether another one waits for it.
struct Order {
  int block = -1, step = -1;
  bool awaited = false;
};

class Writer {
 public:
  explicit Writer(const Algo& algo) : algo_(algo) {
    text_ = fmt::format(
        R"(<algo name="example" nchunksperloop="{}" nchannels="1" ngpus="{}" proto="Simple" inplace="{}" coll="{}">)"
        "\n",
        algo.chunks, algo.gpus, algo.in_place ? 1 : 0, algo.coll);
  }

  // All GPUs, each written by `write(gpu)`.
  std::string gpus(const std::function<void(int)>& write) {
    for (int g = 0; g < algo_.gpus; ++g) {
      text_ += fmt::format("  <gpu id=\"{}\" i_chunks=\"{}\" o_chunks=\"{}\" s_chunks=\"{}\">\n", g,
                           algo_.inputs, algo_.outputs, algo_.scratches);
      blocks_ = 0;
      write(g);
      end_block();
      text_ += "  </gpu>\n";
    }
    return text_ + "</algo>\n";
  }

  Writer& block(int send, int receive, int channel = 0) {
    end_block();
    text_ += fmt::format("    <tb id=\"{}\" send=\"{}\" recv=\"{}\" chan=\"{}\">\n", blocks_++, send, receive,
                         channel);
    open_ = true;
    steps_ = 0;
    return *this;
  }

  Writer& step(const char* type, char from, int first, char into, int into_first, int chunks = 1,
               Order order = {}) {
    text_ += fmt::format(
        R"(      <step s="{}" type="{}" srcbuf="{}" srcoff="{}" dstbuf="{}" dstoff="{}" cnt="{}" depid="{}" deps="{}" hasdep="{}"/>)"
        "\n",
        steps_++, type, from, first, into, into_first, chunks, order.block, order.step,
        order.awaited ? 1 : 0);
    return *this;
  }
  // The same place on both sides.
  Writer& step(const char* type, char buffer, int first, int chunks = 1, Order order = {}) {
    return step(type, buffer, first, buffer, first, chunks, order);
  }

 private:
  void end_block() {
    if (open_) text_ += "    </tb>\n";
    open_ = false;
  }
  Algo algo_;
  std::string text_;
  int blocks_ = 0, steps_ = 0;
  bool open_ = false;
};

int mod(int value, int p) {
  return (value % p + p) % p;
}

std::string allreduce_ring(int p) {
  Writer xml({"allreduce", p, p, true, p, 0, 0});
  return xml.gpus([&](int g) {
    xml.block(mod(g + 1, p), mod(g - 1, p)).step("s", 'i', g);
    for (int k = 1; k < p - 1; ++k) xml.step("rrs", 'i', mod(g - k, p));
    xml.step("rrcs", 'i', mod(g + 1, p));
    for (int k = 0; k < p - 2; ++k) xml.step("rcs", 'i', mod(g - k, p));
    xml.step("r", 'i', mod(g + 2, p));
  });
}

std::string allreduce_halving_doubling() {
  Writer xml({"allreduce", 4, 4, true, 4, 0, 0});
  return xml.gpus([&](int g) {
    const int own_half = g / 2 * 2, other_half = 2 - own_half;
    xml.block(g ^ 2, g ^ 2).step("s", 'i', other_half, 2).step("rrc", 'i', own_half, 2, {-1, -1, true});
    xml.step("s", 'i', own_half, 2, {1, 2, false}).step("r", 'i', other_half, 2);
    xml.block(g ^ 1, g ^ 1).step("s", 'i', g ^ 1, 1, {0, 1, false}).step("rrcs", 'i', g);
    xml.step("r", 'i', g ^ 1, 1, {-1, -1, true});
  });
}

// Everybody's vector into everybody's scratch, then sums by one block that waits for all of them.
std::string allreduce_all_pairs(int p) {
  Writer xml({"allreduce", p, 2, false, 2, 2, 2 * (p - 1)});
  return xml.gpus([&](int g) {
    xml.block(-1, -1).step("cpy", 'i', 0, 'o', 0, 2);
    for (int k = 1; k < p - 1; ++k) xml.step("nop", 'i', -1, 'o', -1, 0, {k, 1, false});
    for (int k = 1; k < p; ++k)
      xml.step("re", 's', 2 * (k - 1), 'o', 0, 2, {k == 1 ? p - 1 : -1, k == 1 ? 1 : -1, false});
    for (int k = 1; k < p; ++k) {
      const int peer = mod(g + k, p);
      xml.block(peer, peer).step("s", 'i', 0, 2).step("r", 's', 2 * (k - 1), 2, {-1, -1, true});
    }
  });
}

// Two ranks that send all they have before they receive over it.
std::string allreduce_swap() {
  Writer xml({"allreduce", 2, 2, true, 2, 2, 0});
  return xml.gpus([&](int g) {
    xml.block(1 - g, 1 - g).step("s", 'i', 0).step("s", 'o', 1);
    xml.step("rrc", 'o', 0, 'i', 0).step("rrc", 'i', 1, 'o', 1);
  });
}

// Whole vectors exchanged over what was sent.
std::string allreduce_doubling() {
  Writer xml({"allreduce", 4, 1, true, 1, 0, 0});
  return xml.gpus([&](int g) {
    xml.block(g ^ 1, g ^ 1).step("s", 'i', 0).step("rrc", 'i', 0, 1, {-1, -1, true});
    xml.block(g ^ 2, g ^ 2).step("s", 'i', 0, 1, {0, 1, false}).step("rrc", 'i', 0);
  });
}

// Two channels between two ranks, whose blocks are in opposite order on one of them.
std::string allgather_channels() {
  Writer xml({"allgather", 2, 4, true, 2, 4, 0});
  return xml.gpus([&](int g) {
    for (int k = 0; k < 2; ++k) {
      const int channel = g == 0 ? k : 1 - k;
      xml.block(1 - g, 1 - g, channel).step("s", 'i', channel).step("r", 'o', 2 * (1 - g) + channel);
    }
  });
}

// A sum in the input, though the output is another buffer, and its result copied.
std::string allreduce_over_input() {
  Writer xml({"allreduce", 3, 1, false, 1, 1, 0});
  return xml.gpus([&](int g) {
    const int next = g + 1 == 3 ? -1 : g + 1;
    xml.block(next, g - 1);
    if (g == 0) xml.step("s", 'i', 0);
    if (g == 1) xml.step("rrcs", 'i', 0);
    if (g == 2) xml.step("rrc", 'i', 0, 1, {-1, -1, true});
    xml.block(g - 1, next, 1);
    if (g == 2) xml.step("s", 'i', 0, 1, {0, 0, false}).step("cpy", 'i', 0, 'o', 0);
    if (g == 1) xml.step("rcs", 'o', 0);
    if (g == 0) xml.step("r", 'o', 0);
  });
}

std::string allgather_ring(int p, bool in_place) {
  Writer xml({"allgather", p, p, in_place, in_place ? 0 : 1, p, 0});
  return xml.gpus([&](int g) {
    xml.block(mod(g + 1, p), mod(g - 1, p));
    in_place ? xml.step("s", 'o', g) : xml.step("s", 'i', 0);
    for (int k = 1; k < p - 1; ++k) xml.step("rcs", 'o', mod(g - k, p));
    xml.step("r", 'o', mod(g + 1, p));
    if (!in_place) xml.block(-1, -1).step("cpy", 'i', 0, 'o', g);
  });
}

std::string reduce_scatter_ring(int p, bool in_place) {
  Writer xml({"reduce_scatter", p, p, in_place, p, in_place ? 0 : 1, 0});
  return xml.gpus([&](int g) {
    xml.block(mod(g + 1, p), mod(g - 1, p)).step("s", 'i', mod(g - 1, p));
    for (int k = 2; k < p; ++k) xml.step("rrs", 'i', mod(g - k, p));
    in_place ? xml.step("rrc", 'i', g) : xml.step("rrc", 'i', g, 'o', 0);
  });
}

// Through the neighbour: what is for the rank after it lies in its scratch on the way.
std::string alltoall_two_step() {
  Writer xml({"alltoall", 3, 3, false, 3, 3, 1});
  return xml.gpus([&](int g) {
    const int next = mod(g + 1, 3), before = mod(g - 1, 3);
    xml.block(next, before).step("s", 'i', next).step("r", 'o', before);
    xml.step("s", 'i', before).step("r", 's', 0).step("s", 's', 0).step("r", 'o', next);
    xml.block(-1, -1).step("cpy", 'i', g, 'o', g);
  });
}

std::string broadcast_chain(int root, bool in_place) {
  Writer xml({"broadcast", 3, 2, in_place, 2, 2, 0});
  return xml.gpus([&](int g) {
    const int place = mod(g - root, 3);
    xml.block(place == 2 ? -1 : mod(g + 1, 3), place == 0 ? -1 : mod(g - 1, 3));
    const char* type = place == 0 ? "s" : place == 1 ? "rcs" : "r";
    for (int c = 0; c < 2; ++c) xml.step(type, place == 0 ? 'i' : 'o', c);
    if (place == 0 && !in_place) xml.block(-1, -1).step("cpy", 'i', 0, 'o', 0, 2);
  });
}

std::string reduce_chain(bool in_place) {
  Writer xml({"reduce", 3, 2, in_place, 2, 2, 0});
  return xml.gpus([&](int g) {
    xml.block(g - 1, g == 2 ? -1 : g + 1);
    for (int c = 0; c < 2; ++c) {
      if (g == 2) xml.step("s", 'i', c);
      if (g == 1) xml.step("rrs", 'i', c);
      if (g == 0) xml.step("rrc", 'i', c, 'o', c);
    }
  });
}

}  // namespace

std::vector<MscclExample> msccl_examples() {
  return {{"allreduce_ring_4", allreduce_ring(4)},
          {"allreduce_ring_2", allreduce_ring(2)},
          {"allreduce_ring_5", allreduce_ring(5)},
          {"allreduce_halving_doubling_4", allreduce_halving_doubling()},
          {"allreduce_all_pairs_4", allreduce_all_pairs(4)},
          {"allreduce_swap_2", allreduce_swap()},
          {"allreduce_doubling_4", allreduce_doubling()},
          {"allgather_channels_2", allgather_channels()},
          {"allreduce_over_input_3", allreduce_over_input()},
          {"allgather_ring_3", allgather_ring(3, false)},
          {"allgather_ring_3_in_place", allgather_ring(3, true)},
          {"reduce_scatter_ring_3", reduce_scatter_ring(3, false)},
          {"reduce_scatter_ring_3_in_place", reduce_scatter_ring(3, true)},
          {"alltoall_two_step_3", alltoall_two_step()},
          {"broadcast_chain_3", broadcast_chain(0, false)},
          {"broadcast_chain_3_in_place", broadcast_chain(0, true), 0},
          {"broadcast_chain_3_from_2", broadcast_chain(2, false), 2},
          {"reduce_chain_3", reduce_chain(false)},
          {"reduce_chain_3_in_place", reduce_chain(true)}};
}

const MscclExample& msccl_example(const std::string& name) {
  static const std::vector<MscclExample> all = msccl_examples();
  const auto found = std::ranges::find(all, name, &MscclExample::name);
  if (found == all.end()) throw std::logic_error("no example " + name);
  return *found;
}

}  // namespace podbench
