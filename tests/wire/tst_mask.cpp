// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/mask.h"

#include "support/wire_text.h"

#include <QTest>

#include <set>

using namespace feedscope;

class tst_Mask : public QObject {
    Q_OBJECT

private slots:
    void masksTheExampleOfTheRfc();
    void agreesWithTheDefinitionAtEveryLengthOffsetAndAlignment();
    void maskingTwiceChangesNothing();
    void aMaskInPiecesIsTheMaskOfTheWhole();
    void randomKeysDiffer();
};

void tst_Mask::masksTheExampleOfTheRfc()
{
    // RFC 6455 5.7: "Hello" masked with 37 fa 21 3d.
    QByteArray bytes = "Hello";
    wire::applyMask({bytes.data(), 5}, {0x37, 0xfa, 0x21, 0x3d});
    QCOMPARE(bytes, tests::hex("7f 9f 4d 51 58"));
}

void tst_Mask::agreesWithTheDefinitionAtEveryLengthOffsetAndAlignment()
{
    const wire::MaskingKey key{0x01, 0x80, 0xfe, 0x55};
    for (size_t length = 0; length <= 70; ++length) {
        for (size_t alignment = 0; alignment < 8; ++alignment) {
            for (quint64 offset : {0ull, 1ull, 2ull, 3ull, 4ull, 7ull, 0xffffffffffull}) {
                std::vector<char> bytes(alignment + length + 1);
                for (size_t i = 0; i < bytes.size(); ++i)
                    bytes[i] = static_cast<char>(i * 37);
                std::vector<char> expected = bytes;
                for (size_t i = 0; i < length; ++i) // RFC 6455 5.3, word for word
                    expected[alignment + i] = static_cast<char>(expected[alignment + i] ^ key[(offset + i) % 4]);
                wire::applyMask({bytes.data() + alignment, length}, key, offset);
                QCOMPARE(bytes, expected);
            }
        }
    }
}

void tst_Mask::maskingTwiceChangesNothing()
{
    QByteArray bytes(1000, 'x');
    const wire::MaskingKey key{9, 8, 7, 6};
    wire::applyMask({bytes.data(), 1000}, key);
    QVERIFY(bytes != QByteArray(1000, 'x'));
    wire::applyMask({bytes.data(), 1000}, key);
    QCOMPARE(bytes, QByteArray(1000, 'x'));
}

void tst_Mask::aMaskInPiecesIsTheMaskOfTheWhole()
{
    const wire::MaskingKey key{1, 2, 3, 4};
    QByteArray whole(101, 'q');
    wire::applyMask({whole.data(), 101}, key);
    for (size_t cut = 0; cut <= 101; ++cut) {
        QByteArray pieces(101, 'q');
        wire::applyMask({pieces.data(), cut}, key, 0);
        wire::applyMask({pieces.data() + cut, 101 - cut}, key, cut);
        QCOMPARE(pieces, whole);
    }
}

void tst_Mask::randomKeysDiffer()
{
    wire::RandomMaskSource source;
    std::set<wire::MaskingKey> keys;
    for (int i = 0; i < 3000; ++i) // the pool is drawn anew every 1024 keys
        keys.insert(source.next());
    QVERIFY(keys.size() >= 2990);
}

QTEST_APPLESS_MAIN(tst_Mask)
#include "tst_mask.moc"
