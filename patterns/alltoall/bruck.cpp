// Bruck's all-to-all with radix b: a block that must travel d ranks up goes by the digits of d in base b.
//
// J. Bruck, C.-T. Ho, S. Kipnis, E. Upfal, D. Weathersby, "Efficient algorithms for all-to-all communications
// in multiport message-passing systems", IEEE TPDS 8(11), 1997. Rounds ceil(log_b p) with b-1 messages each;
// a block is sent once for every digit of d that is not zero: for b = 2 and p = 2^m, n/2 log2 p per rank.
//
// The paper's first and last phase rotate the blocks in memory; here a table of where each block lies takes
// their place, so that a block is copied only into its message and, at last, into the output.
#include <algorithm>

#include "patterns/alltoall/exchange.hpp"

namespace podbench {

namespace {

using Distance = std::int64_t;

Schedule plan_for(const Problem& problem, const Exchange& exchange) {
  const int p = problem.ranks, r = problem.rank;
  const Distance radix = problem.parameters.radix;
  const auto at = [](Distance d) { return static_cast<std::size_t>(d); };
  // The rank d above another, 0 <= d <= p.
  const auto up = [&](int from, Distance d) {
    return static_cast<int>(from + d < p ? from + d : from + d - p);
  };
  // How many elements the block for distance d has that is here after `travelled` of it.
  const auto count_of = [&](Distance d, Distance travelled) {
    const int origin = up(r, p - travelled);
    return exchange.count(origin, up(origin, d));
  };
  // Calls each(d, travelled) for the distances that have `digit` at `weight`, where all lower digits have
  // been travelled.
  const auto for_each_with = [&](Distance digit, Distance weight, auto each) {
    for (Distance first = digit * weight; first < p; first += weight * radix)
      for (Distance d = first; d < first + weight && d < p; ++d) each(d, d - first);
  };
  std::uint64_t most_packed = 0;
  for (Distance weight = 1; weight < p; weight *= radix) {
    std::uint64_t packed = 0;
    for (Distance digit = 1; digit < radix && digit * weight < p; ++digit)
      for_each_with(digit, weight, [&](Distance d, Distance travelled) { packed += count_of(d, travelled); });
    most_packed = std::max(most_packed, packed);
  }

  ScheduleBuilder plan;
  const Range outgoing = plan.reserve_scratch(most_packed);
  std::vector<Range> held;  // where the block lies that has d ranks to go in all
  for (Distance d = 0; d < p; ++d) held.push_back(input(exchange.outgoing(up(r, d))));

  struct Message {
    Distance hop;
    Range sent, received;
  };
  for (Distance weight = 1; weight < p; weight *= radix) {
    std::vector<Message> messages;
    std::uint64_t packed = 0;
    for (Distance digit = 1; digit < radix && digit * weight < p; ++digit) {
      const Distance hop = digit * weight;
      const std::uint64_t begin = packed;
      std::uint64_t expected = 0;
      for_each_with(digit, weight, [&](Distance d, Distance travelled) {
        Range& block = held[at(d)];
        plan.copy(block, part(outgoing, packed, block.count));
        packed += block.count;
        block.count = count_of(d, travelled + hop);  // of the one that comes in its place
        expected += block.count;
      });
      const Range incoming = plan.reserve_scratch(expected);
      std::uint64_t offset = 0;
      for_each_with(digit, weight, [&](Distance d, Distance) {
        held[at(d)] = part(incoming, offset, held[at(d)].count);
        offset += held[at(d)].count;
      });
      messages.push_back({hop, part(outgoing, begin, packed - begin), incoming});
    }
    plan.end_step();
    for (const Message& m : messages) plan.send(up(r, m.hop), m.sent).receive(up(r, p - m.hop), m.received);
  }
  for (Distance d = 0; d < p; ++d) plan.copy(held[at(d)], output(exchange.incoming(up(r, p - d))));
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Distance p = problem.ranks, radix = problem.parameters.radix;
  Cost total;
  for (Distance weight = 1; weight < p; weight *= radix) {
    ++total.rounds;
    for (Distance d = 0; d < p; ++d)
      if (d / weight % radix != 0) total.sent_elements += 1;
  }
  total.sent_elements *= static_cast<double>(problem.count) / static_cast<double>(p);
  return total;
}

}  // namespace

extern const Algorithm alltoall_bruck = {
    .pattern = "alltoall",
    .name = "bruck",
    .summary = "log p rounds; blocks travel by the digits of their distance",
    .source = "Bruck et al., IEEE TPDS 1997",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::even(problem)); },
    .knobs = knob_radix,
    .cost = cost,
};

extern const Algorithm alltoallv_bruck = {
    .pattern = "alltoallv",
    .name = "bruck",
    .summary = "log p rounds; blocks travel by the digits of their distance",
    .source = "Bruck et al., IEEE TPDS 1997",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::uneven(problem)); },
    .knobs = knob_radix,
};

}  // namespace podbench
