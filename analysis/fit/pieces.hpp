// Where a curve of message times changes its law: straight pieces with jumps between them. Networks switch
// protocols by size (eager, rendezvous), memories run out of caches; both look like another line from some
// size on.
//
// For each number of pieces the cuts of least loss are found exactly by dynamic programming (J. Bai,
// P. Perron, "Computation and analysis of multiple structural change models", J. Applied Econometrics 18(1),
// 2003), the number of pieces by Schwarz's criterion (G. Schwarz, "Estimating the dimension of a model",
// Annals of Statistics 6(2), 1978; for change points Y.-C. Yao, Statistics & Probability Letters 6(3), 1988).
// Two guards: a mean loss below the noise of the times is worth no further piece, and two pieces stay apart
// only where one line through both would miss a point by three times the noise, and by 5% at least. That
// protocols are told by a line no longer fitting is from T. Hoefler, A. Lichei, W. Rehm, "Low-overhead LogGP
// parameter assessment for modern interconnection networks", PMEO-PDS'07.
// Thread-safety: pure. Units: in the names; noise relative.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/fit/line.hpp"

namespace podbench::fit {

struct Piece {
  std::size_t first = 0, last = 0;  // samples, both included
  Line line;
};

inline constexpr std::size_t least_piece_samples = 3;  // two make a line, the third can contradict it
inline constexpr double least_noise = 0.02;            // no curve of a real network is straighter

struct PieceRules {
  std::size_t most_pieces = 8;
  double noise = least_noise;
};

// Of samples of ascending sizes, no size twice; none for none. Of more than 100 samples about a hundred
// take part in the search for cuts.
[[nodiscard]] std::vector<Piece> find_pieces(std::span<const Sample> samples, const PieceRules& rules);

// The size from which on the later of two neighbouring pieces holds: where their lines cross if that is
// between the samples around the cut, else the geometric middle of the two, or where the later line is below
// 0 there, its first sample.
[[nodiscard]] double switch_bytes(std::span<const Sample> samples, const Piece& before, const Piece& after);

// The noise of one curve alone, from how far each sample is off the line between its neighbours: the
// pseudo-residuals of T. Gasser, L. Sroka, C. Jennen-Steinmetz, "Residual variance and residual pattern in
// nonlinear regression", Biometrika 73(3), 1986, of which the median is taken so that cuts do not count.
// NaN below five samples.
[[nodiscard]] double own_noise(std::span<const Sample> samples);

}  // namespace podbench::fit
