// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <tl/expected.hpp>

namespace feedscope::base {

/// What kind of thing in the world went wrong; for branching, not for showing.
enum class ErrorCode : quint8 {
    BadInput, ///< a file, URL or option that cannot be used
    AddressInUse,
    Refused, ///< the remote refused the connection or the handshake
    Unreachable, ///< no route, no such host
    TimedOut,
    Io, ///< the disk or the socket failed
    Unsupported,
};

/// The world is wrong (not the peer, not the caller). `what` is a sentence for people that names the thing, the value, the
/// limit and what to do; `detail` is for the log.
struct Error {
    ErrorCode code = ErrorCode::Io;
    QString what;
    QString detail;
};

template <class T> using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(ErrorCode code, QString what, QString detail = {})
{
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(detail)});
}

} // namespace feedscope::base
