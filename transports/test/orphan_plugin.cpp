// A plug-in that needs a library which its loader does not find.
extern "C" int podbench_absent();
extern "C" int podbench_transport_v2();
int podbench_transport_v2() {
  return podbench_absent();
}
