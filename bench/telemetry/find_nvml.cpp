// Graphics processors through NVML, NVIDIA's management library, which comes with the driver: it is opened at
// run time where it is there, and nothing of it is needed to build. Functions, numbers and units are those of
// its reference (docs.nvidia.com/deploy/nvml-api).
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <utility>

#include "bench/telemetry/find.hpp"

namespace podbench {
namespace {

using Device = void*;
using Status = int;  // 0: success

constexpr unsigned most_devices = 64, most_links = 18;
constexpr Status gone_status = 15;  // NVML_ERROR_GPU_IS_LOST

// Opened library and the functions of it that are used; those that an old driver lacks are null.
class Nvml {
 public:
  static std::shared_ptr<Nvml> open(const std::string& library) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return nullptr;
    auto nvml = std::shared_ptr<Nvml>(new Nvml(handle));
    const auto init = nvml->find<Status()>("nvmlInit_v2");
    if (init == nullptr || init() != 0) return nullptr;
    nvml->initialised_ = true;
    return nvml;
  }
  ~Nvml() {
    if (const auto end = find<Status()>("nvmlShutdown"); initialised_ && end != nullptr) end();
    ::dlclose(handle_);
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  template <typename Function>
  [[nodiscard]] Function* find(const char* name) const {
    return reinterpret_cast<Function*>(::dlsym(handle_, name));
  }

 private:
  explicit Nvml(void* handle) : handle_(handle) {}
  void* handle_;
  bool initialised_ = false;
};

// One question to one device: NaN where it has no answer now or never had.
struct Question {
  SensorQuantity quantity;
  std::function<Status(double&)> ask;
};

class GraphicsProcessor final : public Source {
 public:
  GraphicsProcessor(std::shared_ptr<Nvml> nvml, std::vector<Question> questions)
      : nvml_(std::move(nvml)), questions_(std::move(questions)) {
    for (const Question& question : questions_) quantities_.push_back(question.quantity);
  }
  void read(std::span<Reading> into) override {
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      double value = 0;
      const Status status = questions_[i].ask(value);
      if (status == 0) into[i].value = value;
      if (status == gone_status) into[i].ended = "the device fell off the bus";
    }
  }

 private:
  std::shared_ptr<Nvml> nvml_;
  std::vector<Question> questions_;
};

// What one device is asked; only what it answers at first is asked again.
class Questions {
 public:
  Questions(const Nvml& nvml, Device device, std::string name)
      : nvml_(nvml), device_(device), name_(std::move(name)) {}

  // A function that gives one number, with arguments in between.
  template <typename Number, typename... Arguments>
  void add(const char* function, const char* what, const char* unit, TelemetryKind kind, double factor,
           double limit, Arguments... arguments) {
    const auto call = nvml_.find<Status(Device, Arguments..., Number*)>(function);
    if (call == nullptr) return;
    Question question{{name_ + "." + what, unit, kind, limit},
                      [call, factor, device = device_, arguments...](double& value) {
                        Number number = 0;
                        const Status status = call(device, arguments..., &number);
                        value = static_cast<double>(number) * factor;
                        return status;
                      }};
    if (double value = 0; question.ask(value) == 0) questions_.push_back(std::move(question));
  }
  // The same, asked once; NaN where there is no answer.
  template <typename Number, typename... Arguments>
  [[nodiscard]] double once(const char* function, double factor, Arguments... arguments) const {
    const auto call = nvml_.find<Status(Device, Arguments..., Number*)>(function);
    Number number = 0;
    if (call == nullptr || call(device_, arguments..., &number) != 0) return Reading{}.value;
    return static_cast<double>(number) * factor;
  }
  [[nodiscard]] std::vector<Question> take() { return std::move(questions_); }

 private:
  const Nvml& nvml_;
  Device device_;
  std::string name_;
  std::vector<Question> questions_;
};

void ask_of_state(Questions& ask) {
  constexpr int core_sensor = 0, slowdown_threshold = 1, sm_clock = 1, memory_clock = 2;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  using enum TelemetryKind;
  ask.add<unsigned>("nvmlDeviceGetPowerUsage", "power", "W", gauge, 1e-3,
                    ask.once<unsigned>("nvmlDeviceGetEnforcedPowerLimit", 1e-3));
  ask.add<unsigned long long>("nvmlDeviceGetTotalEnergyConsumption", "energy", "J", counter, 1e-3, none);
  ask.add<unsigned>("nvmlDeviceGetTemperature", "temperature", "C", gauge, 1,
                    ask.once<unsigned>("nvmlDeviceGetTemperatureThreshold", 1, slowdown_threshold),
                    core_sensor);
  ask.add<unsigned>("nvmlDeviceGetClockInfo", "clock_sm", "Hz", gauge, 1e6, none, sm_clock);
  ask.add<unsigned>("nvmlDeviceGetClockInfo", "clock_memory", "Hz", gauge, 1e6, none, memory_clock);
  ask.add<unsigned long long>("nvmlDeviceGetCurrentClocksThrottleReasons", "throttle_reasons", "bits", gauge,
                              1, none);
}

void ask_of_errors(Questions& ask) {
  constexpr int corrected = 0, uncorrected = 1, since_driver_load = 0;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  using enum TelemetryKind;
  ask.add<unsigned long long>("nvmlDeviceGetTotalEccErrors", "ecc_corrected", "1", errors, 1, none, corrected,
                              since_driver_load);
  ask.add<unsigned long long>("nvmlDeviceGetTotalEccErrors", "ecc_uncorrected", "1", errors, 1, none,
                              uncorrected, since_driver_load);
  constexpr std::array<const char*, 4> link_errors{"replay", "recovery", "crc_flit", "crc_data"};
  for (unsigned link = 0; link < most_links; ++link)
    for (unsigned counter = 0; counter < link_errors.size(); ++counter)
      ask.add<unsigned long long>("nvmlDeviceGetNvLinkErrorCounter",
                                  fmt::format("nvlink{}.{}", link, link_errors[counter]).c_str(), "1", errors,
                                  1, none, link, static_cast<int>(counter));
}

}  // namespace

void find_nvml(const std::string& library, Sources& sources) {
  const std::shared_ptr<Nvml> nvml = Nvml::open(library);
  if (!nvml) return;
  const auto count_devices = nvml->find<Status(unsigned*)>("nvmlDeviceGetCount_v2");
  const auto device_at = nvml->find<Status(unsigned, Device*)>("nvmlDeviceGetHandleByIndex_v2");
  unsigned count = 0;
  if (count_devices == nullptr || device_at == nullptr || count_devices(&count) != 0) return;
  for (unsigned i = 0; i < std::min(count, most_devices); ++i) {
    Device device = nullptr;
    if (device_at(i, &device) != 0) continue;
    Questions ask(*nvml, device, fmt::format("gpu{}", i));
    ask_of_state(ask);
    ask_of_errors(ask);
    sources.push_back(std::make_unique<GraphicsProcessor>(nvml, ask.take()));
  }
}

}  // namespace podbench
