#include "results/file_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "results/layout.hpp"

namespace podbench {
namespace {

using h5::Failure;
using h5::Id;
using h5::Shape;

constexpr std::uint64_t most_text_bytes = 512U << 20;
constexpr std::size_t most_label_bytes = 1U << 16;
// Numbers that a small file may unpack to, whatever it claims; a large one may hold in proportion.
constexpr std::uint64_t most_packed_numbers = 1U << 27;
constexpr std::uint64_t most_packed_samples = 1U << 25;
constexpr std::uint64_t samples_a_stored_byte = 4;   // honest samples need two bytes and more
constexpr std::uint64_t most_rank_times = 1U << 24;  // of one case

int checked_int(std::uint64_t value, const char* what) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
    throw Failure(std::string(what) + " has an absurd value");
  }
  return static_cast<int>(value);
}

std::map<std::string, std::string> parsed_map(const std::string& text, const char* what) {
  std::map<std::string, std::string> map;
  if (text.empty()) return map;
  const auto object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) throw Failure(std::string(what) + " is not a JSON object");
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) throw Failure(std::string(what) + " is not an object of strings");
    map[key] = value.get<std::string>();
  }
  return map;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

CaseStatus status_named(const std::string& name) {
  for (unsigned i = 0; i <= static_cast<unsigned>(CaseStatus::failed); ++i) {
    if (name_of(static_cast<CaseStatus>(i)) == name) return static_cast<CaseStatus>(i);
  }
  throw Failure("a case has an unknown status");
}

// A measured time, size or rate: NaN where there is none, never negative or without end.
void check_measured(double value, const std::string& what) {
  if (std::isnan(value) || (value >= 0 && std::isfinite(value))) return;
  throw Failure(what + " holds a value that nobody can have measured");
}

std::uint64_t whole_ns(double value) {
  if (!(value >= 0 && value < 0x1p63)) throw Failure("a rank's time is not a number of nanoseconds");
  return static_cast<std::uint64_t>(value);
}

// The numbers that lead `[begin, end)` as ranks' times: up to the first gap.
std::vector<std::uint64_t> rank_times(const double* begin, const double* end) {
  std::vector<std::uint64_t> times;
  for (; begin != end && !std::isnan(*begin); ++begin) times.push_back(whole_ns(*begin));
  return times;
}

}  // namespace

FileReader::FileReader(const std::filesystem::path& path)
    : file_(h5::open_file(path)), text_budget_bytes_(most_text_bytes) {
  check_format();
  read_axes();
}

void FileReader::check_format() {
  if (H5Aexists(file_, "schema") <= 0 || h5::text_attribute(file_, "schema") != "podbench") {
    throw Failure("it is HDF5, but not a podbench run");
  }
  const std::string version = h5::text_attribute(file_, "schema_version");
  int major = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), major);
  if (error != std::errc() || end == version.data() + version.size() || *end != '.') {
    throw Failure("its schema version is not MAJOR.MINOR");
  }
  if (major != schema_major) {
    throw Failure(fmt::format("it has schema {:.20}; this podbench reads {}.x", version, schema_major));
  }
  const auto [rest, no_minor] = std::from_chars(end + 1, version.data() + version.size(), minor_);
  if (no_minor != std::errc() || rest != version.data() + version.size() || minor_ < 0)
    throw Failure("its schema version is not MAJOR.MINOR");
}

void FileReader::read_axes() {
  const std::uint64_t bytes = h5::file_bytes(file_);
  const h5::Column cases = h5::open_column(file_, "case", h5::number_type<std::uint64_t>());
  const h5::Column launch = h5::open_column(file_, "launch", h5::number_type<std::uint32_t>());
  if (cases.shape.size() != 1 || launch.shape.size() != 1) throw Failure("its axes are not lists");
  // Every case leaves more than a byte in an honest file (its series_id alone does not compress).
  if (cases.shape[0] > bytes || launch.shape[0] > bytes ||
      (launch.shape[0] > 0 && cases.shape[0] > bytes / launch.shape[0])) {
    throw Failure("it claims more cases than it has bytes");
  }
  cases_ = cases.shape[0];
  launches_ = h5::read_array<std::uint32_t>(file_, "launch", launch.shape);
  if (std::adjacent_find(launches_.begin(), launches_.end(), std::greater_equal<>()) != launches_.end()) {
    throw Failure("its launches are not ascending");
  }
  if (!launches_.empty()) checked_int(launches_.back(), "launch");
  number_budget_ = most_packed_numbers + bytes;
}

