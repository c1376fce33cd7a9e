#include "patterns/pair/pair.hpp"

namespace podbench::pair {

std::uint64_t one_way_input_count(const Problem& problem) {
  return role_of(problem) == Role::last ? acknowledgement_count : first_count(problem);
}

Schedule one_way_window(const Problem& problem) {
  ScheduleBuilder plan;
  if (role_of(problem) == Role::first) {
    send_window(plan, problem);
    plan.end_step();
    plan.receive(partner_of(problem), plan.reserve_scratch(acknowledgement_count), acknowledgement_tag);
  } else if (role_of(problem) == Role::last) {
    receive_window(plan, problem);
    plan.end_step();
    plan.send(partner_of(problem), input(0, acknowledgement_count), acknowledgement_tag);
  }
  return plan.take();
}

}  // namespace podbench::pair
