// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/input.h"
#include "wire/handshake.h"

using namespace feedscope;

namespace {

void judgeRequest(const wire::HttpRequest &request)
{
    wire::ServerHandshakeOptions options;
    options.subprotocols = {"feedscope.v1"};
    options.paths = {"/", "/feed"};
    options.allowedHosts = {"localhost", "[::1]:8765"};
    options.allowedOrigins = {"https://app.example"};
    for (const wire::ServerHandshakeOptions &one : {options, wire::ServerHandshakeOptions()}) {
        const wire::HandshakeAnswer answer = wire::answerHandshake(request, one);
        fuzz::require(answer.accepted == answer.violations.empty());
        fuzz::require(answer.accepted == (answer.response.status == 101));
        // What we answer is a head that we would read ourselves, whatever the peer wrote into its request.
        wire::HttpHeadParser parser(wire::HttpHeadParser::Kind::Response);
        parser.feed(answer.response.toBytes());
        fuzz::require(parser.state() == wire::HttpHeadParser::State::Complete);
        fuzz::require(parser.response().headers == answer.response.headers);
    }
    request.queryValue("topic");
    wire::wantsUpgrade(request);
}

} // namespace

/// Any bytes as a request or a response: the same outcome whole and byte by byte, bounded memory, and a well-formed
/// answer.
extern "C" int LLVMFuzzerTestOneInput(const quint8 *data, size_t size)
{
    fuzz::Input input(data, size);
    const auto kind = input.byte() & 1 ? wire::HttpHeadParser::Kind::Response : wire::HttpHeadParser::Kind::Request;
    const wire::HttpHeadParser::Limits limits{200, 200, 1000, 12};
    const QByteArrayView bytes = input.rest();

    wire::HttpHeadParser whole(kind, limits);
    const qsizetype taken = whole.feed(bytes);
    fuzz::require(taken <= bytes.size() && whole.rawBytes().size() <= limits.block);

    wire::HttpHeadParser bytewise(kind, limits);
    qsizetype takenBytewise = 0;
    for (qsizetype i = 0; i < bytes.size() && bytewise.state() == wire::HttpHeadParser::State::Incomplete; ++i)
        takenBytewise += bytewise.feed(bytes.sliced(i, 1));
    fuzz::require(bytewise.state() == whole.state());
    if (whole.state() == wire::HttpHeadParser::State::Refused) {
        fuzz::require(bytewise.violation().rule == whole.violation().rule);
        fuzz::require(whole.refusalStatus() >= 400);
        wire::refusalText(whole.violation());
    }
    if (whole.state() != wire::HttpHeadParser::State::Complete)
        return 0;
    fuzz::require(takenBytewise == taken && bytewise.rawBytes() == whole.rawBytes());
    if (kind == wire::HttpHeadParser::Kind::Request) {
        judgeRequest(whole.request());
    } else {
        wire::ClientHandshakeOptions options;
        options.host = "localhost";
        options.key = "dGhlIHNhbXBsZSBub25jZQ==";
        options.subprotocols = {"feedscope.v1"};
        wire::checkHandshakeResponse(wire::makeHandshakeRequest(options), whole.response());
    }
    return 0;
}
