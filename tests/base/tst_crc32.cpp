// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.h"

#include <QTest>

using feedscope::base::crc32;

class TestCrc32 : public QObject {
    Q_OBJECT
private slots:
    void theCheckValueIsTheOneOfTheCatalogue()
    {
        QCOMPARE(crc32("123456789"), 0xcbf43926U);
    }

    void ofNothingItIsZero()
    {
        QCOMPARE(crc32({}), 0U);
    }

    void bytesAbove127AreNotSigned()
    {
        QCOMPARE(crc32("\xff\xff\xff\xff"), 0xffffffffU);
    }

    void piecesGiveTheSameAsTheWhole()
    {
        QCOMPARE(crc32("56789", crc32("1234")), 0xcbf43926U);
    }
};

QTEST_APPLESS_MAIN(TestCrc32)
#include "tst_crc32.moc"
