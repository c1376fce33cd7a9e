#include "patterns/imported/levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace podbench::imported {

namespace {

constexpr std::size_t most_named = 8;

class Leveller {
 public:
  Leveller(const MscclFile& file, const Program& program) : file_(file), program_(program) {
    const std::size_t parts = program.parts.size();
    levels_.of.assign(parts, 0);
    levels_.order.reserve(parts);
    missing_.assign(parts, 0);
    transfer_from_.assign(parts, 1);
    local_from_.assign(parts, 1);
    for (const PartId after : program.waiting) ++missing_[after];
  }

  Levels run() {
    for (PartId part = 0; part < program_.parts.size(); ++part)
      if (missing_[part] == 0) ready_.push_back(part);
    do {
      for (; next_ < ready_.size(); ++next_) try_part(ready_[next_]);
    } while (send_ahead());
    if (levels_.order.size() < program_.parts.size()) fail_with_cycle();
    return std::move(levels_);
  }

 private:
  [[nodiscard]] const Part& part_of(PartId part) const { return program_.parts[part]; }
  [[nodiscard]] bool is_over(PartId part) const { return levels_.of[part] != 0; }

  // All that the part waits for on its own GPU is over.
  void try_part(PartId part) {
    if (is_over(part)) return;
    const Part& p = part_of(part);
    if (p.kind == PartKind::copy || p.kind == PartKind::reduce) return finish(part, local_from_[part]);
    if (p.kind == PartKind::receive && is_over(p.other))
      return finish(part, std::max(local_from_[part], levels_.of[p.other]));
    if (missing_[p.other] == 0) {
      const std::uint32_t level = std::max(transfer_from_[part], transfer_from_[p.other]);
      finish(p.kind == PartKind::send ? part : p.other, level);
      finish(p.kind == PartKind::send ? p.other : part, level);
    } else if (p.kind == PartKind::send) {
      held_up_.push_back(part);
    }
  }

  // Transfers stand before the local actions of a step, and a send holds nothing up that is posted with it.
  void finish(PartId part, std::uint32_t level) {
    levels_.of[part] = level;
    levels_.order.push_back(part);
    const std::uint32_t next_transfer = part_of(part).kind == PartKind::send ? level : level + 1;
    for (std::uint32_t i = program_.first_waiting[part]; i < program_.first_waiting[part + 1]; ++i) {
      const PartId after = program_.waiting[i];
      transfer_from_[after] = std::max(transfer_from_[after], next_transfer);
      local_from_[after] = std::max(local_from_[after], level);
      if (--missing_[after] == 0) ready_.push_back(after);
    }
  }

  // Nothing else can go on: every send that waits only for its receive goes without it.
  bool send_ahead() {
    bool any = false;
    for (const PartId send : std::exchange(held_up_, {})) {
      if (is_over(send)) continue;
      any = true;
      finish(send, transfer_from_[send]);
    }
    return any;
  }

  [[noreturn]] void fail_with_cycle() const {
    std::vector<PartId> blocker(program_.parts.size(), no_part);
    for (PartId part = 0; part < program_.parts.size(); ++part) {
      if (is_over(part)) continue;
      const Part& p = part_of(part);
      if (p.kind == PartKind::receive && !is_over(p.other)) blocker[part] = p.other;
      for (std::uint32_t i = program_.first_waiting[part]; i < program_.first_waiting[part + 1]; ++i)
        blocker[program_.waiting[i]] = part;
    }
    // Whoever is not over waits for somebody who is not over: going there again and again ends in a cycle.
    auto at = static_cast<PartId>(std::ranges::find(levels_.of, 0U) - levels_.of.begin());
    for (std::size_t i = 0; i < program_.parts.size(); ++i) at = blocker[at];
    const PartId begin = at;
    std::string chain = program_.describe(at);
    std::size_t named = 0;
    do {
      const PartId before = at;
      at = blocker[at];
      if (part_of(at).step == part_of(before).step && part_of(at).block == part_of(before).block &&
          part_of(at).gpu == part_of(before).gpu)
        continue;
      if (++named <= most_named) chain += " waits for " + program_.describe(at);
    } while (at != begin);
    if (named > most_named) chain += fmt::format(" and so on, {} waits in all", named);
    throw RequestError(file_.where(part_of(begin).line) + ": a cycle, which never ends: " + chain);
  }

  const MscclFile& file_;
  const Program& program_;
  Levels levels_;
  std::vector<std::uint32_t> missing_;                     // how many that a part waits for are not over
  std::vector<std::uint32_t> transfer_from_, local_from_;  // the first level possible as one or the other
  std::vector<PartId> ready_, held_up_;
  std::size_t next_ = 0;
};

}  // namespace

Levels levels_of(const MscclFile& file, const Program& program) {
  return Leveller(file, program).run();
}

}  // namespace podbench::imported
