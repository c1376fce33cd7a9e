#include "patterns/imported/imported_schedule.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace podbench {

namespace {

void check_shares(const imported::MscclFile& file) {
  const std::size_t gpus = file.gpus.size();
  if (file.chunks % gpus != 0)
    throw RequestError(
        fmt::format("{}: nchunksperloop=\"{}\" of an {} over {} gpus; a multiple of {} would be right",
                    file.where(file.line), file.chunks, file.collective, gpus, gpus));
}

}  // namespace

std::shared_ptr<const ImportedSchedule> parse_msccl(SourceText source) {
  const imported::MscclFile file = imported::read_msccl_file(source);
  const imported::Collective* collective = imported::find_collective(file.collective);
  if (collective == nullptr)
    throw RequestError(fmt::format("{}: coll=\"{}\" is no pattern here; {} are possible",
                                   file.where(file.line), file.collective, imported::collective_names()));
  if (collective->input_is_share || collective->output_is_share || collective->pattern == "alltoall")
    check_shares(file);
  const imported::Program program = imported::program_of(file, *collective);
  const imported::Levels levels = imported::levels_of(file, program);
  ImportedSchedule schedule{std::move(source), collective->pattern, file.chunks,
                            imported::rank_plans(file, *collective, program, levels)};
  return std::make_shared<const ImportedSchedule>(std::move(schedule));
}

}  // namespace podbench
