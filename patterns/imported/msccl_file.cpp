#include "patterns/imported/msccl_file.hpp"

#include <fmt/format.h>
#include <tinyxml2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "base/error.hpp"

namespace podbench::imported {

namespace {

using tinyxml2::XMLElement;

constexpr std::int64_t most_blocks = 1 << 16;
constexpr std::int64_t largest_channel = 16'383;  // a channel becomes a tag
constexpr std::ptrdiff_t most_tags = 1 << 20, most_attributes = 13 * static_cast<std::ptrdiff_t>(most_steps);

struct TypeName {
  std::string_view name;
  StepType type;
};
constexpr std::array type_names = std::to_array<TypeName>({{"s", StepType::send},
                                                           {"r", StepType::receive},
                                                           {"rcs", StepType::receive_copy_send},
                                                           {"rrs", StepType::receive_reduce_send},
                                                           {"rrc", StepType::receive_reduce_copy},
                                                           {"rrcs", StepType::receive_reduce_copy_send},
                                                           {"cpy", StepType::copy},
                                                           {"re", StepType::reduce},
                                                           {"nop", StepType::nop}});

// At most so much of what a file holds is repeated to a person, and nothing that would break the line.
std::string shown(std::string_view text) {
  std::string safe(text.substr(0, 40));
  std::ranges::replace_if(
      safe, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return safe;
}

class Reader {
 public:
  explicit Reader(const SourceText& source) : source_(source) { file_.name = source.name; }

  MscclFile read() {
    refuse_floods();
    tinyxml2::XMLDocument document;
    if (document.Parse(source_.text.data(), source_.text.size()) != tinyxml2::XML_SUCCESS)
      fail(document.ErrorLineNum(), "no well-formed XML ({}); an MSCCL schedule is one <algo> element",
           tinyxml2::XMLDocument::ErrorIDToName(document.ErrorID()));
    const XMLElement* algo = document.RootElement();
    if (algo == nullptr || name_of(*algo) != "algo" || algo->NextSiblingElement() != nullptr)
      fail(algo == nullptr ? 1 : algo->GetLineNum(), "an MSCCL schedule is one <algo> element");
    read_algo(*algo);
    return std::move(file_);
  }

 private:
  template <typename... Arguments>
  [[noreturn]] void fail(int line, fmt::format_string<Arguments...> text, Arguments&&... arguments) const {
    throw RequestError(fmt::format("{}:{}: {}", source_.name, line,
                                   fmt::format(text, std::forward<Arguments>(arguments)...)));
  }

  // The parsed document is many times as large as its text.
  void refuse_floods() const {
    if (std::ranges::count(source_.text, '<') > most_tags ||
        std::ranges::count(source_.text, '=') > most_attributes)
      fail(1, "too large; at most {} steps are possible", most_steps);
  }

  static std::string_view name_of(const XMLElement& element) { return element.Name(); }

  std::string_view text_of(const XMLElement& element, const char* attribute) const {
    if (const char* text = element.Attribute(attribute)) return text;
    fail(element.GetLineNum(), "<{}> has no {}=\"...\"", shown(name_of(element)), attribute);
  }

  std::int64_t number_of(const XMLElement& element, const char* attribute, std::int64_t least,
                         std::int64_t most) const {
    const std::string_view text = text_of(element, attribute);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
      fail(element.GetLineNum(), "{}=\"{}\" is no whole number from {} to {}", attribute, shown(text), least,
           most);
    return number;
  }

  template <typename Visit>
  void for_each(const XMLElement& parent, std::string_view name, Visit visit) const {
    for (const XMLElement* child = parent.FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      if (name_of(*child) != name)
        fail(child->GetLineNum(), "<{}> inside <{}>; only <{}> belongs there", shown(name_of(*child)),
             name_of(parent), name);
      visit(*child);
    }
  }

  void read_algo(const XMLElement& algo) {
    file_.line = algo.GetLineNum();
    file_.collective = shown(text_of(algo, "coll"));
    file_.chunks = static_cast<std::uint32_t>(number_of(algo, "nchunksperloop", 1, most_chunks));
    file_.in_place = number_of(algo, "inplace", 0, 1) == 1;
    const auto gpus = static_cast<std::size_t>(number_of(algo, "ngpus", 1, most_gpus));
    if (gpus * file_.chunks > most_moved)
      fail(file_.line, "nchunksperloop=\"{}\" on {} gpus; at most {} chunks in all are possible",
           file_.chunks, gpus, most_moved);
    file_.gpus.resize(gpus);
    for_each(algo, "gpu", [&](const XMLElement& gpu) { read_gpu(gpu); });
    for (std::size_t i = 0; i < gpus; ++i)
      if (file_.gpus[i].line == 0) fail(file_.line, "ngpus=\"{}\", but there is no <gpu id=\"{}\">", gpus, i);
  }

  void read_gpu(const XMLElement& element) {
    const auto most = static_cast<std::int64_t>(file_.gpus.size()) - 1;
    const std::int64_t id = number_of(element, "id", 0, most);
    FileGpu& gpu = file_.gpus[static_cast<std::size_t>(id)];
    if (gpu.line != 0) fail(element.GetLineNum(), "gpu {} is in line {} already", id, gpu.line);
    gpu.line = element.GetLineNum();
    gpu.input_chunks = static_cast<std::uint32_t>(number_of(element, "i_chunks", 0, most_chunks));
    gpu.output_chunks = static_cast<std::uint32_t>(number_of(element, "o_chunks", 0, most_chunks));
    gpu.scratch_chunks = static_cast<std::uint32_t>(number_of(element, "s_chunks", 0, most_chunks));
    for_each(element, "tb", [&](const XMLElement& block) { read_block(block, id, gpu); });
    std::ranges::stable_sort(gpu.blocks, {}, &FileBlock::id);
    const auto twice = std::ranges::adjacent_find(gpu.blocks, {}, &FileBlock::id);
    if (twice != gpu.blocks.end())
      fail(std::next(twice)->line, "tb {} of gpu {} is in line {} already", twice->id, id, twice->line);
  }

  int peer_of(const XMLElement& element, const char* attribute, std::int64_t own) const {
    const auto most = static_cast<std::int64_t>(file_.gpus.size()) - 1;
    const std::int64_t peer = number_of(element, attribute, -1, most);
    if (peer == own)
      fail(element.GetLineNum(), "{}=\"{}\" is the gpu itself; another one, or -1, would be right", attribute,
           peer);
    return static_cast<int>(peer);
  }

  void read_block(const XMLElement& element, std::int64_t own, FileGpu& gpu) {
    FileBlock& block = gpu.blocks.emplace_back();
    block.line = element.GetLineNum();
    block.id = static_cast<int>(number_of(element, "id", 0, most_blocks));
    block.send_peer = peer_of(element, "send", own);
    block.receive_peer = peer_of(element, "recv", own);
    block.channel = static_cast<std::uint16_t>(number_of(element, "chan", 0, largest_channel));
    for_each(element, "step", [&](const XMLElement& step) { read_step(step, block); });
  }

  void read_step(const XMLElement& element, FileBlock& block) {
    if (++steps_ > most_steps) fail(element.GetLineNum(), "more than {} steps", most_steps);
    const auto expected = static_cast<std::int64_t>(block.steps.size());
    if (number_of(element, "s", 0, most_chunks) != expected)
      fail(element.GetLineNum(), "s=\"{}\" where s=\"{}\" comes next", shown(text_of(element, "s")),
           expected);
    FileStep& step = block.steps.emplace_back();
    step.line = element.GetLineNum();
    step.type = type_of(element);
    step.from = place_of(element, "srcbuf", "srcoff");
    step.into = place_of(element, "dstbuf", "dstoff");
    step.awaited_block = static_cast<int>(number_of(element, "depid", -1, most_blocks));
    step.awaited_step = static_cast<int>(number_of(element, "deps", -1, most_chunks));
    step.is_awaited = number_of(element, "hasdep", 0, 1) == 1;
    if (step.type == StepType::nop) return;
    step.chunks = static_cast<std::uint32_t>(number_of(element, "cnt", 1, most_chunks));
    if ((moved_ += step.chunks) > most_moved)
      fail(step.line, "the steps up to here move more than {} chunks", most_moved);
  }

  StepType type_of(const XMLElement& element) const {
    const std::string_view name = text_of(element, "type");
    const auto found = std::ranges::find(type_names, name, &TypeName::name);
    if (found != type_names.end()) return found->type;
    fail(element.GetLineNum(), "type=\"{}\"; s, r, rcs, rrs, rrc, rrcs, cpy, re and nop are possible",
         shown(name));
  }

  Place place_of(const XMLElement& element, const char* buffer, const char* offset) const {
    Place place;
    const std::string_view name = text_of(element, buffer);
    if (name == "o")
      place.buffer = Buffer::output;
    else if (name == "s")
      place.buffer = Buffer::scratch;
    else if (name != "i")
      fail(element.GetLineNum(), "{}=\"{}\"; i, o and s are possible", buffer, shown(name));
    place.first = number_of(element, offset, -1, most_chunks);
    return place;
  }

  const SourceText& source_;
  MscclFile file_;
  std::size_t steps_ = 0;
  std::uint64_t moved_ = 0;
};

}  // namespace

MscclFile read_msccl_file(const SourceText& source) {
  return Reader(source).read();
}

}  // namespace podbench::imported
