// A schedule file in the XML of MSCCL, as it is written: who has which blocks of which steps. Only its form
// is checked here, what it means in program.hpp.
//
// Format and meaning: M. Cowan et al., "MSCCLang: Microsoft Collective Communication Language", ASPLOS 2023,
// and the public runtime that interprets such files. Attributes that only steer a GPU (proto, nthreads,
// minBytes, maxBytes) are not looked at.
// Thread-safety: values. Errors: RequestError, "file:line: what is wrong; what would be right".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "patterns/pattern.hpp"

namespace podbench::imported {

// Where a step reads or writes: `first` counts chunks. A field that the step's type has no use for may hold
// anything, as synthesizers write the other GPU's place there.
struct Place {
  Buffer buffer = Buffer::input;
  std::int64_t first = -1;
};

enum class StepType : std::uint8_t {
  send,
  receive,
  receive_copy_send,
  receive_reduce_send,
  receive_reduce_copy,
  receive_reduce_copy_send,
  copy,
  reduce,
  nop,
};

struct FileStep {
  StepType type = StepType::nop;
  Place from, into;
  std::uint32_t chunks = 0;
  // The block and step, both as they are numbered in the file, that must be over first; block -1: none.
  int awaited_block = -1, awaited_step = -1;
  bool is_awaited = false;
  int line = 0;
};

struct FileBlock {
  int id = 0;
  int send_peer = -1, receive_peer = -1;
  std::uint16_t channel = 0;
  int line = 0;
  std::vector<FileStep> steps;
};

struct FileGpu {
  std::uint32_t input_chunks = 0, output_chunks = 0, scratch_chunks = 0;
  int line = 0;
  std::vector<FileBlock> blocks;
};

struct MscclFile {
  std::string name;        // for complaints
  std::string collective;  // as it is written
  std::uint32_t chunks = 0;
  bool in_place = false;
  int line = 0;
  std::vector<FileGpu> gpus;

  [[nodiscard]] std::string where(int line_number) const { return name + ":" + std::to_string(line_number); }
};

inline constexpr int most_gpus = 4'096;
inline constexpr std::uint32_t most_chunks = 1U << 20;  // of one buffer, and of one loop
inline constexpr std::size_t most_steps = 400'000;      // of all GPUs
inline constexpr std::uint64_t most_moved = 1U << 26;   // chunks of all steps, and of one loop on all GPUs

[[nodiscard]] MscclFile read_msccl_file(const SourceText& source);

}  // namespace podbench::imported
