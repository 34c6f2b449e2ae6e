// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "feed/hub.h"

namespace feedscope::feed {

/// The rooms of /chat (contract section 2): join, message, typing, presence. Sans-I/O, one thread; a subscriber is in one room at a time.
/// Text is passed on as data, bounded (room and user 64 bytes, text 4 KiB), and never interpreted.
class ChatRooms {
public:
    explicit ChatRooms(HubOutput &output);
    ~ChatRooms();

    void join(SubscriberId subscriber);
    void leave(SubscriberId subscriber); ///< tells the room
    void receive(SubscriberId subscriber, QByteArrayView message, base::Timestamp now);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace feedscope::feed
