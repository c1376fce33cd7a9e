#include "bench/options/add.hpp"

namespace podbench {

void add_track(CLI::App& app, Invocation& chosen) {
  CLI::App& track = *app.add_subcommand("track", "Nightly history: what changed, since when, how sure");
  TrackRequest& request = request_of<TrackRequest>(track, chosen);
  track.add_option("folder", request.places, "Folders of run files, one run a night, or run files")
      ->required();
  track.add_option("--least", request.least_effect,
                   "Smallest change that matters, as a share (default 0.01)");
  track.add_option("--keep", request.keep,
                   "Afterwards delete runs older than so many nights (365) or days (365d)");
  track.add_flag("--dry-run", request.dry_run, "Only list what --keep would delete");
  track.add_flag("--selftest", request.self_test,
                 "Replay years drawn from this history: false alerts, nights to find a planted step");
  add_format(track, request.format);
  add_output_files(track, request.files);
  track.footer(
      "Examples:\n"
      "  podbench track results/nightly\n"
      "  podbench track results/nightly --html history.html --keep 365d\n"
      "  podbench track results/nightly --selftest\n"
      "Exit: 1 where the newest run confirms a regression, on that night only; 3 with too little history.");
}

}  // namespace podbench
