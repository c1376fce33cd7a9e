// Texts of any length over a Rendezvous, whose values are short: cut into parts and put together again.
// Thread-safety: as the Rendezvous. Errors: as its functions, and RunError for parts that do not fit.
#pragma once

#include <map>
#include <string>

#include "transports/rendezvous.hpp"

namespace podbench {

// `key` and its parts as values to publish; at most 64 MiB of text.
[[nodiscard]] std::map<std::string, Blob> text_parts(const std::string& key, const std::string& text);

// Publishes them all; visible after the next fence.
void publish_text(Rendezvous& rendezvous, const std::string& key, const std::string& text);

// What `rank` published.
[[nodiscard]] std::string lookup_text(Rendezvous& rendezvous, int rank, const std::string& key,
                                      Deadline deadline);

}  // namespace podbench
