#include "patterns/imported/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/error.hpp"

namespace podbench::imported {

namespace {

bool receives(StepType type) {
  return type != StepType::send && type != StepType::copy && type != StepType::reduce &&
         type != StepType::nop;
}
bool sends(StepType type) {
  return type == StepType::send || type == StepType::receive_copy_send ||
         type == StepType::receive_reduce_send || type == StepType::receive_reduce_copy_send;
}
bool reduces_on_receipt(StepType type) {
  return type == StepType::receive_reduce_send || type == StepType::receive_reduce_copy ||
         type == StepType::receive_reduce_copy_send;
}

// The two ends of a connection: which block has each, and its parts in order.
struct End {
  int block = -1;
  std::vector<PartId> parts;
};
struct Connection {
  End sender, receiver;
};

class Builder {
 public:
  Builder(const MscclFile& file, const Collective& collective) : file_(file), collective_(collective) {}

  Program build() {
    for (gpu_ = 0; gpu_ < static_cast<int>(file_.gpus.size()); ++gpu_) add_gpu();
    pair_up();
    index_edges();
    return std::move(program_);
  }

 private:
  // The last part of each step of a block; no_part for a nop.
  using LastParts = std::vector<PartId>;

  template <typename... Arguments>
  [[noreturn]] void fail(int line, fmt::format_string<Arguments...> text, Arguments&&... arguments) const {
    throw RequestError(file_.where(line) + ": " + fmt::format(text, std::forward<Arguments>(arguments)...));
  }

  [[nodiscard]] const FileGpu& gpu() const { return file_.gpus[static_cast<std::size_t>(gpu_)]; }

  void add_gpu() {
    layout_ = layout_of(file_, collective_, gpu_);
    check_chunks(gpu().input_chunks, layout_.inputs, "i_chunks");
    const Cell share = file_.chunks / static_cast<Cell>(file_.gpus.size());
    check_chunks(gpu().output_chunks, collective_.output_is_share ? share : file_.chunks, "o_chunks");
    std::vector<LastParts> last_parts;
    std::vector<std::pair<PartId, const FileStep*>> waits;  // which parts wait for what a step names
    for (const FileBlock& block : gpu().blocks) last_parts.push_back(add_block(block, waits));
    for (const auto& [part, step] : waits) edges_.emplace_back(awaited(*step, last_parts), part);
  }

  void check_chunks(std::uint32_t declared, Cell right, const char* attribute) const {
    if (declared != 0 && declared != right)
      fail(gpu().line, "{}=\"{}\" of gpu {}; with nchunksperloop=\"{}\" an {} over {} gpus has {} (or 0)",
           attribute, declared, gpu_, file_.chunks, file_.collective, file_.gpus.size(), right);
  }

  LastParts add_block(const FileBlock& block, std::vector<std::pair<PartId, const FileStep*>>& waits) {
    LastParts last_parts;
    std::vector<const FileStep*> awaited_by_nops;  // a nop makes the next step wait
    PartId before = no_part;
    for (const FileStep& step : block.steps) {
      if (step.awaited_block >= 0) awaited_by_nops.push_back(&step);
      if (step.type == StepType::nop) {
        last_parts.push_back(no_part);
        continue;
      }
      const PartId first = add_step(block, step);
      if (before != no_part) edges_.emplace_back(before, first);
      for (const FileStep* waiting : awaited_by_nops) waits.emplace_back(first, waiting);
      awaited_by_nops.clear();
      before = static_cast<PartId>(program_.parts.size() - 1);
      last_parts.push_back(before);
    }
    return last_parts;
  }

  // The parts of a step; the first of them.
  PartId add_step(const FileBlock& block, const FileStep& step) {
    const auto first = static_cast<PartId>(program_.parts.size());
    Part part{.channel = block.channel, .gpu = gpu_, .chunks = step.chunks};
    part.block = block.id;
    part.step = static_cast<int>(&step - block.steps.data());
    part.line = step.line;
    Cell result = temporary;
    if (receives(step.type)) {
      part.kind = PartKind::receive;
      part.peer = block.receive_peer;
      part.reduces = reduces_on_receipt(step.type);
      if (part.reduces) part.operand = cell_of(step, step.from, "srcoff");
      if (step.type != StepType::receive_reduce_send) result = cell_of(step, step.into, "dstoff");
      part.into = result;
      connect(block, part, connections_[{block.receive_peer, gpu_, block.channel}].receiver);
    }
    if (sends(step.type)) {
      part.kind = PartKind::send;
      part.reduces = false;
      part.peer = block.send_peer;
      part.from = step.type == StepType::send ? cell_of(step, step.from, "srcoff") : result;
      connect(block, part, connections_[{gpu_, block.send_peer, block.channel}].sender);
      const auto second = static_cast<PartId>(program_.parts.size() - 1);
      if (second != first) edges_.emplace_back(first, second);
    }
    if (step.type == StepType::copy || step.type == StepType::reduce) {
      part.kind = step.type == StepType::copy ? PartKind::copy : PartKind::reduce;
      part.from = cell_of(step, step.from, "srcoff");
      part.into = part.operand = cell_of(step, step.into, "dstoff");
      program_.parts.push_back(part);
    }
    return first;
  }

