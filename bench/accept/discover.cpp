#include "bench/accept/discover.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "analysis/pod/discover.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"
#include "bench/version.hpp"
#include "results/spool.hpp"

namespace podbench::accept {
namespace {

namespace fs = std::filesystem;

constexpr const char* default_name = "pod";

}  // namespace

Discovery::Discovery(const AcceptRequest& request) : out_(request.out) {
  if (!out_.empty() && fs::exists(out_))
    throw RequestError(fmt::format("--out {}: this file is there already; choose another name", out_));
  const std::string run_id = new_uuid();
  spool_ = fs::absolute(out_.empty() ? fs::path(fmt::format("discovery-{}.spool", run_id))
                                     : spool_folder_of(out_));
  RunRecord run;
  run.run_id = run_id;
  run.started_utc = utc_now();
  run.program_version = program_version();
  run.git_revision = git_revision();
  run.command_line = request.command_line;
  create_spool(spool_, run);
}

Discovery::~Discovery() {
  remove_spool(spool_);
}

AcceptOrder Discovery::order() const {
  AcceptOrder order;
  order.spool_folder = spool_;
  order.quiet = true;
  return order;
}

void Discovery::write() const {
  const std::string name = out_.empty() ? default_name : fs::path(out_).stem().string();
  const std::string text = discovered_pod(read_spool(spool_).run.nodes, name);
  if (out_.empty()) {
    fmt::print("{}", text);
    return;
  }
  replace_file(out_, text);
  fmt::print("pod file: {}\n", out_);
}

}  // namespace podbench::accept
