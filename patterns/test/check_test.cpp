// The prover's parts by hand-made schedules: what it says of each fault, and the rules that no algorithm of
// the catalogue happens to need.
#include "patterns/check.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace podbench {

namespace {

// Two or three ranks; every rank has `in` elements of input and `out` of output, and `pieces` to show for it.
struct Toy {
  Pattern pattern{.name = "toy",
                  .summary = "for tests",
                  .reduces = true,
                  .input_count = [](const Problem& p) { return p.count; },
                  .output_count = [](const Problem& p) { return p.count; },
                  .contract = [](const Problem&) -> std::vector<Piece> { return {}; }};
  Problem problem{0, 2, 8, {}, {}};

  std::string verdict(const std::vector<Schedule>& schedules) const {
    Problem own = problem;
    own.ranks = static_cast<int>(schedules.size());
    const auto fault = check(pattern, own, schedules);
    return fault ? fault->what : "";
  }
};

Schedule plan(const std::function<void(ScheduleBuilder&)>& write, std::uint64_t scratch = 0) {
  ScheduleBuilder builder;
  (void)builder.reserve_scratch(scratch);
  write(builder);
  return builder.take();
}
Schedule idle() {
  return {};
}

TEST(Builder, drops_what_moves_nothing) {
  const Schedule schedule = plan([](ScheduleBuilder& b) {
    b.send(1, input(0, 0)).end_step();
    b.send(1, input(0, 3)).receive(1, output(0, 0)).repeated().end_step();
    b.end_step();
    b.copy(input(0, 1), output(0, 1));
  });
  ASSERT_EQ(schedule.steps(), 2U);
  ASSERT_EQ(schedule.step(0).size(), 1U);
  EXPECT_FALSE(schedule.step(0)[0].repeated);
  EXPECT_EQ(schedule.step(1)[0].kind, ActionKind::copy);
}

TEST(Builder, can_be_used_again) {
  ScheduleBuilder builder;
  (void)builder.reserve_scratch(5);
  const Schedule first = builder.send(1, input(0, 3)).take(), second = builder.send(2, input(0, 3)).take();
  EXPECT_EQ(first.scratch_count, 5U);
  EXPECT_EQ(second.scratch_count, 0U);
  EXPECT_EQ(second.step(0)[0].peer, 2);
}

TEST(Check, ranges_and_peers) {
  const Toy toy;
  const auto alone = [&](const std::function<void(ScheduleBuilder&)>& write) {
    return toy.verdict({plan(write, 4), idle()});
  };
  EXPECT_EQ(alone([](auto& b) { b.send(2, input(0, 3)); }), "rank 0 step 0: peer 2 is not one of 2 ranks");
  EXPECT_EQ(alone([](auto& b) { b.send(-1, input(0, 3)); }), "rank 0 step 0: peer -1 is not one of 2 ranks");
  EXPECT_EQ(alone([](auto& b) { b.send(1, input(6, 3)); }),
            "rank 0 step 0: input [6, 9) is outside rank 0's 8 elements");
  EXPECT_EQ(alone([](auto& b) { b.copy(input(0, 2), scratch(3, 2)); }),
            "rank 0 step 0: scratch [3, 5) is outside rank 0's 4 elements");
  EXPECT_EQ(alone([](auto& b) { b.copy(input(~std::uint64_t{0}, 2), scratch(0, 2)); }).substr(0, 17),
            "rank 0 step 0: in");
  EXPECT_EQ(alone([](auto& b) { b.copy(output(0, 2), input(2, 2)); }), "rank 0 step 0: writes input [2, 4)");
  EXPECT_EQ(alone([](auto& b) { b.copy(input(0, 2), output(2, 3)); }),
            "rank 0 step 0: input [0, 2) does not fit output [2, 5)");
  EXPECT_EQ(alone([](auto& b) { b.copy(input(0, 2), output(0, 2)).copy(output(0, 2), output(1, 2)); }),
            "rank 0 step 0: output [0, 2) overlaps output [1, 3)");
  EXPECT_EQ(alone([](auto& b) { b.send(1, input(0, 1), 16'384); }),
            "rank 0 step 0: tag 16384 is above 16383");
  EXPECT_EQ(alone([](auto& b) { b.put(0, input(0, 1), output(0, 1)); }),
            "rank 0 step 0: puts to itself or gets from itself");
}

TEST(Check, a_transfer_behind_a_local_action) {
  Schedule wrong = plan([](auto& b) { b.send(1, input(0, 1)).copy(input(0, 1), output(0, 1)); });
  std::swap(wrong.actions[0], wrong.actions[1]);
  EXPECT_EQ(Toy().verdict({wrong, idle()}), "rank 0 step 0: a transfer stands behind a local action");
}

TEST(Check, an_action_of_no_elements) {
  Schedule wrong = plan([](auto& b) { b.send(1, input(0, 1)); });
  wrong.actions[0].from.count = 0;
  EXPECT_EQ(Toy().verdict({wrong, idle()}), "rank 0 step 0: moves no elements");
}

TEST(Check, only_a_reducing_pattern_reduces) {
  Toy toy;
  toy.pattern.reduces = false;
  EXPECT_EQ(toy.verdict({plan([](auto& b) { b.reduce(input(0, 1), input(0, 1), output(0, 1)); })}),
            "rank 0 step 0: reduces, but toy does not");
}

TEST(Check, transfers_of_a_step_may_not_meet) {
  const Toy toy;
  const Schedule sender = plan([](auto& b) { b.send(0, input(0, 4)).send(0, input(4, 4)); });
  const auto receiver = [](Range first, Range second) {
    return plan([&](auto& b) { b.receive(1, first).receive(1, second); }, 8);
  };
  EXPECT_EQ(toy.verdict({receiver(output(0, 4), output(4, 4)), sender}), "");
  EXPECT_EQ(toy.verdict({receiver(output(0, 4), scratch(0, 4)), sender}), "");
  EXPECT_EQ(toy.verdict({receiver(output(0, 4), output(3, 4)), sender}),
            "rank 0 step 0: two transfers meet in output [3, 7), and one of them writes it");
  // Reading what another transfer writes.
  const Schedule both = plan([](auto& b) {
    b.copy(input(0, 4), output(0, 4)).end_step();
    b.send(1, output(2, 2)).receive(1, output(0, 4));
  });
  EXPECT_EQ(toy.verdict({both, plan([](auto& b) { b.send(0, input(0, 4)).receive(0, output(0, 2)); })}),
            "rank 0 step 1: two transfers meet in output [2, 4), and one of them writes it");
  // Two that read the same.
  const Schedule twice = plan([](auto& b) { b.send(1, input(0, 4)).send(1, input(2, 4)); });
  EXPECT_EQ(toy.verdict({twice, plan([](auto& b) { b.receive(0, output(0, 4)).receive(0, output(4, 4)); })}),
            "");
}

TEST(Check, repeated_receives_must_bring_the_same) {
  const Toy toy;
  const Schedule receiver = plan([](auto& b) {
    b.receive(1, output(0, 4)).repeated();
    b.receive(1, output(0, 4)).repeated();
  });
  const auto sender = [](Range second) {
    return plan([&](auto& b) { b.send(0, input(0, 4)).send(0, second); });
  };
  EXPECT_EQ(toy.verdict({receiver, sender(input(0, 4))}), "");
  EXPECT_EQ(toy.verdict({receiver, sender(input(4, 4))}),
            "rank 0 step 0: output [0, 4) gets different contents in one step");
}

TEST(Check, sends_and_receives_pair) {
  const Toy toy;
  const Schedule sends = plan([](auto& b) { b.send(1, input(0, 3), 7); });
  EXPECT_EQ(toy.verdict({sends, idle()}),
            "rank 0 step 0: sends 3 elements with tag 7 to rank 1, which never receives them");
  EXPECT_EQ(toy.verdict({idle(), plan([](auto& b) { b.receive(0, output(0, 3)); })}),
            "rank 1 step 0: receives 3 elements with tag 0 from rank 0, which never sends them");
  EXPECT_EQ(toy.verdict({sends, plan([](auto& b) { b.receive(0, output(0, 2), 7); })}),
            "rank 1 step 0: receives 2 elements from rank 0, which sends 3");
}

TEST(Check, two_that_send_first_wait_for_ever) {
  const auto selfish = [](int peer) {
    return plan([&](auto& b) { b.send(peer, input(0, 1)).end_step().receive(peer, output(0, 1)); });
  };
  EXPECT_EQ(
      Toy().verdict({selfish(1), selfish(0)}),
      "rank 0 step 0: sends 1 elements with tag 0 to rank 1, which waits in its step 0: nobody can go on");
}

TEST(Check, a_message_to_itself_needs_one_step) {
  const Toy toy;
  EXPECT_EQ(toy.verdict({plan([](auto& b) { b.send(0, input(0, 2)).receive(0, output(0, 2)); })}), "");
  EXPECT_EQ(
      toy.verdict({plan([](auto& b) { b.send(0, input(0, 2)).end_step().receive(0, output(0, 2)); })}),
      "rank 0 step 0: sends 2 elements with tag 0 to rank 0, which waits in its step 0: nobody can go on");
}

TEST(Check, what_was_never_written_is_not_read) {
  EXPECT_EQ(Toy().verdict({plan([](auto& b) {
    b.copy(input(0, 2), output(0, 2)).end_step();
    b.copy(output(1, 3), output(4, 3));
  })}),
            "rank 0 step 1: output [1, 4) of rank 0 is read, but element 2 was never written");
}

TEST(Check, contributions_count_once_and_belong_together) {
  const Toy toy;
  EXPECT_EQ(toy.verdict({plan([](auto& b) { b.reduce(input(0, 2), input(1, 2), output(0, 2)); })}),
            "rank 0 step 0: reduces input element 0 into element 1 for output [0, 2)");
  EXPECT_EQ(
      toy.verdict({plan([](auto& b) { b.reduce(input(0, 2), input(0, 2), output(0, 2)); })}),
      "rank 0 step 0: element 0 of output [0, 2) would count a contribution twice: rank 0 meets rank 0");
}

TEST(Check, the_contract_names_what_is_wrong) {
  Toy toy;
  toy.pattern.contract = [](const Problem& p) -> std::vector<Piece> {
    if (p.rank != 0) return {};
    return {{0, 4, Piece::all_ranks, 0}, {4, 2, 1, 6}};
  };
  const auto take = [](Range sum, Range other) {
    return plan([&](auto& b) { b.receive_reduce(1, output(0, 4), sum).receive(1, other).end_step(); });
  };
  const auto give = [](Range last) { return plan([&](auto& b) { b.send(0, input(0, 4)).send(0, last); }); };
  EXPECT_EQ(toy.verdict({take(input(0, 4), output(4, 2)), give(input(6, 2))}), "");
  EXPECT_EQ(toy.verdict({take(input(0, 4), output(4, 2)), give(input(5, 2))}),
            "rank 0 step 1: output element 4 holds input element 5 of rank 1, not element 6 of rank 1");
  EXPECT_EQ(toy.verdict({take(input(0, 4), output(5, 2)), give(input(6, 2))}),
            "rank 0 step 1: output element 4 is never written");
  EXPECT_EQ(toy.verdict({plan([](auto& b) { b.copy(input(0, 6), output(0, 6)); }), idle()}),
            "rank 0 step 1: output element 0 holds input element 0 of rank 0, not element 0 of ranks 0-1");
}

TEST(Check, a_barrier_needs_word_of_everybody) {
  Toy toy;
  toy.pattern.synchronizes = true;
  const auto tell = [](int peer) { return [=](auto& b) { b.send(peer, input(0, 1)); }; };
  EXPECT_EQ(toy.verdict({plan(tell(1)), plan([](auto& b) { b.receive(0, output(0, 1)); })}),
            "rank 0 step 1: leaves without having heard, even through others, of rank 1");
  const auto swap = [](int peer) {
    return plan([=](auto& b) { b.send(peer, input(0, 1)).receive(peer, output(0, 1)); });
  };
  EXPECT_EQ(toy.verdict({swap(1), swap(0)}), "");
}

// One-sided access: rank 0 puts into rank 1's output, or gets from it.
TEST(OneSided, needs_no_order_where_nobody_else_touches) {
  const Toy toy;
  const Schedule puts = plan([](auto& b) { b.put(1, input(0, 4), output(0, 4)); });
  EXPECT_EQ(toy.verdict({puts, plan([](auto& b) { b.copy(input(0, 4), output(4, 4)); })}), "");
}

TEST(OneSided, a_read_beside_a_put_is_a_fault) {
  const Schedule puts = plan([](auto& b) { b.put(1, input(0, 4), output(0, 4)); });
  const Schedule reads = plan([](auto& b) { b.copy(output(3, 1), scratch(0, 1)); }, 1);
  EXPECT_EQ(Toy().verdict({puts, reads}),
            "rank 1 step 0: touches output [3, 4) of rank 1 while step 0 of rank 0 may touch it");
}

TEST(OneSided, a_message_after_the_put_orders_the_read) {
  const Toy toy;
  const auto puts = [](bool same_step) {
    return plan([=](ScheduleBuilder& b) {
      b.put(1, input(0, 4), output(0, 4));
      if (!same_step) b.end_step();
      b.send(1, input(0, 1));
    });
  };
  const Schedule reads = plan(
      [](auto& b) {
        b.receive(0, scratch(0, 1)).end_step();
        b.copy(output(3, 1), scratch(1, 1));
      },
      2);
  EXPECT_EQ(toy.verdict({puts(false), reads}), "");
  // A message that leaves together with the put says nothing of it.
  EXPECT_NE(toy.verdict({puts(true), reads}), "");
}

TEST(OneSided, a_message_orders_a_put_behind_a_use) {
  const Toy toy;
  const Schedule puts = plan(
      [](auto& b) {
        b.receive(1, scratch(0, 1)).end_step();
        b.put(1, input(0, 4), output(0, 4));
      },
      1);
  EXPECT_EQ(toy.verdict({puts, plan([](auto& b) {
                           b.copy(input(0, 4), output(0, 4)).end_step();
                           b.send(0, output(0, 1)).end_step();
                         })}),
            "rank 0 step 1: touches output [0, 4) of rank 1 while step 1 of rank 1 may touch it");
  EXPECT_EQ(toy.verdict({puts, plan([](auto& b) {
                           b.copy(input(0, 4), output(0, 4)).end_step();
                           b.send(0, input(0, 1)).end_step();
                         })}),
            "");
}

TEST(OneSided, two_puts_of_different_ranks_collide) {
  const Schedule puts = plan([](auto& b) { b.put(2, input(0, 4), output(0, 4)); });
  EXPECT_EQ(Toy().verdict({puts, puts, idle()}),
            "rank 1 step 0: touches output [0, 4) of rank 2 while step 0 of rank 0 may touch it");
}

TEST(OneSided, gets_read_what_was_written_before) {
  const Toy toy;
  const Schedule gets = plan([](auto& b) { b.get(1, output(0, 2), output(0, 2)); });
  EXPECT_EQ(toy.verdict({gets, idle()}),
            "rank 0 step 0: output [0, 2) of rank 1 is read, but element 0 was never written");
  EXPECT_EQ(toy.verdict({plan([](auto& b) { b.get(1, input(0, 2), output(0, 2)); }), idle()}), "");
}

}  // namespace

}  // namespace podbench
