#include "analysis/document.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace podbench {

using nlohmann::ordered_json;

ordered_json json_number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

ordered_json case_object(const TableCase& row, const std::vector<const ValueColumn*>& values) {
  ordered_json object;
  object["name"] = row.summary->key.name();
  for (const KeyColumn& key : key_columns()) {
    if (key.number == nullptr) {
      object[std::string(key.name)] = key.text(row);
    } else {
      object[std::string(key.name)] = key.number(row);
    }
  }
  for (const ValueColumn* column : values) {
    const double value = column->value(*row.summary);
    auto& field = object[std::string(column->field)];
    if (!std::isfinite(value)) {
      field = nullptr;
    } else if (column->quantity == Quantity::count && value < 0x1p53 && value == std::floor(value)) {
      field = static_cast<std::int64_t>(value);
    } else {
      field = value;
    }
  }
  object["note"] = row.summary->note;
  return object;
}

std::string dump(const ordered_json& document) {
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string json_document(const std::vector<TableCase>& cases,
                          const std::vector<const ValueColumn*>& values) {
  ordered_json document;
  document["cases"] = ordered_json::array();
  for (const TableCase& row : cases) document["cases"].push_back(case_object(row, values));
  return dump(document);
}

std::string csv_document(const std::vector<TableCase>& cases, const std::vector<const ValueColumn*>& values) {
  std::string text = "name";
  for (const KeyColumn& key : key_columns()) text += "," + std::string(key.name);
  for (const ValueColumn* column : values) text += "," + std::string(column->field);
  text += ",note\n";
  for (const TableCase& row : cases) {
    text += csv_field(row.summary->key.name());
    for (const KeyColumn& key : key_columns()) {
      text += "," + (key.number == nullptr ? csv_field(key.text(row)) : std::to_string(key.number(row)));
    }
    for (const ValueColumn* column : values) text += "," + plain_number(column->value(*row.summary), "");
    text += "," + csv_field(row.summary->note) + "\n";
  }
  return text;
}

}  // namespace podbench
