#include "bench/direct/program.hpp"

#include <algorithm>
#include <cstring>

#include "base/stream.hpp"

namespace podbench::direct {
namespace {

// Several operands, or several places for the result: in blocks that stay in the nearest cache. Past the
// caches the next block's operands are fetched while this one's result is written, and must stay there, too.
constexpr std::size_t block_bytes = 8 * 1024, streamed_bytes = 2 * 1024;

void advance(std::array<std::uint64_t, 3>& base, const Totals& run) {
  base[static_cast<std::size_t>(Counter::announced)] += run.announced;
  base[static_cast<std::size_t>(Counter::taken)] += run.taken;
  base[static_cast<std::size_t>(Counter::given)] += run.given;
}

bool may_overlap(const Combine& combine) {
  const Source& source = combine.sources.front();
  const Target& target = combine.targets.front();
  return combine.sources.size() == 1 && source.rank == target.rank &&
         source.range.buffer == target.range.buffer;
}

}  // namespace

const Cell& Program::Part::slot() const noexcept {
  return link->theirs->cells[(link->their_cells + cell) % cell_count];
}
bool Program::Part::there() const noexcept {
  return slot().number.load(std::memory_order_acquire) == link->their_cells + cell + 1;
}
const std::byte* Program::Part::begin() const noexcept {
  return address != nullptr ? address : slot().payload;
}

Program::Program(const Plan& plan, const Setting& setting)
    : setting_(setting),
      bases_(setting.bases.begin(), setting.bases.end()),
      ours_(plan.ours),
      theirs_(plan.theirs) {
  for (const Step& step : plan.steps) phases_.push_back(resolve(step));
  end_ = resolve(plan.end);
}

std::byte* Program::address(int rank, const Range& range) const {
  return bases_[static_cast<std::size_t>(rank)][static_cast<std::size_t>(range.buffer)] +
         range.first * setting_.element_bytes;
}

std::vector<Program::Await> Program::resolve(std::span<const Wait> waits) const {
  std::vector<Await> resolved;
  for (const Wait& wait : waits) {
    const Link& from = link(wait.peer);
    const auto counter = static_cast<std::size_t>(wait.counter);
    resolved.push_back(
        {&from.theirs->line.counters[counter], &from.their_base[counter], wait.value, wait.peer});
  }
  return resolved;
}

std::vector<Program::Tell> Program::resolve(std::span<const Signal> signals) const {
  std::vector<Tell> resolved;
  for (const Signal& signal : signals) {
    const Link& to = link(signal.peer);
    const auto counter = static_cast<std::size_t>(signal.counter);
    resolved.push_back({&to.ours->line.counters[counter], &to.our_base[counter], signal.value});
  }
  return resolved;
}

Program::Work Program::resolve(const Combine& combine) const {
  Work work;
  work.bytes = combine.targets.front().range.count * setting_.element_bytes;
  for (const Source& source : combine.sources) {
    const bool in_cell = source.cell != Source::no_cell;
    work.parts.push_back({in_cell ? nullptr : address(source.rank, source.range), &link(source.rank),
                          source.cell, source.rank});
  }
  for (const Target& target : combine.targets) {
    // A copy within one buffer may overlap itself, which only whole it survives.
    const bool past_caches = setting_.past_caches && !target.read_again && !may_overlap(combine);
    work.places.push_back({address(target.rank, target.range), past_caches});
    work.streams = work.streams || past_caches;
  }
  work.awaits = resolve(combine.waits);
  work.tells = resolve(combine.signals);
  work.after = combine.after;
  return work;
}

Program::Phase Program::resolve(const Step& step) const {
  Phase phase;
  phase.before = resolve(step.before);
  phase.announcements = resolve(step.announcements);
  for (const CellSend& cell : step.cells)
    phase.cells.push_back({&link(cell.peer), cell.cell, address(setting_.rank, cell.from),
                           cell.from.count * setting_.element_bytes, cell.peer});
  for (const Combine& combine : step.arrivals) phase.arrivals.push_back(resolve(combine));
  phase.arrived = resolve(step.arrived);
  for (const Combine& combine : step.locals) phase.locals.push_back(resolve(combine));
  return phase;
}

void Program::run() {
  for (Phase& phase : phases_) {
    wait_for(phase.before);
    tell(phase.announcements);
    for (const CellPut& cell : phase.cells) put(cell);
    if (!phase.arrivals.empty()) take(phase.arrivals);
    wait_for(phase.arrived);
    for (Work& work : phase.locals) {
      wait_for(work.awaits);
      for (const Part& part : work.parts)
        if (part.address == nullptr && !part.there()) wait_until([&] { return part.there(); }, part.peer);
      perform(work);
    }
  }
  wait_for(end_);
  end_run();
}

template <typename Ready>
void Program::wait_until(const Ready& ready, int peer) {
  for (int looks = setting_.patience.looks(); looks > 0; --looks)
    if (ready()) return;
  setting_.patience.begin(peer);
  while (!ready()) setting_.patience.pause();
  setting_.patience.end();
}

void Program::wait_for(std::span<const Await> awaits) {
  for (const Await& await : awaits)
    if (!await.met()) wait_until([&] { return await.met(); }, await.peer);
}

void Program::put(const CellPut& put) {
  Link& link = *put.link;
  const std::uint64_t number = link.our_cells + put.cell + 1;
  const auto has_room = [&] {
    link.emptied = link.theirs->line.emptied.load(std::memory_order_acquire);
    return number <= link.emptied + cell_count;
  };
  if (number > link.emptied + cell_count) wait_until(has_room, put.peer);
  Cell& cell = link.ours->cells[(number - 1) % cell_count];
  std::memcpy(cell.payload, put.from, put.bytes);
  cell.number.store(number, std::memory_order_release);
}

// What arrives in a step is done as it comes.
void Program::take(std::vector<Work>& arrivals) {
  for (Work& work : arrivals) work.done = false;
  std::size_t left = arrivals.size();
  const auto look = [&] {
    for (Work& work : arrivals) {
      if (work.done || !ready(arrivals, work)) continue;
      perform(work);
      work.done = true;
      --left;
    }
    return left == 0;
  };
  if (look()) return;
  wait_until(look, awaited_peer(arrivals));
}

bool Program::ready(const std::vector<Work>& all, const Work& work) {
  return std::all_of(work.after.begin(), work.after.end(), [&](std::uint32_t i) { return all[i].done; }) &&
         std::all_of(work.awaits.begin(), work.awaits.end(),
                     [](const Await& await) { return await.met(); }) &&
         std::all_of(work.parts.begin(), work.parts.end(),
                     [](const Part& part) { return part.address != nullptr || part.there(); });
}

// One of the peers for which the step waits.
int Program::awaited_peer(const std::vector<Work>& arrivals) {
  for (const Work& work : arrivals) {
    if (work.done) continue;
    for (const Await& await : work.awaits)
      if (!await.met()) return await.peer;
    for (const Part& part : work.parts)
      if (part.address == nullptr && !part.there()) return part.peer;
  }
  return 0;
}

void Program::perform(Work& work) {
  combine(work);
  if (work.streams) stream_fence();
  tell(work.tells);
}

void Program::combine(const Work& work) const {
  const std::byte* first = work.parts[0].begin();
  std::byte* into = work.places[0].address;
  const bool simple = work.places.size() == 1 && !work.streams;
  if (work.parts.size() == 1 && simple) {
    if (into != first) std::memmove(into, first, work.bytes);
  } else if (work.parts.size() == 2 && simple) {
    setting_.reduce(into, first, work.parts[1].begin(), work.bytes);
  } else if (work.parts.size() == 1 && work.places.size() == 1) {
    stream_copy(into, first, work.bytes);
  } else {
    const std::size_t block = work.streams ? streamed_bytes : block_bytes;
    for (std::size_t at = 0; at < work.bytes; at += block)
      combine_block(work, at, std::min(block, work.bytes - at));
  }
}

// The operands' next blocks, shared out among the places while whose writing they are fetched.
std::span<const std::byte* const> Program::next_operands(const Work& work, std::size_t place, std::size_t at,
                                                         std::span<const std::byte*> room) {
  if (at + 2 * streamed_bytes > work.bytes) return {};
  std::size_t count = 0;
  for (std::size_t i = place; i < work.parts.size() && count < room.size(); i += work.places.size())
    room[count++] = work.parts[i].begin() + at + streamed_bytes;
  return room.first(count);
}

void Program::combine_block(const Work& work, std::size_t at, std::size_t bytes) const {
  alignas(64) std::byte near[block_bytes];
  std::byte* result = work.streams ? near : work.places[0].address + at;
  if (work.parts.size() == 1) {
    std::memmove(result, work.parts[0].begin() + at, bytes);
  } else {
    setting_.reduce(result, work.parts[0].begin() + at, work.parts[1].begin() + at, bytes);
    for (std::size_t i = 2; i < work.parts.size(); ++i)
      setting_.reduce(result, result, work.parts[i].begin() + at, bytes);
  }
  for (std::size_t i = 0; i < work.places.size(); ++i) {
    const Place& place = work.places[i];
    std::array<const std::byte*, 8> room;
    if (place.address + at == result) continue;
    if (place.past_caches)
      stream_copy(place.address + at, result, bytes, next_operands(work, i, at, room));
    else
      std::memcpy(place.address + at, result, bytes);
  }
}

void Program::tell(std::span<const Tell> tells) noexcept {
  for (const Tell& tell : tells) tell.counter->store(*tell.base + tell.value, std::memory_order_release);
}

void Program::end_run() {
  for (std::size_t peer = 0; peer < ours_.size(); ++peer) {
    Link& link = setting_.links[peer];
    const Totals &ours = ours_[peer], &theirs = theirs_[peer];
    advance(link.our_base, ours);
    advance(link.their_base, theirs);
    link.our_cells += ours.cells;
    if (theirs.cells == 0) continue;
    link.their_cells += theirs.cells;
    link.ours->line.emptied.store(link.their_cells, std::memory_order_release);
  }
}

}  // namespace podbench::direct
