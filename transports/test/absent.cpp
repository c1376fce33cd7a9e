// A library that is not there when the plug-in that needs it is loaded.
extern "C" int podbench_absent();
int podbench_absent() {
  return 1;
}
