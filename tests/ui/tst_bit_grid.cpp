// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/bit_grid.h"

#include "support/wire_text.h"
#include "ui/inspector/bits_view.h"
#include "ui/inspector/field_list.h"
#include "ui/inspector/hex_view.h"
#include "ui/widgets/colors.h"
#include "ui/widgets/format.h"

#include <QApplication>
#include <QScrollBar>
#include <QtTest>

using namespace feedscope;
using namespace feedscope::ui;

namespace {

FrameAnatomy anatomyOf(const QByteArray &bytes, wire::Role from)
{
    const std::vector<wire::Frame> frames = tests::decodeAll({from, false}, {bytes});
    Q_ASSERT(frames.size() == 1);
    capture::Record record;
    record.from = from;
    record.header = frames.front().header;
    record.payload = frames.front().payload;
    record.violations = frames.front().violations;
    return FrameAnatomy(record);
}

FrameAnatomy maskedHello()
{
    return anatomyOf(tests::hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"), wire::Role::Client);
}

void hover(QWidget *widget, QPoint at)
{
    QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(widget, &event);
}

} // namespace

class TstBitGrid : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everyBitHasItsPlace();
    void pointingAtABitLightsItsField();
    void pointingAtAPayloadBitLightsItsByte();
    void pointingAtAFieldLightsGridAndBytes();
    void pointingAtAByteLightsFieldsAndGrid();
    void reservedBitsAreOneRowUntilOneIsSet();
    void readoutShowsTheXor();
    void clickKeepsAndClickAgainLetsGo();
    void leavingLetsGo();
    void headerByteHoldsSeveralFields();
    void longPayloadIsCutVisibly();
    void largePayloadIsScrolledNotLaidOut();
};

void TstBitGrid::initTestCase()
{
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(darkPalette());
    QApplication::setFont(wordFont(11));
}

