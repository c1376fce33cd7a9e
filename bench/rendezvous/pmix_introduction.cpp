#include "bench/rendezvous/pmix_introduction.hpp"

#include <fmt/format.h>
#include <pmix.h>

#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr const char* store_key = "podbench.store";

[[noreturn]] void fail(const char* doing, pmix_status_t status) {
  throw RunError(fmt::format("PMIx: {}: {}", doing, PMIx_Error_string(status)), status);
}

// What a PMIx callback leaves for the caller. Shared by both, as the callback may come after the deadline.
struct Completion {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<pmix_status_t> status;
};
using SharedCompletion = std::shared_ptr<Completion>;

void complete(pmix_status_t status, void* data) {
  const std::unique_ptr<SharedCompletion> mine(static_cast<SharedCompletion*>(data));
  const std::lock_guard lock((*mine)->mutex);
  (*mine)->status = status;
  (*mine)->done.notify_all();
}

class PmixIntroduction final : public Introduction {
 public:
  PmixIntroduction() {
    if (const pmix_status_t status = PMIx_Init(&self_, nullptr, 0); status != PMIX_SUCCESS)
      fail("joining the launcher", status);
    size_ = job_number(PMIX_JOB_SIZE).value_or(0);
    if (size_ < 1) {
      PMIx_Finalize(nullptr, 0);
      throw RunError("PMIx: the launcher does not say how many ranks there are");
    }
    one_node_ = job_number(PMIX_LOCAL_SIZE) == size_;
  }
  ~PmixIntroduction() override { PMIx_Finalize(nullptr, 0); }

  int rank() const noexcept override { return static_cast<int>(self_.rank); }
  int size() const noexcept override { return size_; }
  bool one_node() const noexcept override { return one_node_; }

  std::string share(const std::string& text, Deadline deadline) override {
    if (rank() == 0) {
      pmix_value_t value;
      PMIX_VALUE_LOAD(&value, text.c_str(), PMIX_STRING);
      pmix_status_t status = PMIx_Put(PMIX_GLOBAL, store_key, &value);
      PMIX_VALUE_DESTRUCT(&value);
      if (status == PMIX_SUCCESS) status = PMIx_Commit();
      if (status != PMIX_SUCCESS) fail("publishing the store's address", status);
    }
    fence(deadline);
    return rank() == 0 ? text : published_by_rank_0();
  }

  void abort(int exit_code, const std::string& reason) noexcept override {
    PMIx_Abort(exit_code, reason.c_str(), nullptr, 0);
  }

 private:
  std::optional<int> job_number(const char* key) const {
    pmix_proc_t job;
    PMIX_LOAD_PROCID(&job, self_.nspace, PMIX_RANK_WILDCARD);
    pmix_value_t* value = nullptr;
    if (PMIx_Get(&job, key, nullptr, 0, &value) != PMIX_SUCCESS) return std::nullopt;
    const std::optional<int> number =
        value->type == PMIX_UINT32 ? std::optional(static_cast<int>(value->data.uint32)) : std::nullopt;
    PMIX_VALUE_RELEASE(value);
    return number;
  }

  void fence(Deadline deadline) {
    pmix_proc_t job;
    PMIX_LOAD_PROCID(&job, self_.nspace, PMIX_RANK_WILDCARD);
    const bool yes = true;
    pmix_info_t collect;
    PMIX_INFO_LOAD(&collect, PMIX_COLLECT_DATA, &yes, PMIX_BOOL);
    const auto completion = std::make_shared<Completion>();
    auto* mine = new SharedCompletion(completion);
    const pmix_status_t started = PMIx_Fence_nb(&job, 1, &collect, 1, complete, mine);
    if (started != PMIX_SUCCESS) complete(started == PMIX_OPERATION_SUCCEEDED ? PMIX_SUCCESS : started, mine);
    std::unique_lock lock(completion->mutex);
    if (!completion->done.wait_for(lock, deadline.left(), [&] { return completion->status.has_value(); }))
      throw RunError("PMIx: waiting for the other ranks: the deadline passed");
    PMIX_INFO_DESTRUCT(&collect);
    if (*completion->status != PMIX_SUCCESS) fail("waiting for the other ranks", *completion->status);
  }

  // Collected by the fence, so the answer is at hand.
  std::string published_by_rank_0() const {
    pmix_proc_t first;
    PMIX_LOAD_PROCID(&first, self_.nspace, 0);
    pmix_value_t* value = nullptr;
    const pmix_status_t status = PMIx_Get(&first, store_key, nullptr, 0, &value);
    if (status != PMIX_SUCCESS) fail("learning the store's address", status);
    const std::string text =
        value->type == PMIX_STRING && value->data.string != nullptr ? value->data.string : std::string();
    PMIX_VALUE_RELEASE(value);
    return text;
  }

  pmix_proc_t self_{};
  int size_ = 0;
  bool one_node_ = false;
};

}  // namespace

std::unique_ptr<Introduction> introduced_by_pmix() {
  return std::make_unique<PmixIntroduction>();
}

}  // namespace podbench
