#include "results/store_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "results/layout.hpp"
#include "results/store_columns.hpp"
#include "results/store_telemetry.hpp"

namespace podbench {
namespace {

using h5::Id;
using h5::Shape;

// The axes that datasets share, as dimension scales in the root.
struct Axes {
  Id cases, launches, ranks;
};

template <typename Number>
Id write_axis(const Id& file, const std::string& name, const std::vector<Number>& values) {
  Id axis = h5::write_array(file, name, {values.size()}, values);
  h5::make_scale(axis, name);
  return axis;
}

template <typename Number>
std::vector<Number> counted(std::size_t size) {
  std::vector<Number> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<Number>(i);
  return values;
}

// One value a case, from its row number.
template <typename Number>
std::vector<Number> per_case(const RunGrid& grid, const std::function<Number(std::size_t)>& value) {
  std::vector<Number> values(grid.keys().size());
  for (std::size_t row = 0; row < values.size(); ++row) values[row] = value(row);
  return values;
}

// One value a case and launch; `absent` where there is no record.
template <typename Value>
std::vector<Value> per_launch(const RunGrid& grid, const Value& absent,
                              const std::function<Value(const CaseRecord&)>& value) {
  std::vector<Value> values;
  values.reserve(grid.cells());
  for (std::size_t row = 0; row < grid.keys().size(); ++row) {
    for (std::size_t launch = 0; launch < grid.launches().size(); ++launch) {
      const CaseRecord* record = grid.at(row, launch);
      values.push_back(record == nullptr ? absent : value(*record));
    }
  }
  return values;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ","));
}

std::string as_json(const std::map<std::string, std::string>& entries) {
  return entries.empty()
             ? ""
             : nlohmann::json(entries).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_root(const Id& file, const RunRecord& run) {
  h5::set_attribute(file, "schema", std::string("podbench"));
  h5::set_attribute(file, "schema_version", fmt::format("{}.{}", schema_major, schema_minor));
  h5::set_attribute(file, "run_id", run.run_id);
  h5::set_attribute(file, "started_utc", run.started_utc);
  h5::set_attribute(file, "pod", run.pod);
  h5::set_attribute(file, "program_version", run.program_version);
  h5::set_attribute(file, "git_revision", run.git_revision);
  h5::set_attribute(file, "command_line", run.command_line);
  h5::set_attribute(file, "seed", run.seed);
  h5::set_attribute(file, "complete", std::uint64_t{run.complete});
  h5::set_attribute(file, "planned_cases", run.planned_cases);
  h5::write_text(file, "config", run.config);
}

// A name that is one link: no slash, not empty, not a dot.
std::string link_name(const std::string& name, std::size_t number) {
  std::string link = name;
  std::replace(link.begin(), link.end(), '/', '_');
  std::replace(link.begin(), link.end(), '\0', '_');
  if (link.empty() || link.find_first_not_of('.') == std::string::npos)
    link = fmt::format("unnamed_{}", number);
  return link;
}

void write_env(const Id& file, const std::vector<NodeRecord>& nodes) {
  const Id env = h5::create_group(file, "env");
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::string link = link_name(nodes[i].node, i);
    if (h5::has(env, link)) link += fmt::format("_{}", i);
    const Id node = h5::create_group(env, link);
    h5::set_attribute(node, "node", nodes[i].node);
    const Id attributes = h5::create_group(node, "attributes");
    for (const auto& [name, value] : nodes[i].attributes) {
      if (!name.empty()) h5::set_attribute(attributes, name, value);
    }
    const Id texts = h5::create_group(node, "texts");
    std::size_t number = 0;
    for (const auto& [name, text] : nodes[i].texts) {
      const std::string title = fmt::format("{:04}_{}", number++, link_name(name, 0));
      h5::write_text(texts, title, text);
      const Id dataset(H5Dopen2(texts, title.c_str(), H5P_DEFAULT), H5Dclose, "open " + title);
      h5::set_attribute(dataset, "name", name);
    }
  }
}

