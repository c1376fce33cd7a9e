// THE plug-in header: what a transport, a way to move bytes between the ranks of a launch, must offer.
//
// A plug-in is a shared object `podbench_transport_<name>.so` with one C symbol, podbench_transport_v2. It
// publishes a Transport, which opens one Endpoint a rank. An Endpoint turns lists of Transfers into Batches;
// a Batch is resolved once (addresses, keys, requests) and then posted as often as it is wanted, so that the
// timed path has no look-up, no allocation and two virtual calls a step.
//
// Threads: an Endpoint, its Memory and its Batches belong to one thread; different Endpoints are independent.
// Errors:  RunError with the native code for what broke, LostPeer when it is known whose fault it is. "Cannot
//          be used here" is a Device with a reason, never an exception. A caller's mistake is an assert.
// Units:   bytes, nanoseconds. Lifetime: Batch before Memory before Endpoint before Rendezvous.
// docs/adding-a-transport.md walks through a whole plug-in; transports/conformance proves one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/datatype.hpp"
#include "base/reduce.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

// A range of bytes that an Endpoint may send from, receive into, or offer to one-sided access. Its owner
// destroys it after the last Batch that names it. Zero bytes is a valid size; data() may then be null.
class Memory {
 public:
  virtual ~Memory() = default;
  [[nodiscard]] std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 protected:
  Memory(std::byte* data, std::size_t bytes) noexcept : data_(data), bytes_(bytes) {}
  std::byte* data_;
  std::size_t bytes_;
};

// A peer's Memory as seen from here, for put and get.
class RemoteMemory {
 public:
  virtual ~RemoteMemory() = default;
  // Where it lies in this process, so that loads and stores reach it; empty where they do not. Its pages are
  // the peer's own: what one writes and announces by an atomic in such memory, the other one reads.
  [[nodiscard]] std::span<std::byte> mapped() const noexcept { return mapped_; }

 protected:
  explicit RemoteMemory(std::span<std::byte> mapped = {}) noexcept : mapped_(mapped) {}

 private:
  std::span<std::byte> mapped_;
};

enum class TransferKind : std::uint8_t { send, receive, put, get };

// One movement of bytes. Sends and receives match by (peer, tag) in the order in which each side posts them;
// both sides give the same number of bytes (a longer message than its receive is a RunError).
struct Transfer {
  TransferKind kind = TransferKind::send;
  std::uint16_t tag = 0;  // 0 … largest_tag
  int peer = 0;           // any rank, this one included
  std::byte* data = nullptr;
  std::size_t bytes = 0;
  const Memory* memory = nullptr;  // holds [data, data + bytes)
  // A receive may reduce (only where Capabilities::direct): data = operand `reduce` incoming. `operand` is at
  // least `bytes` long, is `data` itself or does not overlap it, and `element_bytes` are never split.
  Reducer reduce = nullptr;
  const std::byte* operand = nullptr;
  std::size_t element_bytes = 1;
  // put and get: [remote_offset, remote_offset + bytes) of the peer's memory.
  const RemoteMemory* remote = nullptr;
  std::uint64_t remote_offset = 0;
};
inline constexpr std::uint16_t largest_tag = 16'383;

// What an endpoint can do: asked, never assumed.
struct Capabilities {
  bool direct = false;  // a peer's buffer is read in place: receives may reduce without a staging copy
  bool put = false;     // one-sided; complete when the bytes are in the peer's memory
  bool get = false;
  bool mapped = false;  // attach() works, and to what allocate() gave it gives RemoteMemory::mapped()
  bool device_memory = false;
  std::size_t largest_inject = 0;  // a send up to this size is complete when post() returns
  std::size_t largest_message = std::numeric_limits<std::size_t>::max();
  std::string one_sided_missing;  // why put or get is off, where the transport has it elsewhere; one line
};

// Transfers that are posted together, any number of times, one after the other. Order of completion is free.
class Batch {
 public:
  virtual ~Batch() = default;
  // Starts all transfers; never blocks for a peer. The previous post has completed (test() said so). All
  // named memory is the transport's until test() returns true.
  virtual void post() = 0;
  // Makes progress on the whole endpoint and returns whether all transfers have completed: sent buffers may
  // be written again, received bytes are there. Never blocks. True again and again until the next post().
  [[nodiscard]] virtual bool test() = 0;
};

