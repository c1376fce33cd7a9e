#include "results/codec.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "results/codec_fields.hpp"
#include "results/codec_telemetry.hpp"
#include "results/layout.hpp"

namespace podbench {
namespace {

using nlohmann::json;

json key_to_json(const CaseKey& key) {
  return {{"transport", key.transport}, {"pattern", key.pattern}, {"algorithm", key.algorithm},
          {"datatype", key.datatype},   {"op", key.op},           {"bytes", key.bytes},
          {"ranks", key.ranks},         {"nodes", key.nodes},     {"cadence", key.cadence},
          {"sync", key.sync},           {"buffers", key.buffers}, {"options", key.options}};
}

CaseKey key_from_json(const json& object) {
  const Fields fields(object);
  CaseKey key;
  fields.read("transport", key.transport);
  fields.read("pattern", key.pattern);
  fields.read("algorithm", key.algorithm);
  fields.read("datatype", key.datatype);
  fields.read("op", key.op);
  fields.read("bytes", key.bytes);
  fields.read("ranks", key.ranks);
  fields.read("nodes", key.nodes);
  fields.read("cadence", key.cadence);
  fields.read("sync", key.sync);
  fields.read("buffers", key.buffers);
  fields.read("options", key.options);
  return key;
}

WrongData wrong_from_json(const json& object) {
  const Fields fields(object);
  WrongData wrong;
  fields.read("rank", wrong.rank);
  fields.read("element", wrong.element);
  fields.read("expected", wrong.expected);
  fields.read("found", wrong.found);
  fields.read("wrong_elements", wrong.wrong_elements);
  return wrong;
}

RunRecord run_from_json(const Fields& fields) {
  RunRecord run;
  fields.read("run_id", run.run_id);
  fields.read("started_utc", run.started_utc);
  fields.read("pod", run.pod);
  fields.read("program_version", run.program_version);
  fields.read("git_revision", run.git_revision);
  fields.read("command_line", run.command_line);
  fields.read("config", run.config);
  fields.read("seed", run.seed);
  fields.read("planned_cases", run.planned_cases);
  fields.read("complete", run.complete);
  return run;
}

LaunchRecord launch_from_json(const Fields& fields) {
  LaunchRecord launch;
  fields.read("launch", launch.launch);
  fields.read("launcher", launch.launcher);
  fields.read("hosts", launch.hosts);
  fields.read("nodes", launch.nodes);
  fields.read("versions", launch.versions);
  return launch;
}

NodeRecord node_from_json(const Fields& fields) {
  NodeRecord node;
  fields.read("node", node.node);
  fields.read("attributes", node.attributes);
  fields.read("texts", node.texts);
  return node;
}

CaseStatus read_status(const Fields& fields) {
  std::uint32_t status = 0;
  fields.read("status", status);
  if (status > static_cast<std::uint32_t>(CaseStatus::failed)) throw std::runtime_error("unknown status");
  return static_cast<CaseStatus>(status);
}

CaseRecord case_from_json(const Fields& fields) {
  CaseRecord record;
  if (const json* key = fields.find("key")) record.key = key_from_json(*key);
  record.status = read_status(fields);
  fields.read("launch", record.launch);
  fields.read("note", record.note);
  fields.read("flags", record.flags);
  fields.read_packed("samples_ns", record.samples_ns);
  fields.read("operations_per_sample", record.operations_per_sample);
  fields.read("invalid_samples", record.invalid_samples);
  fields.read("clock_error_ns", record.clock_error_ns);
  fields.read_packed("entry_ns", record.entry_ns);
  fields.read_packed("exit_ns", record.exit_ns);
  fields.read("moved_bytes", record.moved_bytes);
  fields.read("bus_factor", record.bus_factor);
  fields.read("time_divisor", record.time_divisor);
  fields.read("bound_rounds", record.bound_rounds);
  fields.read("bound_bytes", record.bound_bytes);
  if (const json* wrong = fields.find("wrong")) record.wrong = wrong_from_json(*wrong);
  fields.read("impact_mean", record.impact_mean);
  fields.read("impact_p99", record.impact_p99);
  fields.read_packed("matrix", record.matrix);
  fields.read_packed("matrix_p99", record.matrix_p99);
  fields.read("started_utc", record.started_utc);
  fields.read("seconds", record.seconds);
  fields.read("started_ns", record.started_ns);
  fields.read("ended_ns", record.ended_ns);
  return record;
}

// Refuses what would cost far more memory or stack than the payload's own size before a document is built.
class Limits : public nlohmann::json_sax<json> {
 public:
  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool key(string_t&) override { return value(); }
  bool start_object(std::size_t) override { return value() && ++depth_ <= most_depth; }
  bool start_array(std::size_t) override { return value() && ++depth_ <= most_depth; }
  bool end_object() override { return --depth_ >= 0; }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  static constexpr int most_depth = 4;
  static constexpr std::size_t most_values = 1U << 22;
  bool value() { return ++values_ <= most_values; }
  int depth_ = 0;
  std::size_t values_ = 0;
};

json parsed(std::span<const std::uint8_t> payload) {
  Limits limits;
  if (!json::sax_parse(payload.begin(), payload.end(), &limits, json::input_format_t::cbor)) {
    throw std::runtime_error("not a record, or one too large or too deeply nested");
  }
  json object = json::from_cbor(payload.begin(), payload.end());
  if (!object.is_object()) throw std::runtime_error("not a map of fields");
  return object;
}

}  // namespace

std::vector<std::uint8_t> encode(const RunRecord& run) {
  return json::to_cbor({{"record", "run"},
                        {"run_id", run.run_id},
                        {"started_utc", run.started_utc},
                        {"pod", run.pod},
                        {"program_version", run.program_version},
                        {"git_revision", run.git_revision},
                        {"command_line", run.command_line},
                        {"config", run.config},
                        {"seed", run.seed},
                        {"planned_cases", run.planned_cases},
                        {"complete", run.complete}});
}

std::vector<std::uint8_t> encode(const LaunchRecord& launch) {
  return json::to_cbor({{"record", "launch"},
                        {"launch", launch.launch},
                        {"launcher", launch.launcher},
                        {"hosts", launch.hosts},
                        {"nodes", launch.nodes},
                        {"versions", launch.versions}});
}

std::vector<std::uint8_t> encode(const NodeRecord& node) {
  return json::to_cbor(
      {{"record", "node"}, {"node", node.node}, {"attributes", node.attributes}, {"texts", node.texts}});
}

std::vector<std::uint8_t> encode(const CaseRecord& record) {
  json object = {{"record", "case"},
                 {"key", key_to_json(record.key)},
                 {"launch", record.launch},
                 {"status", static_cast<unsigned>(record.status)},
                 {"note", record.note},
                 {"flags", record.flags},
                 {"samples_ns", pack(record.samples_ns)},
                 {"operations_per_sample", record.operations_per_sample},
                 {"invalid_samples", record.invalid_samples},
                 {"clock_error_ns", record.clock_error_ns},
                 {"entry_ns", pack(record.entry_ns)},
                 {"exit_ns", pack(record.exit_ns)},
                 {"moved_bytes", record.moved_bytes},
                 {"bus_factor", record.bus_factor},
                 {"time_divisor", record.time_divisor},
                 {"bound_rounds", record.bound_rounds},
                 {"bound_bytes", record.bound_bytes},
                 {"impact_mean", record.impact_mean},
                 {"impact_p99", record.impact_p99},
                 {"matrix", pack(record.matrix)},
                 {"matrix_p99", pack(record.matrix_p99)},
                 {"started_utc", record.started_utc},
                 {"seconds", record.seconds},
                 {"started_ns", record.started_ns},
                 {"ended_ns", record.ended_ns}};
  if (const auto& wrong = record.wrong) {
    object["wrong"] = {{"rank", wrong->rank},
                       {"element", wrong->element},
                       {"expected", wrong->expected},
                       {"found", wrong->found},
                       {"wrong_elements", wrong->wrong_elements}};
  }
  return json::to_cbor(object);
}

std::vector<std::uint8_t> encode(const CaseSummary& summary) {
  std::vector<double> reals, p50s, p99s;
  std::vector<std::uint64_t> counts, launches, ns;
  for (const auto& column : layout::summary_reals) reals.push_back(summary.*column.field);
  for (const auto& column : layout::summary_counts) counts.push_back(summary.*column.field);
  for (const LaunchPoint& point : summary.points) {
    launches.push_back(static_cast<std::uint64_t>(point.launch));
    ns.push_back(point.n);
    p50s.push_back(point.p50_ns);
    p99s.push_back(point.p99_ns);
  }
  return json::to_cbor({{"key", key_to_json(summary.key)},
                        {"status", static_cast<unsigned>(summary.status)},
                        {"note", summary.note},
                        {"reals", pack(reals)},
                        {"counts", pack(counts)},
                        {"launches", pack(launches)},
                        {"ns", pack(ns)},
                        {"p50s", pack(p50s)},
                        {"p99s", pack(p99s)}});
}

CaseSummary decode_summary(std::span<const std::uint8_t> payload) {
  const json object = parsed(payload);
  const Fields fields(object);
  CaseSummary summary;
  std::vector<double> reals, p50s, p99s;
  std::vector<std::uint64_t> counts, launches, ns;
  if (const json* key = fields.find("key")) summary.key = key_from_json(*key);
  summary.status = read_status(fields);
  fields.read("note", summary.note);
  fields.read_packed("reals", reals);
  fields.read_packed("counts", counts);
  fields.read_packed("launches", launches);
  fields.read_packed("ns", ns);
  fields.read_packed("p50s", p50s);
  fields.read_packed("p99s", p99s);
  const bool whole = reals.size() == layout::summary_reals.size() &&
                     counts.size() == layout::summary_counts.size() && ns.size() == launches.size() &&
                     p50s.size() == ns.size() && p99s.size() == ns.size();
  if (!whole) throw std::runtime_error("a summary is incomplete");
  for (std::size_t i = 0; i < reals.size(); ++i) summary.*layout::summary_reals[i].field = reals[i];
  for (std::size_t i = 0; i < counts.size(); ++i) summary.*layout::summary_counts[i].field = counts[i];
  for (std::size_t i = 0; i < ns.size(); ++i) {
    summary.points.push_back({static_cast<int>(launches[i] & 0x7fff'ffffU), ns[i], p50s[i], p99s[i]});
  }
  return summary;
}

SpoolRecord decode(std::span<const std::uint8_t> payload) {
  const json object = parsed(payload);
  const Fields fields(object);
  std::string kind;
  fields.read("record", kind);
  if (kind == "run") return run_from_json(fields);
  if (kind == "launch") return launch_from_json(fields);
  if (kind == "node") return node_from_json(fields);
  if (kind == "case") return case_from_json(fields);
  if (kind == "telemetry") return telemetry_from_json(fields);
  if (kind == "series") return telemetry_series_from_json(fields);
  throw std::runtime_error("unknown kind of record");
}

}  // namespace podbench