void write_cases(const Id& file, const RunGrid& grid, const Axes& axes) {
  const Id group = h5::create_group(file, "cases");
  const auto& keys = grid.keys();
  const Shape shape = {keys.size()};
  const auto finish = [&](const Id& dataset) { h5::attach_scale(dataset, axes.cases, 0); };
  for (const auto& column : layout::key_texts) {
    const Id dataset =
        write_codes(group, column.name, shape,
                    per_case<std::string>(grid, [&](std::size_t row) { return keys[row].*column.field; }));
    describe(dataset, column);
    finish(dataset);
  }
  finish(write_codes(group, "options", shape, per_case<std::string>(grid, [&](std::size_t row) {
                       return as_json(keys[row].options);
                     })));
  const Id bytes = h5::write_array(
      group, "bytes", shape, per_case<std::uint64_t>(grid, [&](std::size_t row) { return keys[row].bytes; }));
  h5::set_attribute(bytes, "units", std::string("B"));
  finish(bytes);
  finish(h5::write_array(group, "ranks", shape, per_case<std::uint32_t>(grid, [&](std::size_t row) {
                           return static_cast<std::uint32_t>(keys[row].ranks);
                         })));
  finish(h5::write_array(group, "nodes", shape, per_case<std::uint32_t>(grid, [&](std::size_t row) {
                           return static_cast<std::uint32_t>(keys[row].nodes);
                         })));
  finish(h5::write_array(group, "series_id", shape, per_case<std::uint64_t>(grid, [&](std::size_t row) {
                           return keys[row].series_id();
                         })));
  const Id moved = h5::write_array(
      group, "moved_bytes", shape,
      per_case<std::uint64_t>(grid, [&](std::size_t row) { return grid.any(row).moved_bytes; }));
  h5::set_attribute(moved, "units", std::string("B"));
  finish(moved);
  for (const auto& column : layout::rate_reals) {
    const Id dataset =
        h5::write_array(group, column.name, shape,
                        per_case<double>(grid, [&](std::size_t row) { return grid.any(row).*column.field; }));
    describe(dataset, column);
    finish(dataset);
  }
}

void write_summary(const Id& file, const std::vector<CaseSummary>& summaries, const Axes& axes) {
  const Id group = h5::create_group(file, "summary");
  const Shape shape = {summaries.size()};
  const auto write = [&]<typename Number>(const layout::ColumnOf<CaseSummary, Number>& column) {
    std::vector<Number> values;
    values.reserve(summaries.size());
    for (const CaseSummary& summary : summaries) values.push_back(summary.*column.field);
    const Id dataset = h5::write_array(group, column.name, shape, values);
    describe(dataset, column);
    h5::attach_scale(dataset, axes.cases, 0);
  };
  for (const auto& column : layout::summary_counts) write(column);
  for (const auto& column : layout::summary_reals) write(column);
  std::vector<std::string> statuses, notes;
  for (const CaseSummary& summary : summaries) {
    statuses.emplace_back(name_of(summary.status));
    notes.push_back(summary.note);
  }
  h5::attach_scale(write_codes(group, "status", shape, statuses), axes.cases, 0);
  h5::attach_scale(write_codes(group, "note", shape, notes), axes.cases, 0);
}

// What is one value a launch: who started it, where its ranks were, what it ran with.
void write_launch_list(const Id& group, const RunGrid& grid, const Run& run, const Axes& axes) {
  const std::size_t launches = grid.launches().size();
  std::size_t most_ranks = 0;
  for (const LaunchRecord& launch : run.launches) most_ranks = std::max(most_ranks, launch.hosts.size());
  std::vector<std::string> launchers(launches), versions(launches), hosts(launches * most_ranks);
  std::vector<std::uint32_t> ranks(launches, 0);
  std::vector<std::int32_t> nodes(launches * most_ranks, -1);
  for (const LaunchRecord& launch : run.launches) {
    const auto at = static_cast<std::size_t>(std::lower_bound(grid.launches().begin(), grid.launches().end(),
                                                              static_cast<std::uint32_t>(launch.launch)) -
                                             grid.launches().begin());
    launchers[at] = launch.launcher;
    versions[at] = as_json(launch.versions);
    ranks[at] = static_cast<std::uint32_t>(launch.hosts.size());
    for (std::size_t rank = 0; rank < launch.hosts.size(); ++rank) {
      hosts[at * most_ranks + rank] = launch.hosts[rank];
      if (rank < launch.nodes.size()) nodes[at * most_ranks + rank] = launch.nodes[rank];
    }
  }
  h5::attach_scale(write_codes(group, "launcher", {launches}, launchers), axes.launches, 0);
  h5::attach_scale(write_codes(group, "versions", {launches}, versions), axes.launches, 0);
  h5::attach_scale(h5::write_array(group, "ranks", {launches}, ranks), axes.launches, 0);
  h5::attach_scale(write_codes(group, "host", {launches, most_ranks}, hosts), axes.launches, 0);
  h5::attach_scale(h5::write_array(group, "node", {launches, most_ranks}, nodes), axes.launches, 0);
}