// A collective that the transport brings itself (MPI's, NCCL's, a switch's).
enum class Collective : std::uint8_t {
  allreduce,
  reduce_scatter,
  allgather,
  alltoall,
  alltoallv,
  broadcast,
  reduce,
  gather,
  scatter,
  barrier
};
// `alltoall` only where every block between any two ranks is equally long; else `alltoallv`. The others look
// at the counts, which all ranks that must agree can see.
struct NativeCall {
  Collective collective = Collective::barrier;
  DataType type = DataType::float32;
  Op op = Op::sum;
  int root = 0;
  std::byte* input = nullptr;  // not written
  std::byte* output = nullptr;
  const Memory* input_memory = nullptr;
  const Memory* output_memory = nullptr;
  // Elements per peer and where they start, for every collective whose blocks may differ in length (all but
  // allreduce, broadcast, reduce, barrier, which use input_counts[0]). The call copies what it needs.
  std::span<const std::uint64_t> input_counts, input_offsets, output_counts, output_offsets;
};
class NativeCollectives {
 public:
  virtual ~NativeCollectives() = default;
  [[nodiscard]] virtual bool supports(Collective collective, DataType type, Op op) const noexcept = 0;
  // Collective: all ranks prepare the same calls in the same order and post them in the same order.
  // The batch's post() may run the whole collective (a library's blocking call): only here it may block for
  // peers, and one that hangs is found by whoever supervises the launch.
  [[nodiscard]] virtual std::unique_ptr<Batch> prepare(const NativeCall& call) = 0;
};

class Endpoint {
 public:
  virtual ~Endpoint() = default;  // lets go at once, without talking to peers; close() first for a clean end
  [[nodiscard]] virtual int rank() const noexcept = 0;
  [[nodiscard]] virtual int size() const noexcept = 0;
  [[nodiscard]] virtual const Capabilities& capabilities() const noexcept = 0;

  // New memory, zeroed, page-aligned, of the kind that this transport likes best.
  [[nodiscard]] virtual std::unique_ptr<Memory> allocate(std::size_t bytes) = 0;
  // Makes the caller's own memory usable; it stays the caller's and outlives the result.
  [[nodiscard]] virtual std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) = 0;
  // For put, get and mapped memory: `expose` gives the blob by which a peer attaches; only where the
  // capabilities say so.
  [[nodiscard]] virtual Blob expose(const Memory& memory);
  [[nodiscard]] virtual std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte> exposed);

  // Resolves a batch. Not collective. An empty list is a batch that is complete as soon as it is posted.
  [[nodiscard]] virtual std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) = 0;
  [[nodiscard]] virtual NativeCollectives* native() noexcept { return nullptr; }

  // Sleeps until something may have arrived, at most `span`; may return early, never misses an arrival that
  // came after the last test(). For ranks that share a core: the caller has already spun and yielded.
  virtual void block(std::chrono::microseconds span);

  // Collective: returns when no peer needs this endpoint any more. Afterwards only destruction is allowed.
  virtual void close(Deadline deadline) = 0;
};

// What may stand behind the colon of a transport's name: a provider, a device, an implementation.
struct Device {
  std::string name;
  std::string detail;           // a few words for `podbench list transports`: version, interface, speed
  std::string unusable_reason;  // empty where it can be used here; else one line with the way to mend it
  // How its ranks must be started; empty: any way will do. Else a program and its arguments, with "{ranks}"
  // where the number of ranks goes; podbench's own command line is appended.
  std::vector<std::string> launch_command;
};

struct OpenRequest {
  std::string device;  // one of devices(), or empty: the transport chooses the first that can be used
  Deadline deadline = Deadline::after(std::chrono::seconds(30));
  bool crowded = false;  // more ranks than cores on this node: waits will sleep in Endpoint::block
};

class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::string_view description() const noexcept = 0;
  // Best first. Probes without leaving a trace (no fork, no file, no initialised library left behind).
  [[nodiscard]] virtual std::vector<Device> devices() const = 0;
  // Collective over the rendezvous.
  [[nodiscard]] virtual std::unique_ptr<Endpoint> open(const OpenRequest& request,
                                                       Rendezvous& rendezvous) const = 0;
  // Whether its endpoints bring collectives of their own (Endpoint::native).
  [[nodiscard]] virtual bool has_native() const noexcept { return false; }
  // Versions of library and provider, for the run's record: {"libfabric", "1.17.0"}.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> versions() const { return {}; }
};

}  // namespace podbench

// The plug-in's one symbol. The Transport lives as long as the program. A change of this header that breaks
// plug-ins changes the symbol's number.
#define PODBENCH_TRANSPORT(TYPE)                                                                   \
  extern "C" __attribute__((visibility("default"))) podbench::Transport* podbench_transport_v2() { \
    static TYPE transport;                                                                         \
    return &transport;                                                                             \
  }
