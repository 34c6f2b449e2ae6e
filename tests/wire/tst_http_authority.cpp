// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/http_authority.h"

#include <QTest>

using namespace feedscope;

class tst_HttpAuthority : public QObject {
    Q_OBJECT

private slots:
    void readsHostAndPort_data();
    void readsHostAndPort();
    void refusesWhatIsMalformed_data();
    void refusesWhatIsMalformed();
    void bareHostStandsForEveryPort();
    void originsCompareBySchemeHostAndPort_data();
    void originsCompareBySchemeHostAndPort();
};

void tst_HttpAuthority::readsHostAndPort_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port"); // -1: none
    QTest::newRow("name") << QByteArray("Example.COM") << QByteArray("example.com") << -1;
    QTest::newRow("name and port") << QByteArray("localhost:8765") << QByteArray("localhost") << 8765;
    QTest::newRow("IPv4") << QByteArray("127.0.0.1:1") << QByteArray("127.0.0.1") << 1;
    QTest::newRow("IPv6") << QByteArray("[::1]") << QByteArray("[::1]") << -1;
    QTest::newRow("IPv6 and port") << QByteArray("[FE80::1]:65535") << QByteArray("[fe80::1]") << 65535;
    QTest::newRow("RFC 3986 3.2.3 empty port") << QByteArray("host:") << QByteArray("host") << -1;
}

void tst_HttpAuthority::readsHostAndPort()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    const auto authority = wire::parseAuthority(text);
    QVERIFY(authority);
    QCOMPARE(authority->host, host);
    QCOMPARE(authority->port ? int(*authority->port) : -1, port);
}

void tst_HttpAuthority::refusesWhatIsMalformed_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", ":80", "a:b:c", "user@host", "user:secret@host", "host:0", "host:65536", "host:123456",
             "host:8x", "host:-1", "::1", "[::1", "[]", "[::1]x", "[::g]", "a b", "a/b", "a,b", "http://a", "a%00"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
}

void tst_HttpAuthority::refusesWhatIsMalformed()
{
    QFETCH(QByteArray, text);
    QVERIFY(!wire::parseAuthority(text));
}

void tst_HttpAuthority::bareHostStandsForEveryPort()
{
    const auto asked = [](const char *text) { return *wire::parseAuthority(text); };
    QVERIFY(wire::matchesHost(asked("localhost:8765"), "localhost"));
    QVERIFY(wire::matchesHost(asked("LOCALHOST"), "localhost"));
    QVERIFY(wire::matchesHost(asked("localhost:8765"), "Localhost:8765"));
    QVERIFY(!wire::matchesHost(asked("localhost:8766"), "localhost:8765"));
    QVERIFY(wire::matchesHost(asked("localhost"), "localhost:80"));
    QVERIFY(!wire::matchesHost(asked("localhost"), "localhost:8765"));
    QVERIFY(!wire::matchesHost(asked("localhost.attacker.test"), "localhost"));
    QVERIFY(!wire::matchesHost(asked("localhost"), ""));
}

void tst_HttpAuthority::originsCompareBySchemeHostAndPort_data()
{
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<bool>("same"); // as https://app.example
    QTest::newRow("itself") << QByteArray("https://app.example") << true;
    QTest::newRow("port of its scheme") << QByteArray("https://app.example:443") << true;
    QTest::newRow("case") << QByteArray("HTTPS://APP.example") << true;
    QTest::newRow("A3 http") << QByteArray("http://app.example") << false;
    QTest::newRow("A3 other port") << QByteArray("https://app.example:8443") << false;
    QTest::newRow("A3 suffix") << QByteArray("https://app.example.evil.com") << false;
    QTest::newRow("A3 prefix") << QByteArray("https://xapp.example") << false;
    QTest::newRow("A3 null") << QByteArray("null") << false;
    QTest::newRow("A3 userinfo") << QByteArray("https://app.example@evil.com") << false;
    QTest::newRow("A3 userinfo before it") << QByteArray("https://evil@app.example") << false;
    QTest::newRow("path") << QByteArray("https://app.example/") << false;
    QTest::newRow("list") << QByteArray("https://app.example https://evil.com") << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void tst_HttpAuthority::originsCompareBySchemeHostAndPort()
{
    QFETCH(QByteArray, origin);
    QFETCH(bool, same);
    QCOMPARE(wire::isSameOrigin(origin, "https://app.example"), same);
    QCOMPARE(wire::isSameOrigin("https://app.example", origin), same);
    QVERIFY(wire::isSameOrigin("null", "null"));
}

QTEST_APPLESS_MAIN(tst_HttpAuthority)
#include "tst_http_authority.moc"