void write_launches(const Id& file, const RunGrid& grid, const Run& run,
                    const std::vector<CaseSummary>& summaries, const Axes& axes) {
  const Id group = h5::create_group(file, "launches");
  write_launch_list(group, grid, run, axes);
  const Shape shape = {grid.keys().size(), grid.launches().size()};
  const auto finish = [&](const Id& dataset, const char* units) {
    if (*units != '\0') h5::set_attribute(dataset, "units", std::string(units));
    h5::attach_scale(dataset, axes.cases, 0);
    h5::attach_scale(dataset, axes.launches, 1);
  };
  std::vector<double> medians(grid.cells(), CaseSummary::nothing), p99s(grid.cells(), CaseSummary::nothing);
  for (std::size_t row = 0; row < summaries.size(); ++row) {
    for (const LaunchPoint& point : summaries[row].points) {
      const auto launch = std::lower_bound(grid.launches().begin(), grid.launches().end(),
                                           static_cast<std::uint32_t>(point.launch)) -
                          grid.launches().begin();
      const std::size_t cell = row * grid.launches().size() + static_cast<std::size_t>(launch);
      medians.at(cell) = point.p50_ns;
      p99s.at(cell) = point.p99_ns;
    }
  }
  finish(h5::write_array(group, "median", shape, medians), "ns");
  finish(h5::write_array(group, "p99", shape, p99s), "ns");
  finish(h5::write_array(group, "n", shape,
                         per_launch<std::uint64_t>(
                             grid, 0, [](const CaseRecord& record) { return record.samples_ns.size(); })),
         "1");
  finish(h5::write_array(group, "invalid", shape,
                         per_launch<std::uint64_t>(
                             grid, 0, [](const CaseRecord& record) { return record.invalid_samples; })),
         "1");
  finish(h5::write_array(group, "operations_per_sample", shape,
                         per_launch<std::uint32_t>(
                             grid, 0, [](const CaseRecord& record) { return record.operations_per_sample; })),
         "1");
  finish(h5::write_array(group, "status", shape,
                         per_launch<std::uint8_t>(grid, layout::no_record,
                                                  [](const CaseRecord& record) {
                                                    return static_cast<std::uint8_t>(record.status);
                                                  })),
         "");
  for (const auto& column : layout::launch_reals) {
    finish(
        h5::write_array(group, column.name, shape,
                        per_launch<double>(grid, CaseSummary::nothing,
                                           [&](const CaseRecord& record) { return record.*column.field; })),
        column.units);
  }
  for (const auto& column : layout::launch_moments) {
    finish(h5::write_array(group, column.name, shape,
                           per_launch<std::int64_t>(
                               grid, 0, [&](const CaseRecord& record) { return record.*column.field; })),
           column.units);
  }
  const auto texts = [&](const char* name, const std::function<std::string(const CaseRecord&)>& text) {
    finish(write_codes(group, name, shape, per_launch<std::string>(grid, "", text)), "");
  };
  texts("note", [](const CaseRecord& record) { return record.note; });
  texts("flags", [](const CaseRecord& record) { return joined(record.flags); });
  texts("started_utc", [](const CaseRecord& record) { return record.started_utc; });
}

void write_samples(const Id& file, const RunGrid& grid, const Axes& axes) {
  const Id group = h5::create_group(file, "samples");
  const auto counts =
      per_launch<std::uint64_t>(grid, 0, [](const CaseRecord& record) { return record.samples_ns.size(); });
  std::vector<std::uint64_t> offsets(counts.size());
  std::uint64_t total = 0;
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    offsets[cell] = total;
    total += counts[cell];
  }
  const auto type = h5::number_type<std::uint64_t>();
  const Id t = h5::create_dataset(group, "t", type, {total});
  h5::set_attribute(t, "units", std::string("ns"));
  h5::set_attribute(t, "long_name",
                    std::string("one sample: operations_per_sample operations, latest exit minus start"));
  for (std::size_t row = 0; row < grid.keys().size(); ++row) {
    for (std::size_t launch = 0; launch < grid.launches().size(); ++launch) {
      const CaseRecord* record = grid.at(row, launch);
      if (record == nullptr || record->samples_ns.empty()) continue;
      h5::write_rows(t, type, {offsets[row * grid.launches().size() + launch]}, {record->samples_ns.size()},
                     record->samples_ns.data());
    }
  }
  const auto write = [&](const char* name, const std::vector<std::uint64_t>& values) {
    const Id dataset = h5::write_array(group, name, {grid.keys().size(), grid.launches().size()}, values);
    h5::attach_scale(dataset, axes.cases, 0);
    h5::attach_scale(dataset, axes.launches, 1);
  };
  write("offset", offsets);
  write("count", counts);
}

