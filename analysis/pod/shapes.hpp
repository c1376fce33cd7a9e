// The shapes that make links in a few lines of a pod file (docs/pod.md): leaf_spine, rails, crossbar, mesh,
// torus. Thread-safety: none. Errors: RequestError with FILE:LINE:COLUMN.
#pragma once

#include "analysis/pod/builder.hpp"
#include "analysis/pod/file_reader.hpp"

namespace podbench {

// Every shape's tables in the file, in the order leaf_spine, rails, crossbar, mesh, torus. The nodes are
// there already.
void read_shapes(TableReader& root, PodBuilder& builder);

// One [[mesh]] or [[torus]].
void read_grid(TableReader& table, PodBuilder& builder, const std::vector<int>& nodes, bool wraps);

// The port of every node in turn that `port = ` names; the only one where the key is absent and nodes have
// one.
[[nodiscard]] std::vector<int> one_port_each(TableReader& table, const PodBuilder& builder,
                                             const std::vector<int>& nodes);

}  // namespace podbench
