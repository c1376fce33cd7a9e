// A rendezvous whose fences end in time: whoever waits in vain says for whom, so that the supervisor can name
// the rank that hangs, as it does for waits on a transport.
// Thread-safety and lifetime: as the rendezvous behind it, which outlives it.
#pragma once

#include <chrono>
#include <exception>

#include "transports/rendezvous.hpp"

namespace podbench::accept {

class WatchedRendezvous final : public Rendezvous {
 public:
  // No fence waits longer than `patience`, whatever its deadline.
  WatchedRendezvous(Rendezvous& inner, std::chrono::nanoseconds patience)
      : inner_(inner), patience_(patience) {}

  // For work of other ranks that may take long: until the next call.
  void expect(std::chrono::nanoseconds longer) { longer_ = longer; }

  int rank() const noexcept override { return inner_.rank(); }
  int size() const noexcept override { return inner_.size(); }
  void publish(std::string_view key, std::span<const std::byte> value) override {
    inner_.publish(key, value);
  }
  // StalledError where the others do not come.
  void fence(Deadline deadline) override;
  Blob lookup(int rank, std::string_view key, Deadline deadline) override {
    return inner_.lookup(rank, key, deadline);
  }
  const std::string& host(int rank) const override { return inner_.host(rank); }
  int node(int rank) const override { return inner_.node(rank); }
  const std::string& address() const noexcept override { return inner_.address(); }
  const std::string& launch_id() const noexcept override { return inner_.launch_id(); }
  [[noreturn]] void abort(int blamed_rank, std::string_view reason) noexcept override {
    inner_.abort(blamed_rank, reason);
    std::terminate();  // GCC 12 does not see that a virtual function never returns
  }
  [[noreturn]] void report_stall(std::span<const int> peers, std::string_view doing) noexcept override {
    inner_.report_stall(peers, doing);
    std::terminate();
  }

 private:
  Rendezvous& inner_;
  std::chrono::nanoseconds patience_, longer_{};
};

}  // namespace podbench::accept
