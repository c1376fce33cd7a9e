#include "bench/rendezvous/alone_rendezvous.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "base/error.hpp"
#include "bench/rendezvous/address.hpp"
#include "bench/rendezvous/message.hpp"
#include "bench/rendezvous/secret.hpp"

namespace podbench {
namespace {

class AloneRendezvous final : public Rendezvous {
 public:
  int rank() const noexcept override { return 0; }
  int size() const noexcept override { return 1; }

  void publish(std::string_view key, std::span<const std::byte> value) override {
    if (key.empty() || key.size() > most_key_bytes || value.size() > most_value_bytes)
      throw RunError("a published key or value is beyond the limits");
    if (!values_.try_emplace(std::string(key), value.begin(), value.end()).second)
      throw RunError(fmt::format("\"{}\" is published twice", key));
  }
  void fence(Deadline) override {}
  Blob lookup(int rank, std::string_view key, Deadline) override {
    const auto found = values_.find(key);
    if (rank != 0 || found == values_.end())
      throw RunError(fmt::format("rank {} has published no \"{}\"", rank, key));
    return found->second;
  }
  const std::string& host(int) const override { return host_; }
  int node(int) const override { return 0; }
  const std::string& address() const noexcept override { return address_; }
  const std::string& launch_id() const noexcept override { return launch_id_; }

  void abort(int, std::string_view reason) noexcept override {
    std::fprintf(stderr, "podbench: %.*s\n", static_cast<int>(reason.size()), reason.data());
    _exit(static_cast<int>(ExitCode::not_completed));
  }
  void report_stall(std::span<const int>, std::string_view doing) noexcept override {
    std::fprintf(stderr, "podbench: the only rank waited in vain for itself while %.*s\n",
                 static_cast<int>(doing.size()), doing.data());
    _exit(static_cast<int>(ExitCode::not_completed));
  }

 private:
  std::string host_ = this_node();
  std::string address_ = "127.0.0.1";
  std::string launch_id_ = new_launch_id();
  std::map<std::string, Blob, std::less<>> values_;
};

}  // namespace

std::unique_ptr<Rendezvous> join_alone() {
  return std::make_unique<AloneRendezvous>();
}

}  // namespace podbench
