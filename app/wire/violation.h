// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <bit>
#include <vector>

namespace feedscope::wire {

struct FrameHeader;

/// Every rule that a peer can break. The code, the inspector and the documents share the table behind ruleInfo().
/// Values below 32 are rules about frames (a ViolationSet holds them; files store the numbers, so append only);
/// from 32 on, rules about the opening handshake.
enum class Rule : quint8 {
    ReservedBit1 = 0,
    ReservedBit2,
    ReservedBit3,
    ReservedOpcode,
    FragmentedControl,
    OversizeControl,
    UnmaskedClientFrame,
    MaskedServerFrame,
    NonMinimalLength,
    LengthTopBit,
    OrphanContinuation,
    InterleavedData, ///< a new data frame inside an unfinished message
    InvalidUtf8,
    ClosePayloadTooShort,
    InvalidCloseCode,
    InvalidCloseReason, ///< reason is not UTF-8
    DataAfterClose,
    MessageTooBig, ///< our limit, not the RFC's
    TooManyFragments, ///< our limit
    TruncatedFrame, ///< the stream ended inside a frame
    UnsolicitedPong, ///< allowed; shown
    InflateFailed, ///< RFC 7692

    NotHttp = 32,
    BadRequestLine,
    UnsupportedHttpVersion,
    MethodNotGet,
    RequestLineTooLong,
    HeaderTooLong,
    HeadersTooLarge,
    TooManyHeaders,
    BadHeader, ///< no colon, bad name, control or non-ASCII bytes
    FoldedHeader,
    BadHost,
    RequestHasBody,
    MissingUpgrade,
    MissingConnectionUpgrade,
    UnsupportedVersion,
    BadKey,
    BadSubprotocol,
    BadExtensions,
    UnknownPath,
    BadPath,
    ForbiddenHost,
    ForbiddenOrigin,
    HandshakeTimeout,
    BadStatus, ///< the server did not answer 101
    BadAccept,
    UnofferedSubprotocol,
    UnofferedExtension,
    TooManyConnections,
};

struct RuleInfo {
    Rule rule;
    const char *name; ///< "unmasked-client-frame": stable, for files and filters
    const char *section; ///< "RFC 6455 5.1", or "limit" for our own
    const char *text; ///< one sentence for people
    quint16 closeCode; ///< what an endpoint answers (frame rules); 0 = nothing
};

const RuleInfo &ruleInfo(Rule rule);
/// All rows, in the order of their values.
const std::vector<RuleInfo> &allRules();

/// One broken rule with what was seen. `detail` is made of escaped bytes and numbers only.
struct Violation {
    Rule rule;
    QString detail;
    bool operator==(const Violation &) const = default;
};

/// The frame rules that one frame breaks. Costs nothing to carry; describe() turns it into words.
class ViolationSet {
public:
    void insert(Rule rule) { m_bits |= bit(rule); }
    bool contains(Rule rule) const { return m_bits & bit(rule); }
    bool isEmpty() const { return m_bits == 0; }
    int size() const { return std::popcount(m_bits); }
    quint32 bits() const { return m_bits; }
    static ViolationSet fromBits(quint32 bits)
    {
        ViolationSet set;
        set.m_bits = bits;
        return set;
    }
    /// In the order of their values.
    std::vector<Rule> rules() const;
    bool operator==(const ViolationSet &) const = default;

private:
    static quint32 bit(Rule rule)
    {
        Q_ASSERT(static_cast<quint8>(rule) < 32);
        return 1u << static_cast<quint8>(rule);
    }
    quint32 m_bits = 0;
};

/// The violations of a frame with details such as "opcode 0x3", "length 5 written in 64 bits".
std::vector<Violation> describe(ViolationSet set, const FrameHeader &header, QByteArrayView payload);

} // namespace feedscope::wire
