#include "bench/case.hpp"

#include "bench/parameters.hpp"

namespace podbench {

Problem problem_of(const PlannedCase& planned, int rank, std::span<const int> node_of_rank) {
  Problem problem;
  problem.rank = rank;
  problem.ranks = planned.ranks;
  problem.count = planned.count();
  problem.parameters = planned.parameters;
  problem.node_of_rank = node_of_rank;
  return problem;
}

namespace {

// The parameters that make a difference here and are not the default, by their names on the command line.
std::map<std::string, std::string> options_of(const PlannedCase& planned) {
  const Pattern* pattern = find_pattern(planned.pattern);
  const Algorithm* algorithm = find_algorithm(planned.pattern, planned.algorithm);
  const std::uint32_t knobs = (pattern ? pattern->knobs : 0) | (algorithm ? algorithm->knobs : 0);
  std::map<std::string, std::string> options;
  for (const ParameterOption& option : parameter_options())
    if ((option.knobs & knobs) != 0)
      if (std::string value = identity(option, planned.parameters); !value.empty())
        options[std::string(option.name)] = std::move(value);
  options.insert(planned.labels.begin(), planned.labels.end());
  return options;
}

}  // namespace

CaseKey key_of(const PlannedCase& planned, int nodes, const std::string& sync) {
  const Pattern* pattern = find_pattern(planned.pattern);
  CaseKey key;
  key.transport = planned.transport;
  key.pattern = planned.pattern;
  key.algorithm = planned.algorithm;
  key.datatype = name_of(planned.type);
  if (pattern && pattern->reduces) key.op = name_of(planned.op);
  key.bytes = planned.bytes;
  key.ranks = planned.ranks;
  key.nodes = nodes;
  key.cadence = planned.cadence == Cadence::streaming ? "streaming" : "isolated";
  key.sync = sync;
  key.buffers = planned.buffers == BufferKind::transport ? "transport" : "private";
  key.options = options_of(planned);
  return key;
}

std::string name_of(const PlannedCase& planned) {
  return key_of(planned, 1, "").name();
}

}  // namespace podbench