void TstBitGrid::everyBitHasItsPlace()
{
    FrameHighlight highlight;
    BitGrid grid(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    grid.setFrame(&anatomy);
    grid.resize(700, 300);
    QCOMPARE(grid.shownBytes(), 11);
    for (qint64 bit = 0; bit < 88; ++bit)
        QCOMPARE(grid.bitAt(grid.bitRect(bit).center()), bit);
    QCOMPARE(grid.bitRect(32).left(), grid.bitRect(0).left()); // 32 bits in a row
    QVERIFY(grid.bitRect(32).top() > grid.bitRect(31).bottom());
    QVERIFY(grid.bitRect(88).isEmpty());
    QCOMPARE(grid.bitAt({2, 2}), qint64(-1));
    QVERIFY(grid.rect().right() >= grid.bitRect(31).right());
}

void TstBitGrid::pointingAtABitLightsItsField()
{
    FrameHighlight highlight;
    BitsView view(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    view.setFrame(&anatomy);
    view.resize(1000, 320);
    view.show();
    QSignalSpy lit(&highlight, &FrameHighlight::litChanged);
    hover(view.grid(), view.grid()->bitRect(5).center());
    QCOMPARE(highlight.lit(), anatomy.field(FieldKind::Opcode)->bits);
    hover(view.grid(), view.grid()->bitRect(6).center()); // the same field: nothing new
    QCOMPARE(lit.size(), 1);
    hover(view.grid(), view.grid()->bitRect(40).center());
    QCOMPARE(highlight.lit(), anatomy.field(FieldKind::MaskingKey)->bits);
    QCOMPARE(lit.size(), 2);
}

void TstBitGrid::pointingAtAPayloadBitLightsItsByte()
{
    FrameHighlight highlight;
    BitsView view(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    view.setFrame(&anatomy);
    view.resize(1000, 320);
    view.show();
    hover(view.grid(), view.grid()->bitRect(50).center());
    QCOMPARE(highlight.lit(), (BitRange{48, 8}));
    QCOMPARE(view.hex()->readout(), QStringLiteral("payload byte 0: 0x7f ^ 0x37 = 0x48 'H'"));
}

void TstBitGrid::pointingAtAFieldLightsGridAndBytes()
{
    FrameHighlight highlight;
    BitsView view(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    view.setFrame(&anatomy);
    view.resize(1000, 320);
    view.show();
    const QImage before = view.grid()->grab().toImage();
    const QImage hexBefore = view.hex()->viewport()->grab().toImage();
    const int key = view.fields()->rowOf(FieldKind::MaskingKey);
    hover(view.fields()->viewport(), view.fields()->rowRect(key).center());
    QCOMPARE(highlight.lit(), anatomy.field(FieldKind::MaskingKey)->bits);
    QVERIFY(view.grid()->grab().toImage() != before);
    QVERIFY(view.hex()->viewport()->grab().toImage() != hexBefore);
    QVERIFY(view.fields()->rowText(key).contains(QLatin1String("37 fa 21 3d")));
}

void TstBitGrid::pointingAtAByteLightsFieldsAndGrid()
{
    FrameHighlight highlight;
    BitsView view(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    view.setFrame(&anatomy);
    view.resize(1000, 320);
    view.show();
    for (qsizetype byte = 0; byte < anatomy.byteCount(); ++byte) {
        QCOMPARE(view.hex()->byteAt(view.hex()->byteRect(byte).center()), byte);
        hover(view.hex()->viewport(), view.hex()->byteRect(byte).center());
        QCOMPARE(highlight.lit(), (BitRange{byte * 8, 8}));
    }
}

void TstBitGrid::reservedBitsAreOneRowUntilOneIsSet()
{
    FrameHighlight highlight;
    FieldList list(&highlight);
    list.resize(500, 400);
    const FrameAnatomy quiet = anatomyOf(tests::hex("81 01 41"), wire::Role::Server);
    list.setFrame(&quiet);
    QCOMPARE(list.rowCount(), 6);
    QCOMPARE(list.rowOf(FieldKind::Rsv1), list.rowOf(FieldKind::Rsv3));
    hover(list.viewport(), list.rowRect(list.rowOf(FieldKind::Rsv2)).center());
    QCOMPARE(highlight.lit(), (BitRange{1, 3}));
    const FrameAnatomy set = anatomyOf(tests::hex("a1 01 41"), wire::Role::Server);
    list.setFrame(&set);
    QCOMPARE(list.rowCount(), 8);
    hover(list.viewport(), list.rowRect(list.rowOf(FieldKind::Rsv2)).center());
    QCOMPARE(highlight.lit(), (BitRange{2, 1}));
}

void TstBitGrid::readoutShowsTheXor()
{
    FrameHighlight highlight;
    HexView hex(&highlight);
    hex.resize(700, 200);
    const FrameAnatomy anatomy = maskedHello();
    hex.setFrame(&anatomy);
    hover(hex.viewport(), hex.byteRect(7).center());
    QCOMPARE(hex.readout(), QStringLiteral("payload byte 1: 0x9f ^ 0xfa = 0x65 'e'"));
}

void TstBitGrid::clickKeepsAndClickAgainLetsGo()
{
    FrameHighlight highlight;
    BitGrid grid(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    grid.setFrame(&anatomy);
    grid.resize(700, 300);
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.bitRect(0).center());
    QCOMPARE(highlight.chosen(), (BitRange{0, 1}));
    hover(&grid, grid.bitRect(10).center());
    QCOMPARE(highlight.lit(), (BitRange{9, 7}));
    hover(&grid, {1, 1});
    QCOMPARE(highlight.lit(), (BitRange{0, 1})); // what was clicked is lit again
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.bitRect(0).center());
    QVERIFY(highlight.chosen().isEmpty());
}

void TstBitGrid::leavingLetsGo()
{
    FrameHighlight highlight;
    BitGrid grid(&highlight);
    const FrameAnatomy anatomy = maskedHello();
    grid.setFrame(&anatomy);
    grid.resize(700, 300);
    hover(&grid, grid.bitRect(0).center());
    QVERIFY(!highlight.lit().isEmpty());
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&grid, &leave);
    QVERIFY(highlight.lit().isEmpty());
}

void TstBitGrid::headerByteHoldsSeveralFields()
{
    const FrameAnatomy anatomy = maskedHello();
    int fields = 0;
    for (const FrameField &field : anatomy.fields())
        fields += field.bits.overlaps({0, 8}) ? 1 : 0;
    QCOMPARE(fields, 5); // FIN, three RSV, opcode
    QCOMPARE(anatomy.byteText(0), QStringLiteral("header byte 0: 0x81 = 10000001  FIN, RSV1, RSV2, RSV3, opcode"));
}

void TstBitGrid::longPayloadIsCutVisibly()
{
    FrameHighlight highlight;
    BitGrid grid(&highlight);
    const FrameAnatomy small = anatomyOf(tests::hex("82 01 41"), wire::Role::Server);
    grid.setFrame(&small);
    const int low = grid.heightForWidth(700);
    const FrameAnatomy large = anatomyOf(tests::hex("82 7e 01 00") + QByteArray(256, 'x'), wire::Role::Server);
    grid.setFrame(&large);
    QCOMPARE(grid.shownBytes(), 4 + int(BitGrid::kMostPayloadBytes));
    QVERIFY(grid.heightForWidth(700) > low);
}

void TstBitGrid::largePayloadIsScrolledNotLaidOut()
{
    FrameHighlight highlight;
    HexView hex(&highlight);
    hex.resize(800, 200);
    const FrameAnatomy anatomy = anatomyOf(tests::hex("82 7f 00 00 00 00 00 10 00 00") + QByteArray(1 << 20, 'x'), wire::Role::Server);
    hex.setFrame(&anatomy);
    hex.show();
    QVERIFY(hex.verticalScrollBar()->maximum() > 30'000);
    hex.verticalScrollBar()->setValue(hex.verticalScrollBar()->maximum());
    const qsizetype last = anatomy.byteCount() - 1;
    QVERIFY(hex.viewport()->rect().contains(hex.byteRect(last).center()));
    highlight.choose({0, 1}); // what is chosen elsewhere is scrolled to
    QCOMPARE(hex.verticalScrollBar()->value(), 0);
}

QTEST_MAIN(TstBitGrid)
#include "tst_bit_grid.moc"