void FileReader::charge_text(std::size_t bytes) {
  if (bytes > text_budget_bytes_) throw Failure("it unpacks to an absurd amount of text");
  text_budget_bytes_ -= bytes;
}

void FileReader::charge_numbers(std::size_t count) {
  if (count > number_budget_) throw Failure("it unpacks to an absurd amount of numbers");
  number_budget_ -= count;
}

std::string FileReader::charged(std::string text) {
  charge_text(text.size());
  return text;
}

std::vector<std::string> FileReader::texts(const Id& group, const std::string& name, const Shape& shape) {
  const auto labels = h5::read_texts(group, name + "_labels");
  for (const std::string& label : labels) {
    if (label.size() > most_label_bytes) throw Failure(name + " has an absurdly long label");
  }
  std::vector<std::string> texts;
  for (const std::uint32_t code : h5::read_array<std::uint32_t>(group, name, shape)) {
    if (code >= labels.size()) throw Failure(name + " has a code without a label");
    charge_text(labels[code].size());
    texts.push_back(labels[code]);
  }
  return texts;
}

RunRecord FileReader::run() const {
  RunRecord run;
  run.run_id = h5::text_attribute(file_, "run_id");
  run.started_utc = h5::text_attribute(file_, "started_utc");
  run.pod = h5::text_attribute(file_, "pod");
  run.program_version = h5::text_attribute(file_, "program_version");
  run.git_revision = h5::text_attribute(file_, "git_revision");
  run.command_line = h5::text_attribute(file_, "command_line");
  run.config = h5::read_text(file_, "config");
  run.seed = h5::number_attribute(file_, "seed");
  run.complete = h5::number_attribute(file_, "complete") != 0;
  run.planned_cases = h5::number_attribute(file_, "planned_cases");
  return run;
}

const std::vector<CaseKey>& FileReader::keys() {
  if (!keys_.empty() || cases_ == 0) return keys_;
  const Id group = h5::open_group(file_, "cases");
  const Shape shape = {cases_};
  std::vector<CaseKey> keys(cases_);
  for (const auto& column : layout::key_texts) {
    auto values = texts(group, column.name, shape);
    for (std::size_t row = 0; row < cases_; ++row) keys[row].*column.field = std::move(values[row]);
  }
  const auto options = texts(group, "options", shape);
  const auto bytes = h5::read_array<std::uint64_t>(group, "bytes", shape);
  const auto ranks = h5::read_array<std::uint32_t>(group, "ranks", shape);
  const auto nodes = h5::read_array<std::uint32_t>(group, "nodes", shape);
  for (std::size_t row = 0; row < cases_; ++row) {
    keys[row].options = parsed_map(options[row], "options");
    keys[row].bytes = bytes[row];
    keys[row].ranks = checked_int(ranks[row], "ranks");
    keys[row].nodes = checked_int(nodes[row], "nodes");
  }
  keys_ = std::move(keys);
  return keys_;
}

