// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>

namespace feedscope::feed {

/// One message of a subscriber, read as far as every request has the same shape. Not owned beyond the call that made it.
struct Request {
    QJsonObject object;
    QByteArray type;
    QByteArray id; ///< JSON text to be said again in the answer; empty: none was given
    QByteArray errorCode; ///< empty: the request can be looked at
    QByteArray errorMessage;
};

/// Bounded: 1 MiB, nesting 64.
Request parseRequest(QByteArrayView message);

/// {"type":"error","id":…,"code":…,"message":…}
QByteArray errorMessage(const QByteArray &id, QByteArrayView code, QByteArrayView message);

/// A peer's text inside a sentence for people: cut with a mark, quoted by the caller.
QByteArray excerpt(QByteArrayView text, qsizetype most = 64);

} // namespace feedscope::feed
