// Commands that read files: show, recover, export.
#include "bench/options/add.hpp"

namespace podbench {

void add_show(CLI::App& app, Invocation& chosen) {
  CLI::App& show = *app.add_subcommand("show", "A table or pivot of any runs");
  ShowCommand& command = request_of<ShowCommand>(show, chosen);
  show.add_option("files", command.files, "Run files")->required();
  show.add_option("--where", command.show.where, "key=value; repeat for more");
  show.add_option("--rows", command.show.rows, "Key down the side of a pivot, e.g. bytes");
  show.add_option("--cols", command.show.cols, "Key across the top of a pivot, e.g. transport");
  show.add_option("--value", command.show.values, "p50 p99 busbw algbw ...")->delimiter(',');
  add_format(show, command.format);
  show.footer(
      "Examples:\n"
      "  podbench show run.h5\n"
      "  podbench show run.h5 --where pattern=allreduce --rows bytes --cols transport --value busbw");
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
