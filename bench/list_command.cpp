// `podbench list`: the transports, patterns, suites and workloads that are here.
#include <fmt/format.h>

#include "bench/commands.hpp"
#include "bench/listing.hpp"
#include "bench/parameters.hpp"
#include "bench/suite.hpp"
#include "patterns/pattern.hpp"
#include "patterns/training_step/workload.hpp"
#include "transports/registry.hpp"

namespace podbench {
namespace {

Listing list_transports() {
  Listing listing{{"transport", "usable", "description", "detail"}, {}};
  const Registry registry;
  for (const TransportEntry& entry : registry.entries())
    listing.rows.push_back({entry.spec(), entry.usable() ? "yes" : "no", entry.description,
                            entry.usable() ? entry.device.detail : entry.device.unusable_reason});
  return listing;
}

Listing list_patterns() {
  Listing listing{{"pattern", "algorithm", "summary", "source"}, {}};
  for (const Pattern* pattern : all_patterns())
    for (const Algorithm* algorithm : algorithms_of(pattern->name))
      listing.rows.push_back({std::string(pattern->name), std::string(algorithm->name),
                              std::string(algorithm->summary), std::string(algorithm->source)});
  return listing;
}

Listing list_suites() {
  Listing listing{{"suite", "summary"}, {}};
  for (const BuiltInSuite& built_in : built_in_suites())
    listing.rows.push_back({std::string(built_in.name), load_suite(std::string(built_in.name)).summary});
  return listing;
}

Listing list_workloads() {
  Listing listing{{"workload", "parts", "source"}, {}};
  for (const BuiltInText& built_in : built_in_workloads()) {
    const auto workload = parse_workload({std::string(built_in.name), std::string(built_in.text)});
    listing.rows.push_back(
        {std::string(built_in.name), fmt::format("{}", workload->parts.size()), workload->source});
  }
  return listing;
}

}  // namespace

ExitCode list_command(const ListRequest& request) {
  if (request.what == "transports")
    print(list_transports(), request.format);
  else if (request.what == "patterns")
    print(list_patterns(), request.format);
  else if (request.what == "suites")
    print(list_suites(), request.format);
  else
    print(list_workloads(), request.format);
  return ExitCode::good;
}

}  // namespace podbench