std::vector<CaseSummary> FileReader::summaries() {
  const Id group = h5::open_group(file_, "summary");
  const Id launch_group = h5::open_group(file_, "launches");
  const Shape shape = {cases_}, grid = {cases_, launches_.size()};
  std::vector<CaseSummary> summaries(cases_);
  const auto read = [&]<typename Number>(const layout::ColumnOf<CaseSummary, Number>& column) {
    const auto values = h5::read_array<Number>(group, column.name, shape);
    for (std::size_t row = 0; row < cases_; ++row) {
      if constexpr (std::is_floating_point_v<Number>) check_measured(values[row], column.name);
      summaries[row].*column.field = values[row];
    }
  };
  for (const auto& column : layout::summary_counts) read(column);
  for (const auto& column : layout::summary_reals) read(column);
  const auto statuses = texts(group, "status", shape), notes = texts(group, "note", shape);
  const auto n = h5::read_array<std::uint64_t>(launch_group, "n", grid);
  const auto medians = h5::read_array<double>(launch_group, "median", grid);
  const auto p99s = h5::read_array<double>(launch_group, "p99", grid);
  for (std::size_t row = 0; row < cases_; ++row) {
    summaries[row].key = keys()[row];
    summaries[row].status = status_named(statuses[row]);
    summaries[row].note = notes[row];
    for (std::size_t launch = 0; launch < launches_.size(); ++launch) {
      const std::size_t cell = row * launches_.size() + launch;
      if (n[cell] == 0) continue;
      if (std::isnan(medians[cell])) throw Failure("a launch has samples but no median");
      check_measured(medians[cell], "median");
      check_measured(p99s[cell], "p99");
      summaries[row].points.push_back(
          {static_cast<int>(launches_[launch]), n[cell], medians[cell], p99s[cell]});
    }
  }
  return summaries;
}

