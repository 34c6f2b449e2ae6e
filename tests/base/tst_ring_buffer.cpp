// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ring_buffer.h"

#include <QTest>

using namespace feedscope;

class tst_RingBuffer : public QObject {
    Q_OBJECT

private slots:
    void keepsTheNewestInOrder();
    void countsWhatWasEverAppended();
    void isEmptyAgainAfterClear();
    void capacityIsAtLeastOne();
};

void tst_RingBuffer::keepsTheNewestInOrder()
{
    base::RingBuffer<int> ring(3);
    QVERIFY(ring.isEmpty());
    for (int i = 1; i <= 100; ++i) {
        ring.append(i);
        QCOMPARE(ring.size(), qMin(i, 3));
        QCOMPARE(ring.back(), i);
        for (qsizetype k = 0; k < ring.size(); ++k)
            QCOMPARE(ring[k], i - static_cast<int>(ring.size() - 1 - k));
    }
}

void tst_RingBuffer::countsWhatWasEverAppended()
{
    base::RingBuffer<int> ring(2);
    for (int i = 0; i < 5; ++i)
        ring.append(i);
    QCOMPARE(ring.appended(), 5u);
    QCOMPARE(ring.size(), 2);
}

void tst_RingBuffer::isEmptyAgainAfterClear()
{
    base::RingBuffer<int> ring(2);
    for (int i = 0; i < 3; ++i)
        ring.append(i);
    ring.clear();
    QVERIFY(ring.isEmpty());
    ring.append(7);
    QCOMPARE(ring.size(), 1);
    QCOMPARE(ring[0], 7);
}

void tst_RingBuffer::capacityIsAtLeastOne()
{
    base::RingBuffer<int> ring(0);
    ring.append(1);
    ring.append(2);
    QCOMPARE(ring.capacity(), 1);
    QCOMPARE(ring[0], 2);
}

QTEST_APPLESS_MAIN(tst_RingBuffer)
#include "tst_ring_buffer.moc"