  [[nodiscard]] Cell cell_of(const FileStep& step, const Place& place, const char* attribute) const {
    const std::array declared{gpu().input_chunks, gpu().output_chunks, gpu().scratch_chunks};
    const std::int64_t chunks = declared[static_cast<std::size_t>(place.buffer)];
    if (place.first < 0 || place.first + step.chunks > chunks)
      fail(step.line,
           "{}=\"{}\" with cnt=\"{}\" is outside the {} chunks that gpu {} declares for this buffer",
           attribute, place.first, step.chunks, chunks, gpu_);
    return layout_.begin_of(place.buffer, file_.in_place) + static_cast<Cell>(place.first);
  }

  void connect(const FileBlock& block, const Part& part, End& end) {
    const bool out = part.kind == PartKind::send;
    if (part.peer < 0)
      fail(part.line, "the step {}, but {}=\"-1\" in its tb; a gpu would be right",
           out ? "sends" : "receives", out ? "send" : "recv");
    if (end.block >= 0 && end.block != block.id)
      fail(part.line, "tb {} {} gpu {} on channel {} already; another chan for tb {} would be right",
           end.block, out ? "sends to" : "receives from", part.peer, block.channel, block.id);
    end.block = block.id;
    end.parts.push_back(static_cast<PartId>(program_.parts.size()));
    program_.parts.push_back(part);
  }

  PartId awaited(const FileStep& step, const std::vector<LastParts>& last_parts) const {
    const auto& blocks = gpu().blocks;
    const auto block = std::ranges::lower_bound(blocks, step.awaited_block, {}, &FileBlock::id);
    if (block == blocks.end() || block->id != step.awaited_block)
      fail(step.line, "depid=\"{}\" is no tb of gpu {}; -1 means none", step.awaited_block, gpu_);
    const auto index = static_cast<std::size_t>(step.awaited_step);
    if (step.awaited_step < 0 || index >= block->steps.size())
      fail(step.line, "deps=\"{}\" is no step of tb {}, which has {}", step.awaited_step, block->id,
           block->steps.size());
    const PartId last = last_parts[static_cast<std::size_t>(block - blocks.begin())][index];
    if (last == no_part)
      fail(step.line, "deps=\"{}\" of tb {} is a nop, which nobody can wait for", step.awaited_step,
           block->id);
    if (!block->steps[index].is_awaited)
      fail(step.line, "waits for step {} of tb {}, which has hasdep=\"0\"; \"1\" there would be right",
           step.awaited_step, block->id);
    return last;
  }

  void pair_up() {
    for (const auto& [between, connection] : connections_) {
      const auto& [from, to, channel] = between;
      const auto &outgoing = connection.sender.parts, &incoming = connection.receiver.parts;
      for (std::size_t i = 0; i < std::min(outgoing.size(), incoming.size()); ++i) {
        Part &send = program_.parts[outgoing[i]], &receive = program_.parts[incoming[i]];
        if (send.chunks != receive.chunks)
          fail(send.line, "{} sends {} chunks, which {} (line {}) receives as {}",
               program_.describe(outgoing[i]), send.chunks, program_.describe(incoming[i]), receive.line,
               receive.chunks);
        send.other = incoming[i];
        receive.other = outgoing[i];
      }
      if (outgoing.size() == incoming.size()) continue;
      const bool more_sent = outgoing.size() > incoming.size();
      const PartId alone = more_sent ? outgoing[incoming.size()] : incoming[outgoing.size()];
      const std::size_t matched = std::min(outgoing.size(), incoming.size());
      const std::string_view theirs = more_sent ? "receives" : "sends";
      fail(program_.parts[alone].line, "{} {} gpu {} on channel {}, which {} there", program_.describe(alone),
           more_sent ? "sends to" : "receives from", more_sent ? to : from, channel,
           matched == 0 ? fmt::format("never {}", theirs) : fmt::format("{} only {} times", theirs, matched));
    }
  }

  void index_edges() {
    auto& first = program_.first_waiting;
    first.assign(program_.parts.size() + 1, 0);
    for (const auto& [before, after] : edges_) ++first[before + 1];
    for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    program_.waiting.resize(edges_.size());
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    for (const auto& [before, after] : edges_) program_.waiting[next[before]++] = after;
  }

  const MscclFile& file_;
  const Collective& collective_;
  int gpu_ = 0;
  Layout layout_;
  Program program_;
  std::vector<std::pair<PartId, PartId>> edges_;  // before, after
  std::map<std::tuple<int, int, std::uint16_t>, Connection> connections_;
};

}  // namespace

std::string Program::describe(PartId part) const {
  const Part& p = parts[part];
  return fmt::format("gpu {} tb {} step {}", p.gpu, p.block, p.step);
}

Program program_of(const MscclFile& file, const Collective& collective) {
  return Builder(file, collective).build();
}

}  // namespace podbench::imported