std::vector<NodeRecord> FileReader::nodes() {
  const Id env = h5::open_group(file_, "env");
  std::vector<NodeRecord> nodes;
  for (const std::string& link : h5::names_in(env, layout::most_nodes)) {
    const Id group = h5::open_group(env, link);
    NodeRecord node;
    node.node = charged(h5::text_attribute(group, "node"));
    const Id attributes = h5::open_group(group, "attributes");
    for (const std::string& name : h5::attribute_names(attributes, layout::most_attributes)) {
      charge_text(name.size());
      node.attributes[name] = charged(h5::text_attribute(attributes, name));
    }
    const Id text_group = h5::open_group(group, "texts");
    for (const std::string& title : h5::names_in(text_group, layout::most_attributes)) {
      std::string text = charged(h5::read_text(text_group, title));
      const Id dataset(H5Dopen2(text_group, title.c_str(), H5P_DEFAULT), H5Dclose, "open " + title);
      node.texts[charged(h5::text_attribute(dataset, "name"))] = std::move(text);
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

std::vector<LaunchRecord> FileReader::launch_records() {
  const Id group = h5::open_group(file_, "launches");
  const Shape shape = {launches_.size()};
  const h5::Column nodes_column = h5::open_column(group, "node", h5::number_type<std::int32_t>());
  if (nodes_column.shape.size() != 2) throw Failure("node has another shape than it should");
  const std::size_t most_ranks = nodes_column.shape[1];
  const Shape grid = {launches_.size(), most_ranks};
  const auto launchers = texts(group, "launcher", shape), versions = texts(group, "versions", shape);
  const auto ranks = h5::read_array<std::uint32_t>(group, "ranks", shape);
  const auto hosts = texts(group, "host", grid);
  const auto nodes = h5::read_array<std::int32_t>(group, "node", grid);
  std::vector<LaunchRecord> records(launches_.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (ranks[i] > most_ranks) throw Failure("a launch claims more ranks than it lists");
    records[i].launch = static_cast<int>(launches_[i]);
    records[i].launcher = launchers[i];
    records[i].versions = parsed_map(versions[i], "versions");
    for (std::size_t rank = 0; rank < ranks[i]; ++rank) {
      records[i].hosts.push_back(hosts[i * most_ranks + rank]);
      records[i].nodes.push_back(nodes[i * most_ranks + rank]);
    }
  }
  return records;
}

std::vector<CaseRecord> FileReader::records() {
  const Id group = h5::open_group(file_, "launches");
  const Id case_group = h5::open_group(file_, "cases");
  const Id summary_group = h5::open_group(file_, "summary");
  const Shape shape = {cases_}, grid = {cases_, launches_.size()};
  const auto statuses = h5::read_array<std::uint8_t>(group, "status", grid);
  const auto invalid = h5::read_array<std::uint64_t>(group, "invalid", grid);
  const auto operations = h5::read_array<std::uint32_t>(group, "operations_per_sample", grid);
  const auto notes = texts(group, "note", grid), flags = texts(group, "flags", grid);
  const auto started = texts(group, "started_utc", grid);
  const auto moved = h5::read_array<std::uint64_t>(case_group, "moved_bytes", shape);
  const auto rounds = h5::read_array<double>(summary_group, "bound_rounds", shape);
  const auto bytes = h5::read_array<double>(summary_group, "bound_bytes", shape);
  std::vector<CaseRecord> records;
  record_at_.assign(statuses.size(), no_record);
  for (std::size_t cell = 0; cell < statuses.size(); ++cell) {
    if (statuses[cell] == layout::no_record) continue;
    if (statuses[cell] > static_cast<std::uint8_t>(CaseStatus::failed))
      throw Failure("a case has an unknown status");
    const std::size_t row = cell / launches_.size();
    record_at_[cell] = records.size();
    CaseRecord& record = records.emplace_back();
    record.key = keys()[row];
    record.launch = static_cast<int>(launches_[cell % launches_.size()]);
    record.status = static_cast<CaseStatus>(statuses[cell]);
    record.note = notes[cell];
    record.flags = split(flags[cell]);
    record.started_utc = started[cell];
    record.invalid_samples = invalid[cell];
    record.operations_per_sample = operations[cell];
    if (operations[cell] == 0) throw Failure("a sample holds no operation");
    record.moved_bytes = moved[row];
    record.bound_rounds = rounds[row];
    record.bound_bytes = bytes[row];
  }
  const auto add = [&](const auto& column, const Id& from, const Shape& of, bool by_case) {
    const auto values = h5::read_array<double>(from, column.name, of);
    for (std::size_t cell = 0; cell < record_at_.size(); ++cell) {
      if (record_at_[cell] == no_record) continue;
      const double value = values[by_case ? cell / launches_.size() : cell];
      check_measured(value, column.name);
      records[record_at_[cell]].*column.field = value;
    }
  };
  for (const auto& column : layout::launch_reals) add(column, group, grid, false);
  for (const auto& column : layout::rate_reals) add(column, case_group, shape, true);
  add_moments(group, records);
  for (const CaseRecord& record : records)
    if (!(record.time_divisor > 0)) throw Failure("a time is divided by nothing");
  return records;
}

void FileReader::add_samples(std::vector<CaseRecord>& records) {
  const Id group = h5::open_group(file_, "samples");
  const Shape grid = {cases_, launches_.size()};
  const auto offsets = h5::read_array<std::uint64_t>(group, "offset", grid);
  const auto counts = h5::read_array<std::uint64_t>(group, "count", grid);
  const auto type = h5::number_type<std::uint64_t>();
  const h5::Column t = h5::open_column(group, "t", type);
  if (t.shape.size() != 1) throw Failure("samples/t is not a list");
  const std::uint64_t total = t.shape[0];
  // One stored sample can be many where they are all alike; honest ones are not.
  if (total > std::max(most_packed_samples, h5::stored_bytes(t) * samples_a_stored_byte))
    throw Failure("samples/t claims more samples than its data can hold");
  std::uint64_t left = total;
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    if (counts[cell] == 0) continue;
    if (record_at_[cell] == no_record) throw Failure("a case has samples but no record");
    if (counts[cell] > left || offsets[cell] > total - counts[cell]) {
      throw Failure("its samples lie outside of their list, or are claimed twice");
    }
    left -= counts[cell];
    auto& samples = records[record_at_[cell]].samples_ns;
    samples.resize(counts[cell]);
    h5::read_rows(t, type, {offsets[cell]}, {counts[cell]}, samples.data());
  }
}

void FileReader::add_rank_times(std::vector<CaseRecord>& records) {
  const Id group = h5::open_group(file_, "ranks");
  const auto type = h5::number_type<double>();
  for (const auto& [name, field] :
       {std::pair{"entry_ns", &CaseRecord::entry_ns}, std::pair{"exit_ns", &CaseRecord::exit_ns}}) {
    const h5::Column column = h5::open_column(group, name, type);
    if (column.shape.size() != 3 || column.shape[0] != cases_ || column.shape[1] != launches_.size()) {
      throw Failure(std::string(name) + " has another shape than it should");
    }
    const std::size_t ranks = column.shape[2];
    if (ranks == 0 || launches_.empty()) continue;
    if (ranks > most_rank_times / launches_.size())
      throw Failure(std::string(name) + " lists absurdly many ranks");
    std::vector<double> values(launches_.size() * ranks);
    for (std::size_t row = 0; row < cases_; ++row) {
      h5::read_rows(column, type, {row, 0, 0}, {1, launches_.size(), ranks}, values.data());
      for (std::size_t launch = 0; launch < launches_.size(); ++launch) {
        const std::size_t at = record_at_[row * launches_.size() + launch];
        if (at == no_record) continue;
        records[at].*field = rank_times(&values[launch * ranks], &values[launch * ranks] + ranks);
      }
    }
  }
}

std::size_t FileReader::record_of(std::uint64_t row, std::uint64_t launch) const {
  const auto place = std::lower_bound(launches_.begin(), launches_.end(), launch);
  if (row >= cases_ || place == launches_.end() || *place != launch) {
    throw Failure("something is told of a case that is not there");
  }
  const std::size_t at =
      record_at_[row * launches_.size() + static_cast<std::size_t>(place - launches_.begin())];
  if (at == no_record) throw Failure("something is told of a case that has no record");
  return at;
}

void FileReader::add_matrices(std::vector<CaseRecord>& records) {
  add_matrices("matrix", &CaseRecord::matrix, records);
  if (h5::has(file_, "matrix_p99")) add_matrices("matrix_p99", &CaseRecord::matrix_p99, records);
}

void FileReader::add_matrices(const std::string& group_name, std::vector<double> CaseRecord::*member,
                              std::vector<CaseRecord>& records) {
  const Id group = h5::open_group(file_, group_name);
  for (const std::string& name : h5::names_in(group, record_at_.size())) {
    std::uint64_t row = 0, launch = 0;
    const char* end = name.data() + name.size();
    const auto [middle, first_error] = std::from_chars(name.data(), end, row);
    if (first_error != std::errc() || middle == end || *middle != '_' ||
        std::from_chars(middle + 1, end, launch).ptr != end) {
      throw Failure("a matrix has another name than CASE_LAUNCH");
    }
    const h5::Column column = h5::open_column(group, name, h5::number_type<double>());
    if (column.shape.size() != 2 || column.shape[0] != column.shape[1])
      throw Failure("a matrix is not square");
    CaseRecord& record = records[record_of(row, launch)];
    if (column.shape[0] != static_cast<std::size_t>(record.key.ranks))
      throw Failure("a matrix has another number of ranks than its case");
    charge_numbers(column.shape[0] * column.shape[1]);
    record.*member = h5::read_array<double>(group, name, column.shape);
    for (const double value : record.*member) check_measured(value, "a matrix");
  }
}

void FileReader::add_wrong_data(std::vector<CaseRecord>& records) {
  const Id group = h5::open_group(file_, "wrong_data");
  const Shape shape = h5::open_column(group, "case", h5::number_type<std::uint64_t>()).shape;
  if (shape.size() != 1) throw Failure("wrong_data/case is not a list");
  if (shape[0] > records.size()) throw Failure("more cases have wrong data than there are");
  const auto rows = h5::read_array<std::uint64_t>(group, "case", shape);
  const auto launches = h5::read_array<std::uint32_t>(group, "launch", shape);
  const auto ranks = h5::read_array<std::int32_t>(group, "rank", shape);
  const auto elements = h5::read_array<std::uint64_t>(group, "element", shape);
  const auto wrong_elements = h5::read_array<std::uint64_t>(group, "wrong_elements", shape);
  const auto expected = h5::read_texts(group, "expected"), found = h5::read_texts(group, "found");
  if (expected.size() != rows.size() || found.size() != rows.size()) {
    throw Failure("wrong_data has columns of different lengths");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    records[record_of(rows[i], launches[i])].wrong =
        WrongData{ranks[i], elements[i], charged(expected[i]), charged(found[i]), wrong_elements[i]};
  }
}

}  // namespace podbench