void write_ranks(const Id& file, const RunGrid& grid, const Axes& axes, std::size_t most_ranks) {
  const Id group = h5::create_group(file, "ranks");
  const auto type = h5::number_type<double>();
  const Shape shape = {grid.keys().size(), grid.launches().size(), most_ranks};
  const auto write = [&](const char* name, std::vector<std::uint64_t> CaseRecord::*field) {
    const Id dataset = h5::create_dataset(group, name, type, shape);
    h5::set_attribute(dataset, "units", std::string("ns"));
    h5::attach_scale(dataset, axes.cases, 0);
    h5::attach_scale(dataset, axes.launches, 1);
    h5::attach_scale(dataset, axes.ranks, 2);
    if (most_ranks == 0) return;
    std::vector<double> values(grid.launches().size() * most_ranks);
    for (std::size_t row = 0; row < grid.keys().size(); ++row) {
      std::fill(values.begin(), values.end(), CaseSummary::nothing);
      for (std::size_t launch = 0; launch < grid.launches().size(); ++launch) {
        const CaseRecord* record = grid.at(row, launch);
        if (record == nullptr) continue;
        for (std::size_t rank = 0; rank < (record->*field).size(); ++rank) {
          values[launch * most_ranks + rank] = static_cast<double>((record->*field)[rank]);
        }
      }
      h5::write_rows(dataset, type, {row, 0, 0}, {1, grid.launches().size(), most_ranks}, values.data());
    }
  };
  write("entry_ns", &CaseRecord::entry_ns);
  write("exit_ns", &CaseRecord::exit_ns);
}

// Rank × rank values, /NAME/ROW_LAUNCH for the records that have them.
void write_matrices(const Id& file, const RunGrid& grid, const std::string& group_name,
                    std::vector<double> CaseRecord::*member) {
  const Id group = h5::create_group(file, group_name);
  for (std::size_t row = 0; row < grid.keys().size(); ++row) {
    for (std::size_t launch = 0; launch < grid.launches().size(); ++launch) {
      const CaseRecord* record = grid.at(row, launch);
      if (record == nullptr || (record->*member).empty()) continue;
      std::size_t side = 0;
      while (side * side < (record->*member).size()) ++side;
      if (side * side != (record->*member).size()) {
        throw h5::Failure("the matrix of " + record->key.name() + " is not square");
      }
      const Id dataset = h5::write_array(group, fmt::format("{:06}_{:06}", row, grid.launches()[launch]),
                                         {side, side}, record->*member);
      h5::set_attribute(dataset, "case", record->key.name());
    }
  }
}

void write_wrong_data(const Id& file, const RunGrid& grid) {
  const Id group = h5::create_group(file, "wrong_data");
  std::vector<std::uint64_t> rows, elements, wrong_elements;
  std::vector<std::uint32_t> launches;
  std::vector<std::int32_t> ranks;
  std::vector<std::string> expected, found;
  for (std::size_t row = 0; row < grid.keys().size(); ++row) {
    for (std::size_t launch = 0; launch < grid.launches().size(); ++launch) {
      const CaseRecord* record = grid.at(row, launch);
      if (record == nullptr || !record->wrong) continue;
      rows.push_back(row);
      launches.push_back(grid.launches()[launch]);
      ranks.push_back(record->wrong->rank);
      elements.push_back(record->wrong->element);
      wrong_elements.push_back(record->wrong->wrong_elements);
      expected.push_back(record->wrong->expected);
      found.push_back(record->wrong->found);
    }
  }
  const Shape shape = {rows.size()};
  h5::write_array(group, "case", shape, rows);
  h5::write_array(group, "launch", shape, launches);
  h5::write_array(group, "rank", shape, ranks);
  h5::write_array(group, "element", shape, elements);
  h5::write_array(group, "wrong_elements", shape, wrong_elements);
  h5::write_texts(group, "expected", expected);
  h5::write_texts(group, "found", found);
}

}  // namespace

void write_groups(const Id& file, const Run& run, const std::vector<CaseSummary>& summaries) {
  const RunGrid grid(run);
  if (summaries.size() != grid.keys().size()) throw h5::Failure("statistics and cases differ in number");
  std::size_t most_ranks = 0;
  for (const CaseRecord& record : run.cases) {
    most_ranks = std::max({most_ranks, record.entry_ns.size(), record.exit_ns.size()});
  }
  write_root(file, run.run);
  const Axes axes = {write_axis(file, "case", counted<std::uint64_t>(grid.keys().size())),
                     write_axis(file, "launch", grid.launches()),
                     write_axis(file, "rank", counted<std::uint32_t>(most_ranks))};
  write_env(file, run.nodes);
  write_cases(file, grid, axes);
  write_summary(file, summaries, axes);
  write_launches(file, grid, run, summaries, axes);
  write_samples(file, grid, axes);
  write_ranks(file, grid, axes, most_ranks);
  write_matrices(file, grid, "matrix", &CaseRecord::matrix);
  write_matrices(file, grid, "matrix_p99", &CaseRecord::matrix_p99);
  write_wrong_data(file, grid);
  write_telemetry(file, run.telemetry);
}

}  // namespace podbench
