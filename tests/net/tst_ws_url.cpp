// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ws_url.h"

#include <QTest>

using namespace feedscope;

class tst_WsUrl : public QObject {
    Q_OBJECT

private slots:
    void takesApart_data();
    void takesApart();
    void refuses_data();
    void refuses();
    void tlsIsNamedAsUnsupported();
    void whatIsRefusedIsShownEscaped();
};

void tst_WsUrl::takesApart_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("hostHeader");
    QTest::addColumn<QByteArray>("whole");
    const auto row = [](const char *name, const char *url, const char *host, int port, const char *target,
                         const char *header, const char *whole) {
        QTest::newRow(name) << QByteArray(url) << QByteArray(host) << port << QByteArray(target) << QByteArray(header)
                            << QByteArray(whole);
    };
    row("host only", "ws://example.org", "example.org", 80, "/", "example.org", "ws://example.org/");
    row("port and path", "ws://127.0.0.1:8765/feed", "127.0.0.1", 8765, "/feed", "127.0.0.1:8765",
        "ws://127.0.0.1:8765/feed");
    row("the scheme's own port is left out", "ws://a:80/", "a", 80, "/", "a", "ws://a/");
    row("RFC 3986 3.2.3 an empty port", "ws://a:/x", "a", 80, "/x", "a", "ws://a/x");
    row("a query without a path", "ws://a?x=1", "a", 80, "/?x=1", "a", "ws://a/?x=1");
    row("a query", "ws://a/p?x=1&y=%20", "a", 80, "/p?x=1&y=%20", "a", "ws://a/p?x=1&y=%20");
    row("an at sign in the query", "ws://a/p?mail=x@y", "a", 80, "/p?mail=x@y", "a", "ws://a/p?mail=x@y");
    row("IPv6", "ws://[::1]:9/", "::1", 9, "/", "[::1]:9", "ws://[::1]:9/");
    row("IPv6 without a port", "ws://[fe80::1]", "fe80::1", 80, "/", "[fe80::1]", "ws://[fe80::1]/");
    row("scheme and host in capitals", "WS://LOCALHOST:1/Path", "localhost", 1, "/Path", "localhost:1",
        "ws://localhost:1/Path");
    row("the highest port", "ws://a:65535/", "a", 65535, "/", "a:65535", "ws://a:65535/");
}

void tst_WsUrl::takesApart()
{
    QFETCH(QByteArray, url);
    const auto parsed = net::parseWsUrl(url);
    QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().what));
    QTEST(parsed->host, "host");
    QTEST(int(parsed->port), "port");
    QTEST(parsed->target, "target");
    QTEST(parsed->hostHeader(), "hostHeader");
    QTEST(parsed->toBytes(), "whole");
    QVERIFY(!parsed->tls);
    const auto again = net::parseWsUrl(parsed->toBytes());
    QVERIFY(again && *again == *parsed);
}

void tst_WsUrl::refuses_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no scheme") << QByteArray("localhost:8765");
    QTest::newRow("http") << QByteArray("http://localhost/");
    QTest::newRow("no host") << QByteArray("ws:///feed");
    QTest::newRow("only a port") << QByteArray("ws://:80/");
    QTest::newRow("RFC 6455 3 fragment") << QByteArray("ws://a/#top");
    QTest::newRow("RFC 6455 3 empty fragment") << QByteArray("ws://a#");
    QTest::newRow("userinfo") << QByteArray("ws://user:secret@a/");
    QTest::newRow("port 0") << QByteArray("ws://a:0/");
    QTest::newRow("port 65536") << QByteArray("ws://a:65536/");
    QTest::newRow("port with a sign") << QByteArray("ws://a:+80/");
    QTest::newRow("port of letters") << QByteArray("ws://a:http/");
    QTest::newRow("IPv6 without brackets") << QByteArray("ws://::1/");
    QTest::newRow("an open bracket") << QByteArray("ws://[::1/");
    QTest::newRow("empty brackets") << QByteArray("ws://[]/");
    QTest::newRow("a space in the path") << QByteArray("ws://a/b c");
    QTest::newRow("a space in front") << QByteArray(" ws://a/");
    QTest::newRow("CR LF") << QByteArray("ws://a/\r\nX: y");
    QTest::newRow("NUL") << QByteArray("ws://a/\0", 8);
    QTest::newRow("DEL") << QByteArray("ws://a/\x7f");
    QTest::newRow("not ASCII") << QByteArray("ws://a/\xc3\xbc");
}

void tst_WsUrl::refuses()
{
    QFETCH(QByteArray, url);
    const auto parsed = net::parseWsUrl(url);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, base::ErrorCode::BadInput);
    QVERIFY(parsed.error().what.contains(QStringLiteral("is not a WebSocket URL: ")));
}

void tst_WsUrl::tlsIsNamedAsUnsupported()
{
    const auto parsed = net::parseWsUrl("wss://example.org/feed");
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, base::ErrorCode::Unsupported);
    QVERIFY(parsed.error().what.startsWith(QStringLiteral("'wss://example.org/feed' needs TLS")));
}

void tst_WsUrl::whatIsRefusedIsShownEscaped()
{
    const auto parsed = net::parseWsUrl("ws://a/\x1b[31m");
    QVERIFY(!parsed);
    QVERIFY(!parsed.error().what.contains(QChar(0x1b)));
    QVERIFY(parsed.error().what.contains(QStringLiteral("position 8")));
}

QTEST_GUILESS_MAIN(tst_WsUrl)
#include "tst_ws_url.moc"
