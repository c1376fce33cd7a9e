// Cases as JSON and CSV documents: every key, and the values asked for, with the units in the names.
// Thread-safety: pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/columns.hpp"

namespace podbench {

// A number, or null where it is NaN or infinite.
[[nodiscard]] nlohmann::ordered_json json_number(double value);

// One case as an object; a value that there is none of is null.
[[nodiscard]] nlohmann::ordered_json case_object(const TableCase& row,
                                                 const std::vector<const ValueColumn*>& values);

// {"cases": [...]} with a line break at the end.
[[nodiscard]] std::string json_document(const std::vector<TableCase>& cases,
                                        const std::vector<const ValueColumn*>& values);

// A heading line and a line a case; a value that there is none of is an empty field.
[[nodiscard]] std::string csv_document(const std::vector<TableCase>& cases,
                                       const std::vector<const ValueColumn*>& values);

// A JSON document as text, whatever bytes its strings hold.
[[nodiscard]] std::string dump(const nlohmann::ordered_json& document);

}  // namespace podbench
