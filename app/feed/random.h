// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>

namespace feedscope::feed {

/// Numbers that look random and are the same on every computer: xoshiro256++ seeded by splitmix64, and distributions that use nothing but
/// IEEE + - * / and sqrt. (std:: distributions and libm may differ from one platform to the next.) Not for secrets.
class Random {
public:
    /// `stream` gives independent sequences of one seed.
    explicit Random(quint64 seed, quint64 stream = 0);

    quint64 next();
    double uniform(); ///< [0, 1)
    quint64 below(quint64 bound); ///< 0 … bound-1; bound > 0
    bool chance(double probability) { return uniform() < probability; }
    double normal(); ///< mean 0, variance 1, never beyond ±6
    double exponential(); ///< mean 1
    double pareto(); ///< >= 1, mean 4, tail exponent 4/3: variance without bound

private:
    std::array<quint64, 4> m_state;
};

} // namespace feedscope::feed
