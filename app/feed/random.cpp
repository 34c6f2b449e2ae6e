// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/random.h"

#include <bit>
#include <cmath>

namespace feedscope::feed {

namespace {

quint64 splitMix(quint64 &state)
{
    state += 0x9e3779b97f4a7c15u;
    quint64 z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Of a value in (0, 1]. frexp is exact, the rest is a series in ((m-1)/(m+1))²  <= 0.03.
double naturalLog(double value)
{
    int exponent = 0;
    double m = std::frexp(value, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        --exponent;
    }
    const double s = (m - 1) / (m + 1);
    const double s2 = s * s;
    double sum = 1.0 / 17;
    for (int odd = 15; odd >= 1; odd -= 2)
        sum = 1.0 / odd + s2 * sum;
    return 2 * s * sum + exponent * 0.69314718055994530942;
}

} // namespace

Random::Random(quint64 seed, quint64 stream)
{
    quint64 state = stream;
    state = seed ^ splitMix(state);
    for (quint64 &word : m_state)
        word = splitMix(state);
}

quint64 Random::next()
{
    auto &s = m_state;
    const quint64 result = std::rotl(s[0] + s[3], 23) + s[0];
    const quint64 t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

double Random::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

quint64 Random::below(quint64 bound)
{
    Q_ASSERT(bound > 0);
    // Bounds here are small against 2^64, so that the bias of the remainder is beyond notice.
    return next() % bound;
}

double Random::normal()
{
    // Sum of twelve uniform numbers of 16 bits (Irwin–Hall): variance 12 · 1/12.
    quint32 sum = 0;
    for (int draw = 0; draw < 3; ++draw) {
        const quint64 bits = next();
        sum += static_cast<quint32>(bits & 0xffff) + static_cast<quint32>(bits >> 16 & 0xffff)
            + static_cast<quint32>(bits >> 32 & 0xffff) + static_cast<quint32>(bits >> 48);
    }
    return (static_cast<double>(sum) + 6) * 0x1.0p-16 - 6;
}

double Random::exponential()
{
    return -naturalLog(1 - uniform());
}

double Random::pareto()
{
    const double root = std::sqrt(1 - uniform());
    return 1 / (root * std::sqrt(root));
}

} // namespace feedscope::feed
