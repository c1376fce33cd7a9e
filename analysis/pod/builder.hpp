// A pod while its file is read: vertices and links with their names, within the bounds of pod.hpp.
// Thread-safety: none. Errors: RequestError without a place, from which a reader makes one with its place.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/pod/pod.hpp"

namespace podbench {

class PodBuilder {
 public:
  explicit PodBuilder(Pod& pod) : pod_(pod) {}

  int add_node(const std::string& name, int ports);
  int add_rack(const std::string& name);
  // A switch; `tier` 0: found later, its distance from the nearest port.
  int add_switch(const std::string& name, int tier);
  int add_link(int a, int b, double rate_bits_per_second, int cables = 1, const std::string& name = "");

  // Refuses where so many more nodes with so many ports each do not fit, before one of them is made.
  void expect_nodes(std::size_t count, std::size_t ports) const;

  // Refuses where so many more links do not fit, before one of them is made.
  void expect_links(double count) const;

  [[nodiscard]] int node(std::string_view name) const;
  // "leaf0"; "n03" for the port of a node with one; "n03:1" for one of several.
  [[nodiscard]] int vertex(const std::string& name) const;

  [[nodiscard]] Pod& pod() noexcept { return pod_; }
  [[nodiscard]] const Pod& pod() const noexcept { return pod_; }

 private:
  int add_vertex(PodVertex vertex);
  void take(const std::string& name);

  Pod& pod_;
  std::unordered_map<std::string, int> nodes_, vertices_, racks_;
};

}  // namespace podbench
