// Commands that read files: show, recover, export.
#include <fmt/format.h>

#include "bench/options/add.hpp"

namespace podbench {

void add_show(CLI::App& app, Invocation& chosen) {
  CLI::App& show = *app.add_subcommand("show", "A table or pivot of any runs");
  ShowCommand& command = request_of<ShowCommand>(show, chosen);
  show.add_option("files", command.files, "Run files")->required();
  show.add_option("--where", command.show.where,
                  "KEY=VALUE[,VALUE], KEY!=VALUE, bytes>=64Ki; * stands for any letters; repeat for more");
  show.add_option("--rows", command.show.rows, "Key down the side of a pivot, e.g. bytes");
  show.add_option("--cols", command.show.cols, "Key across the top of a pivot, e.g. transport or run");
  show.add_option("--value", command.show.values, "What cells hold, e.g. p50,p99,busbw")->delimiter(',');
  show.add_flag("--ratios", command.show.ratios, "Of a pivot: every column also over the first one");
  add_format(show, command.format);
  add_output_files(show, command.outputs);
  show.footer(fmt::format(
      "Keys:   {}\nValues: {}\n"
      "Examples:\n"
      "  podbench show run.h5\n"
      "  podbench show run.h5 --where pattern=allreduce --rows bytes --cols transport --value busbw\n"
      "  podbench show monday.h5 tuesday.h5 --where 'bytes>=64Ki' --rows bytes --cols run --value p50,p99 "
      "--ratios\n"
      "  podbench show run.h5 --where 'transport=ucx:*' --html run.html",
      fmt::join(table_keys(), " "), fmt::join(table_values(), " ")));
}

void add_recover(CLI::App& app, Invocation& chosen) {
  CLI::App& recover = *app.add_subcommand("recover", "Make the run file of an interrupted run");
  RecoverCommand& command = request_of<RecoverCommand>(recover, chosen);
  recover.add_option("spool", command.spool, "The spool folder, NAME.spool")->required();
  recover.add_option("--out", command.out, "The run file (default: beside the spool, NAME.h5)");
  recover.footer("Example:\n  podbench recover results/runs/20260101T020000Z-smoke.spool");
}

void add_export(CLI::App& app, Invocation& chosen) {
  CLI::App& exporter = *app.add_subcommand("export", "A run file for other tools");
  ExportCommand& command = request_of<ExportCommand>(exporter, chosen);
  exporter.add_option("file", command.file, "A run file")->required();
  exporter.add_option("--as", command.as, "csv, json, gbench or openmetrics")->required();
  exporter.add_option("-o,--out", command.out, "A file (default: standard output)");
  exporter.footer(
      "Examples:\n  podbench export run.h5 --as csv\n  podbench export run.h5 --as gbench -o run.json");
}

}  // namespace podbench
