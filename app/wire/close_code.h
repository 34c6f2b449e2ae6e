// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace feedscope::wire {

/// RFC 6455 7.4.1 and the IANA registry. Any quint16 can be on the wire; these are the ones with a name.
enum CloseCode : quint16 {
    NormalClosure = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    UnsupportedData = 1003,
    NoStatusReceived = 1005, ///< never on the wire
    AbnormalClosure = 1006, ///< never on the wire
    InvalidPayload = 1007,
    PolicyViolation = 1008,
    MessageTooBigCode = 1009,
    MandatoryExtension = 1010,
    InternalError = 1011,
    ServiceRestart = 1012,
    TryAgainLater = 1013,
    BadGateway = 1014,
    TlsHandshake = 1015, ///< never on the wire
};

/// May stand in a close frame: 1000–1003, 1007–1014, 3000–4999.
bool isValidOnWire(quint16 code);
/// "normal closure", "going away", "application code" (4000–4999), "registered code" (3000–3999), "reserved".
QString closeCodeName(quint16 code);
/// A sentence for people, with its source: "The endpoint is leaving, such as … (RFC 6455 7.4.1)."
QString closeCodeMeaning(quint16 code);

struct ClosePayload {
    std::optional<quint16> code; ///< empty: no payload (or one of a single byte)
    QByteArray reason; ///< as it was on the wire, UTF-8 or not
};
ClosePayload parseClosePayload(QByteArrayView payload);
/// RFC 6455 5.5: at most 125 bytes; a longer reason is cut at a code point.
QByteArray makeClosePayload(std::optional<quint16> code, QByteArrayView reason = {});

} // namespace feedscope::wire
