// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/send_queue.h"

#include <QTest>

#include <array>

using namespace feedscope;

namespace {

QByteArray drained(net::SendQueue &queue, qint64 step)
{
    QByteArray all;
    while (!queue.isEmpty()) {
        std::array<QByteArrayView, 3> pieces;
        const size_t count = queue.peek(pieces);
        qint64 left = qMin(step, queue.bytes());
        for (size_t i = 0; i < count && left > 0; ++i) {
            const qsizetype taken = qMin<qsizetype>(left, pieces[i].size());
            all += pieces[i].first(taken);
            queue.consume(taken);
            left -= taken;
            break; // the pieces are valid until the queue changes
        }
    }
    return all;
}

} // namespace

class tst_SendQueue : public QObject {
    Q_OBJECT

private slots:
    void givesBackTheBytesInOrder_data();
    void givesBackTheBytesInOrder();
    void beginsBehindWhatWasSent();
    void keepsLargeArraysByReference();
    void joinsSmallOnesWithoutTouchingTheirs();
    void consumesOverSeveralPieces();
    void holdsNothingAfterTheLastByte();
};

void tst_SendQueue::givesBackTheBytesInOrder_data()
{
    QTest::addColumn<int>("step");
    for (const int step : {1, 7, 127, 128, 1000, 1'000'000})
        QTest::addRow("%d at a time", step) << step;
}

void tst_SendQueue::givesBackTheBytesInOrder()
{
    QFETCH(int, step);
    net::SendQueue queue;
    QByteArray expected;
    for (int i = 0; i < 300; ++i) {
        const QByteArray part((i * 37) % 400, static_cast<char>('a' + i % 26));
        queue.append(part);
        expected += part;
    }
    QCOMPARE(queue.bytes(), expected.size());
    QCOMPARE(drained(queue, step), expected);
    QVERIFY(queue.isEmpty());
}

void tst_SendQueue::beginsBehindWhatWasSent()
{
    for (const int size : {10, 1000}) {
        net::SendQueue queue;
        QByteArray bytes(size, 'x');
        bytes[4] = 'y';
        queue.append(bytes, 4);
        queue.append("z");
        QCOMPARE(queue.bytes(), size - 4 + 1);
        QCOMPARE(drained(queue, 1'000'000), bytes.sliced(4) + 'z');
    }
}

void tst_SendQueue::keepsLargeArraysByReference()
{
    net::SendQueue first;
    net::SendQueue second;
    const QByteArray shared(1000, 's');
    first.append(shared, 10);
    second.append("a small one before it");
    second.append(shared);
    std::array<QByteArrayView, 2> pieces;
    QCOMPARE(first.peek(pieces), size_t(1));
    QCOMPARE(pieces[0].data(), shared.constData() + 10);
    QCOMPARE(second.peek(pieces), size_t(2));
    QCOMPARE(pieces[1].data(), shared.constData());
}

void tst_SendQueue::joinsSmallOnesWithoutTouchingTheirs()
{
    net::SendQueue queue;
    const QByteArray pong("\x8a\x00", 2);
    for (int i = 0; i < 1000; ++i)
        queue.append(pong);
    std::array<QByteArrayView, 4> pieces;
    QCOMPARE(queue.peek(pieces), size_t(1));
    QCOMPARE(pieces[0].size(), 2000);
    QCOMPARE(pong.size(), 2);
}

void tst_SendQueue::consumesOverSeveralPieces()
{
    net::SendQueue queue;
    queue.append(QByteArray(200, 'a'));
    queue.append(QByteArray(200, 'b'));
    queue.append(QByteArray(200, 'c'));
    queue.consume(450);
    std::array<QByteArrayView, 4> pieces;
    QCOMPARE(queue.peek(pieces), size_t(1));
    QCOMPARE(pieces[0].toByteArray(), QByteArray(150, 'c'));
}

void tst_SendQueue::holdsNothingAfterTheLastByte()
{
    net::SendQueue queue;
    QByteArray bytes(1000, 'x');
    queue.append(bytes);
    QVERIFY(!bytes.isDetached());
    queue.consume(1000);
    QVERIFY(bytes.isDetached());
    queue.append(bytes);
    queue.clear();
    QVERIFY(queue.isEmpty());
    QVERIFY(bytes.isDetached());
}

QTEST_GUILESS_MAIN(tst_SendQueue)
#include "tst_send_queue.moc"
