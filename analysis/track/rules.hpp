// By what rules nights are judged. Thread-safety: values.
#pragma once

#include <cstddef>

namespace podbench::track {

struct Rules {
  // Of a night and series: how improbable a change must be without one. Judged again every night of a year,
  // this comes to less than one false alert in a hundred series-years (measured: bench/replay.cpp).
  double alert_p = 5e-5;
  // Of a night, over all series of a metric: Benjamini & Hochberg.
  double false_discovery = 0.05;
  // What is improbable but not yet enough: named as suspected, never an alert.
  double suspect_p = 1e-3;
  // Changes below this are of no interest however sure they are.
  double least_effect = 0.01;
  double confidence = 0.95;  // of the effect's interval
};

}  // namespace podbench::track
