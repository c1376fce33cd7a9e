// Names, dates and numbers as track prints them. Thread-safety: pure.
#pragma once

#include <string>

#include "analysis/track/group.hpp"
#include "analysis/track/judge.hpp"

namespace podbench::track {

// "365 nights, 2025-11-21 to 2026-11-20, 412 series".
[[nodiscard]] std::string title_of(const History& history);
// The case's name, and its hosts where the history knows several.
[[nodiscard]] std::string series_name(const History& history, std::size_t series);
// "2026-11-17", with the time where another run began on the same day.
[[nodiscard]] std::string night_name(const History& history, std::size_t night);
// "+5.2%" of a ratio.
[[nodiscard]] std::string percent(double ratio);
// "+5.2% (+4.1% to +6.0%)".
[[nodiscard]] std::string effect_text(const Effect& effect);
// "2026-11-17", "2026-11-17 (2026-11-16 to 2026-11-19)".
[[nodiscard]] std::string when_text(const History& history, const Change& change);
// "24 series (p50, p99)": distinct series of an alert.
[[nodiscard]] std::string extent_text(const Judgement& judgement, const Alert& alert);
// "slower by 4.8% since 2026-11-17": the median of its changes.
[[nodiscard]] std::string movement_text(const History& history, const Judgement& judgement,
                                        const Alert& alert);
// "transport tcp: 24 of its 24 series"; "all 412 series that were measured"; empty where nothing is telling.
[[nodiscard]] std::string ground_text(const CommonGround& ground);
// "podbench 0.1.0 -> 0.1.1"; empty where the program is the same on both sides of the change.
[[nodiscard]] std::string program_text(const History& history, std::size_t night);

}  // namespace podbench::track
