// The functions of NVML that podbench asks, of two made-up devices. The second has no links and falls off the
// bus when its power was asked a few times.
#include <cstdint>

namespace {
int devices[2];
int asked = 0;
int index_of(void* device) {
  return static_cast<int>(static_cast<int*>(device) - devices);
}
}  // namespace

extern "C" {
int nvmlInit_v2() {
  asked = 0;
  return 0;
}
int nvmlShutdown() {
  return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = 2;
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  *device = &devices[index];
  return 0;
}
int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
  if (index_of(device) == 1 && ++asked > 3) return 15;
  *milliwatts = index_of(device) == 0 ? 345'600 : 120'000;
  return 0;
}
int nvmlDeviceGetEnforcedPowerLimit(void*, unsigned* milliwatts) {
  *milliwatts = 700'000;
  return 0;
}
int nvmlDeviceGetTemperature(void*, int sensor, unsigned* celsius) {
  *celsius = 61;
  return sensor == 0 ? 0 : 2;
}
int nvmlDeviceGetTemperatureThreshold(void*, int threshold, unsigned* celsius) {
  *celsius = threshold == 1 ? 87 : 92;
  return 0;
}
int nvmlDeviceGetClockInfo(void*, int clock, unsigned* mhz) {
  *mhz = clock == 1 ? 1'980 : 2'619;
  return 0;
}
int nvmlDeviceGetCurrentClocksThrottleReasons(void*, unsigned long long* reasons) {
  *reasons = 0x28;
  return 0;
}
int nvmlDeviceGetTotalEccErrors(void*, int type, int counter, unsigned long long* errors) {
  *errors = type == 0 ? 7 : 0;
  return counter == 0 ? 0 : 2;
}
int nvmlDeviceGetNvLinkErrorCounter(void* device, unsigned link, int counter, unsigned long long* errors) {
  if (index_of(device) == 1 || link > 1) return 3;  // not supported
  *errors = 10 * link + static_cast<unsigned>(counter);
  return 0;
}
}
