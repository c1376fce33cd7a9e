// Typed fields of a record in CBOR, for the codec's files only (codec.hpp). Thread-safety: pure. Errors:
// std::runtime_error or nlohmann's own for a field of another type or range; an absent one leaves the
// default.
#pragma once

#include <bit>
#include <cstring>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace podbench {

static_assert(std::endian::native == std::endian::little, "byte strings are copied as they lie");

template <typename Number>
nlohmann::json pack(const std::vector<Number>& values) {
  static_assert(sizeof(Number) == 8);
  std::vector<std::uint8_t> bytes(values.size() * sizeof(Number));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return nlohmann::json::binary(std::move(bytes));
}

class Fields {
 public:
  using json = nlohmann::json;
  explicit Fields(const json& object) : object_(object) {}

  void read(const char* name, std::string& into) const {
    if (const json* field = find(name)) into = field->get_ref<const std::string&>();
  }
  void read(const char* name, std::uint64_t& into) const {
    if (const json* field = find(name))
      into = natural(name, *field, std::numeric_limits<std::uint64_t>::max());
  }
  void read(const char* name, std::uint32_t& into) const {
    if (const json* field = find(name))
      into = static_cast<std::uint32_t>(natural(name, *field, 0xffff'ffffU));
  }
  void read(const char* name, int& into) const {
    if (const json* field = find(name)) into = integer(name, *field);
  }
  void read(const char* name, std::int64_t& into) const {
    const json* field = find(name);
    if (field == nullptr) return;
    if (!field->is_number_integer()) throw refused(name);
    into = field->get<std::int64_t>();
  }
  void read(const char* name, bool& into) const {
    if (const json* field = find(name)) into = field->get_ref<const bool&>();
  }
  void read(const char* name, double& into) const {
    const json* field = find(name);
    if (field == nullptr) return;
    if (!field->is_number()) throw refused(name);
    into = field->get<double>();
  }
  void read(const char* name, std::vector<std::string>& into) const {
    const json* field = find(name);
    if (field == nullptr) return;
    into.clear();
    for (const json& item : *field) into.push_back(item.get_ref<const std::string&>());
  }
  void read(const char* name, std::vector<int>& into) const {
    const json* field = find(name);
    if (field == nullptr) return;
    into.clear();
    for (const json& item : *field) into.push_back(integer(name, item));
  }
  void read(const char* name, std::map<std::string, std::string>& into) const {
    const json* field = find(name);
    if (field == nullptr) return;
    into.clear();
    for (const auto& [key, value] : field->items()) into[key] = value.get_ref<const std::string&>();
  }
  template <typename Number>
  void read_packed(const char* name, std::vector<Number>& into) const {
    const json* field = find(name);
    if (field == nullptr) return;
    if (!field->is_binary() || field->get_binary().size() % sizeof(Number) != 0) throw refused(name);
    const auto& bytes = field->get_binary();
    into.resize(bytes.size() / sizeof(Number));
    if (!into.empty()) std::memcpy(into.data(), bytes.data(), bytes.size());
  }
  [[nodiscard]] const json* find(const char* name) const {
    const auto at = object_.find(name);
    return at == object_.end() ? nullptr : &*at;
  }

 private:
  static std::runtime_error refused(const char* name) {
    return std::runtime_error(std::string("field ") + name + " has a wrong type or value");
  }
  static std::uint64_t natural(const char* name, const json& field, std::uint64_t most) {
    if (!field.is_number_unsigned() || field.get<std::uint64_t>() > most) throw refused(name);
    return field.get<std::uint64_t>();
  }
  static int integer(const char* name, const json& field) {
    if (!field.is_number_integer()) throw refused(name);
    const auto value = field.get<std::int64_t>();
    if (value < -1 || value > std::numeric_limits<int>::max()) throw refused(name);
    return static_cast<int>(value);
  }
  const json& object_;
};

}  // namespace podbench
