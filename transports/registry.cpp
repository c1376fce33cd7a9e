#include "transports/registry.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view file_prefix = "podbench_transport_", file_suffix = ".so";
constexpr const char* entry_symbol = "podbench_transport_v2";

struct Plugin {
  fs::path file;
  std::string name;     // "mpi" of podbench_transport_mpi-mpich.so
  std::string variant;  // "mpich" of the same
  Transport* transport = nullptr;
  bool loaded = false;  // tried, with whatever result
  std::vector<TransportEntry> entries;
};

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// What dlerror() said, and how a person gets the library that it misses.
std::string why_not_loaded(const fs::path& file) {
  const char* said = dlerror();
  const std::string error = one_line(said == nullptr ? "unknown error of the dynamic linker" : said);
  const std::size_t colon = error.find(": cannot open shared object file");
  const std::string library = error.substr(0, colon);
  if (colon == std::string::npos || library == file) return fmt::format("cannot be loaded: {}", error);
  return fmt::format("{}; install the package that has {} or name its folder in LD_LIBRARY_PATH", error,
                     library);
}

// Plug-ins are never unloaded: a Transport lives as long as the program.
Transport* load(const fs::path& file, std::string& reason) {
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    reason = why_not_loaded(file);
    return nullptr;
  }
  void* symbol = dlsym(handle, entry_symbol);
  if (symbol == nullptr) {
    reason = fmt::format("{} has no symbol {}; rebuild it against this version of podbench",
                         file.filename().string(), entry_symbol);
    return nullptr;
  }
  return reinterpret_cast<Transport* (*)()>(symbol)();
}

void load(Plugin& plugin) {
  if (plugin.loaded) return;
  plugin.loaded = true;
  const std::string file = plugin.file.filename().string();
  std::string reason;
  plugin.transport = load(plugin.file, reason);
  if (plugin.transport == nullptr) {
    plugin.entries.push_back({plugin.name, "", file, Device{plugin.variant, "", reason, {}}});
    return;
  }
  for (Device& device : plugin.transport->devices()) {
    device.unusable_reason = one_line(device.unusable_reason);
    plugin.entries.push_back({std::string(plugin.transport->name()),
                              std::string(plugin.transport->description()), file, std::move(device)});
  }
}

// The plug-in folder beside the program: build trees and installs both have `lib` next to or some folders
// above it. A program of somebody else's finds the install that it was built against.
fs::path own_folder() {
  std::error_code ignored;
  fs::path above = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (int level = 0; level < 4 && above.has_relative_path(); ++level) {
    above = above.parent_path();
    for (const char* relative : {PODBENCH_PLUGIN_RELATIVE_DIR, "lib/podbench/transports"})
      if (fs::is_directory(above / relative, ignored)) return above / relative;
  }
  return PODBENCH_PLUGIN_ABSOLUTE_DIR;
}

std::vector<fs::path> search_folders(std::vector<std::string> first) {
  std::vector<fs::path> folders(first.begin(), first.end());
  const char* variable = std::getenv("PODBENCH_TRANSPORT_PATH");
  std::string_view path = variable == nullptr ? "" : variable;
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    if (!folder.empty()) folders.emplace_back(folder);
    path.remove_prefix(std::min(path.size(), folder.size() + 1));
  }
  folders.push_back(own_folder());
  return folders;
}

std::vector<fs::path> plugin_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;  // a folder that is not there has no plug-ins
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(file_prefix) && name.ends_with(file_suffix) &&
        name.size() > file_prefix.size() + file_suffix.size())
      files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Plugin plugin_of(const fs::path& file) {
  std::string stem = file.stem().string().substr(file_prefix.size());
  Plugin plugin;
  plugin.file = file;
  const std::size_t dash = stem.find('-');
  if (dash != std::string::npos) plugin.variant = stem.substr(dash + 1);
  plugin.name = stem.substr(0, dash);
  return plugin;
}

}  // namespace

struct Registry::State {
  std::deque<Plugin> plugins;  // in the order of the search; addresses stay
  std::vector<TransportEntry> all;

  const TransportEntry* find(std::string_view name, std::string_view device, bool by_file_name);
};

// A rank loads only the plug-in that it uses, as far as file names tell: a network library that is merely
// loaded may already start threads or change the environment.
const TransportEntry* Registry::State::find(std::string_view name, std::string_view device,
                                            bool by_file_name) {
  const TransportEntry* first = nullptr;
  const auto search = [&](Plugin& plugin) -> const TransportEntry* {
    load(plugin);
    for (const TransportEntry& entry : plugin.entries) {
      if (entry.name != name || (!device.empty() && entry.device.name != device)) continue;
      if (!device.empty() || entry.usable()) return &entry;
      if (first == nullptr) first = &entry;
    }
    return nullptr;
  };
  for (const bool same_variant : {true, false})
    for (Plugin& plugin : plugins) {
      if (by_file_name && plugin.name != name) continue;
      if ((plugin.variant == device) != same_variant) continue;
      if (const TransportEntry* entry = search(plugin)) return entry;
    }
  return first;
}

Registry::Registry(std::vector<std::string> extra_folders) : state_(std::make_unique<State>()) {
  std::set<fs::path> seen;
  for (const fs::path& folder : search_folders(std::move(extra_folders)))
    for (const fs::path& file : plugin_files(folder))
      if (seen.insert(file.filename()).second) state_->plugins.push_back(plugin_of(file));
}

Registry::~Registry() = default;

const std::vector<TransportEntry>& Registry::entries() const {
  if (!state_->all.empty()) return state_->all;
  for (Plugin& plugin : state_->plugins) {
    load(plugin);
    state_->all.insert(state_->all.end(), plugin.entries.begin(), plugin.entries.end());
  }
  std::stable_sort(state_->all.begin(), state_->all.end(), [](const auto& left, const auto& right) {
    return std::pair(std::string_view(left.name), !left.usable()) <
           std::pair(std::string_view(right.name), !right.usable());
  });
  return state_->all;
}

const TransportEntry& Registry::find(std::string_view spec) const {
  const std::size_t colon = spec.find(':');
  const std::string_view name = spec.substr(0, colon);
  const std::string_view device = colon == std::string_view::npos ? "" : spec.substr(colon + 1);
  for (const bool by_file_name : {true, false})
    if (const TransportEntry* entry = state_->find(name, device, by_file_name)) return *entry;

  std::vector<std::string> known;
  for (const TransportEntry& entry : entries()) {
    if (known.empty() || known.back() != entry.spec()) known.push_back(entry.spec());
  }
  throw RequestError(unknown_name("transport", spec, known));
}

const Transport& Registry::transport(const TransportEntry& entry) const {
  for (const Plugin& plugin : state_->plugins)
    if (plugin.transport != nullptr && plugin.file.filename() == entry.plugin) return *plugin.transport;
  throw RunError(
      fmt::format("transport {} cannot be used here: {}", entry.spec(), entry.device.unusable_reason));
}

std::unique_ptr<Endpoint> Registry::open(std::string_view spec, OpenRequest request,
                                         Rendezvous& rendezvous) const {
  const TransportEntry& entry = find(spec);
  if (!entry.usable())
    throw RunError(
        fmt::format("transport {} cannot be used here: {}", entry.spec(), entry.device.unusable_reason));
  request.device = entry.device.name;
  return transport(entry).open(request, rendezvous);
}

}  // namespace podbench
