// `podbench doctor`: this machine, or every node of a launch, examined for what spoils numbers.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bench/commands.hpp"
#include "bench/launch_shape.hpp"
#include "bench/listing.hpp"
#include "bench/machine/doctor.hpp"
#include "bench/machine/record.hpp"
#include "bench/node_records.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/launch_environment.hpp"
#include "bench/shared_text.hpp"
#include "bench/terminal.hpp"
#include "transports/registry.hpp"

namespace podbench {
namespace {

constexpr auto gathering_time = std::chrono::seconds(60);

std::vector<UnusableTransport> unusable_transports() {
  std::vector<UnusableTransport> unusable;
  const Registry registry;
  for (const TransportEntry& entry : registry.entries())
    if (!entry.usable()) unusable.push_back({entry.spec(), entry.device.unusable_reason});
  return unusable;
}

// The findings of all nodes, on the lead; nothing elsewhere.
std::vector<MachineFinding> examine(Rendezvous& rendezvous) {
  const LaunchShape shape = shape_of(rendezvous);
  const int rank = rendezvous.rank();
  if (shape.first_on_its_node(rank)) {
    const Examination here =
        examination_here(rendezvous.host(rank), shape.ranks_on_node_of(rank), unusable_transports());
    publish_text(rendezvous, "findings", findings_to_json(examine_node(here)));
  }
  const std::vector<NodeRecord> nodes = gather_nodes(rendezvous, shape);
  std::vector<MachineFinding> findings;
  if (rank != 0) return findings;
  for (int other = 0; other < rendezvous.size(); ++other) {
    if (!shape.first_on_its_node(other)) continue;
    const std::string text = lookup_text(rendezvous, other, "findings", Deadline::after(gathering_time));
    for (MachineFinding& finding : findings_from_json(text)) findings.push_back(std::move(finding));
  }
  for (MachineFinding& finding : compare_nodes(nodes)) findings.push_back(std::move(finding));
  sort_findings(findings);
  return findings;
}

void print_findings(const std::vector<MachineFinding>& findings, const std::string& format) {
  if (format == "json") return fmt::print("{}\n", findings_to_json(findings));
  if (format == "table") return fmt::print("{}", findings_text(findings, terminal_colour()));
  Listing listing{{"node", "id", "severity", "what", "effect", "mend"}, {}};
  for (const MachineFinding& f : findings)
    listing.rows.push_back({f.node, f.id, std::string(name_of(f.severity)), f.what, f.effect, f.mend});
  print(listing, format);
}

}  // namespace

ExitCode doctor_command(const DoctorRequest& request) {
  const LaunchEnvironment environment = detect_launch_environment();
  if (environment.kind == LaunchKind::unsupported) throw RequestError(environment.reason);
  const std::unique_ptr<Rendezvous> rendezvous = join_launch(Deadline::after(gathering_time));
  const std::vector<MachineFinding> findings = examine(*rendezvous);
  if (rendezvous->rank() == 0) print_findings(findings, request.format);
  const bool spoilt = std::any_of(findings.begin(), findings.end(),
                                  [](const MachineFinding& f) { return f.severity != Severity::info; });
  return spoilt ? ExitCode::check_failed : ExitCode::good;
}

}  // namespace podbench
