// Commands that look and measure nothing: list, doctor, verify.
#include "base/error.hpp"
#include "bench/options/add.hpp"
#include "bench/options/typed_parameters.hpp"
#include "bench/parameters.hpp"

namespace podbench {

void add_list(CLI::App& app, Invocation& chosen) {
  CLI::App& list = *app.add_subcommand("list", "What is here: transports, patterns, suites, workloads");
  ListRequest& request = request_of<ListRequest>(list, chosen);
  list.add_option("what", request.what, "transports, patterns, suites or workloads")
      ->required()
      ->check(CLI::IsMember({"transports", "patterns", "suites", "workloads"}));
  add_format(list, request.format);
  list.footer("Examples:\n  podbench list transports\n  podbench list patterns --format json");
}

void add_doctor(CLI::App& app, Invocation& chosen) {
  CLI::App& doctor =
      *app.add_subcommand("doctor", "What will spoil numbers on this machine, and how to mend it");
  DoctorRequest& request = request_of<DoctorRequest>(doctor, chosen);
  add_format(doctor, request.format);
  doctor.footer("Examples:\n  podbench doctor\n  mpirun -n 4 --map-by node podbench doctor");
}

void add_verify(CLI::App& app, Invocation& chosen) {
  CLI::App& verify = *app.add_subcommand("verify", "Prove schedules before anything runs");
  auto typed = std::make_shared<TypedParameters>();
  VerifyRequest& request = request_of<VerifyRequest>(verify, chosen, [typed](VerifyRequest& whole) {
    whole.parameters = read_parameters(*typed);
    if (typed->contains("root") && !whole.parameters.schedule)
      throw RequestError("--root goes with --schedule; the catalogue is proved for several roots");
  });
  verify.add_option("--pattern", request.patterns, "Patterns (default: all)")->delimiter(',');
  verify.add_option("--algorithm", request.algorithms, "Algorithms (default: all)")->delimiter(',');
  verify.add_option("--ranks", request.ranks, "Rank counts to prove: 1:512 (default 1:64)");
  add_parameters(verify, *typed, knob_schedule | knob_root);
  add_format(verify, request.format);
  verify.footer(
      "Examples:\n  podbench verify\n  podbench verify --pattern allreduce --algorithm ring --ranks 1:512\n"
      "  podbench verify --schedule allreduce_ring_4.xml");
}

}  // namespace podbench
