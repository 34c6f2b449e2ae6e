// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/address_field.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QVBoxLayout>
#include <QtTest>

using namespace feedscope::ui;

Q_DECLARE_METATYPE(feedscope::ui::AddressField::Kind)

class TestAddressField : public QObject {
    Q_OBJECT

    struct Shown {
        QWidget window;
        AddressField *field = new AddressField;
        QLineEdit *other = new QLineEdit;
        Shown()
        {
            auto *layout = new QVBoxLayout(&window);
            layout->addWidget(field);
            layout->addWidget(other);
            field->setSymbols({QStringLiteral("AAPL"), QStringLiteral("MSFT")});
            field->setTopics({QStringLiteral("market.AAPL"), QStringLiteral("market.MSFT"), QStringLiteral("system.cpu")});
            window.resize(600, 100);
            window.show();
            window.activateWindow();
            field->setFocus();
        }
        bool isPopupVisible() const { return field->completer()->popup()->isVisible(); }
    };
    QTemporaryDir m_folder;

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void textTellsWhatIsMeant_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<AddressField::Kind>("kind");
        using Kind = AddressField::Kind;
        QTest::newRow("nothing") << QString() << Kind::Empty;
        QTest::newRow("spaces") << QStringLiteral("   ") << Kind::Empty;
        QTest::newRow("ws") << QStringLiteral("ws://127.0.0.1:8765/feed") << Kind::Url;
        QTest::newRow("ws, shouted, with spaces") << QStringLiteral("  WS://Example.org ") << Kind::Url;
        QTest::newRow("wss") << QStringLiteral("wss://example.org/") << Kind::Url;
        QTest::newRow("a scheme that is no WebSocket: to be told so") << QStringLiteral("http://example.org/") << Kind::Url;
        QTest::newRow("symbol") << QStringLiteral("AAPL") << Kind::Symbol;
        QTest::newRow("symbol in small letters") << QStringLiteral("aapl") << Kind::Symbol;
        QTest::newRow("topic") << QStringLiteral("market.AAPL") << Kind::Topic;
        QTest::newRow("metric") << QStringLiteral("system.cpu") << Kind::Topic;
        QTest::newRow("capture that is not there: to be told so") << QStringLiteral("/nowhere/monday.fscap") << Kind::File;
        QTest::newRow("folder is no capture") << QDir::tempPath() << Kind::Filter;
        QTest::newRow("filter") << QStringLiteral("opcode == ping") << Kind::Filter;
        QTest::newRow("filter that speaks of an address") << QStringLiteral("url == \"ws://example.org\"") << Kind::Filter;
        QTest::newRow("symbol nobody publishes") << QStringLiteral("ZZZZ") << Kind::Filter;
    }

    void textTellsWhatIsMeant()
    {
        QFETCH(QString, text);
        QFETCH(AddressField::Kind, kind);
        Shown shown;
        QCOMPARE(shown.field->kindOf(text), kind);
    }

    void fileThatExistsIsOpenedWhateverItsName()
    {
        const QString path = m_folder.filePath(QStringLiteral("monday"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        Shown shown;
        QCOMPARE(shown.field->kindOf(path), AddressField::Kind::File);
    }

    void enterSaysWhatWasTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("signal");
        QTest::addColumn<QString>("said");
        QTest::newRow("url") << QStringLiteral(" ws://localhost:1/ ") << 0 << QStringLiteral("ws://localhost:1/");
        QTest::newRow("file") << QStringLiteral("x.fscap") << 1 << QStringLiteral("x.fscap");
        QTest::newRow("symbol in its own spelling") << QStringLiteral("msft") << 2 << QStringLiteral("MSFT");
        QTest::newRow("topic") << QStringLiteral("system.cpu") << 3 << QStringLiteral("system.cpu");
        QTest::newRow("filter") << QStringLiteral("opcode == close") << 4 << QStringLiteral("opcode == close");
    }

    void enterSaysWhatWasTyped()
    {
        QFETCH(QString, typed);
        QFETCH(int, signal);
        QFETCH(QString, said);
        Shown shown;
        QSignalSpy spies[] = {QSignalSpy(shown.field, &AddressField::urlEntered), QSignalSpy(shown.field, &AddressField::fileEntered),
            QSignalSpy(shown.field, &AddressField::symbolEntered), QSignalSpy(shown.field, &AddressField::topicEntered),
            QSignalSpy(shown.field, &AddressField::filterEntered)};
        QTest::keyClicks(shown.field, typed);
        QTest::keyClick(shown.field, Qt::Key_Return);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(spies[i].count(), i == signal ? 1 : 0);
        QCOMPARE(spies[signal].front().front().toString(), said);
        QCOMPARE(shown.field->selectedText(), shown.field->text()); // typing replaces it
        QVERIFY(!shown.isPopupVisible());
    }

    void enterOnNothingSaysNothing()
    {
        Shown shown;
        QSignalSpy filter(shown.field, &AddressField::filterEntered);
        QTest::keyClick(shown.field, Qt::Key_Return);
        QTest::keyClicks(shown.field, QStringLiteral("  "));
        QTest::keyClick(shown.field, Qt::Key_Return);
        QCOMPARE(filter.count(), 0);
    }

    void symbolsAndTopicsAreOffered()
    {
        Shown shown;
        QTest::keyClicks(shown.field, QStringLiteral("aap"));
        QTRY_VERIFY(shown.isPopupVisible());
        const QAbstractItemModel *offered = shown.field->completer()->completionModel();
        QCOMPARE(offered->rowCount(), 2);
        QCOMPARE(offered->index(0, 0).data().toString(), QStringLiteral("AAPL"));
        QCOMPARE(offered->index(1, 0).data().toString(), QStringLiteral("market.AAPL"));
    }

    void escapeClosesTheListFirstThenClearsThenLeaves()
    {
        Shown shown;
        QTest::keyClicks(shown.field, QStringLiteral("aap"));
        QTRY_VERIFY(shown.isPopupVisible());
        QTest::keyClick(shown.field, Qt::Key_Escape);
        QVERIFY(!shown.isPopupVisible());
        QCOMPARE(shown.field->text(), QStringLiteral("aap"));
        QTest::keyClick(shown.field, Qt::Key_Escape);
        QVERIFY(shown.field->text().isEmpty());
        QVERIFY(!shown.field->hasFocus());
    }

    void shortcutIsShownWhileThereIsNothingElseToSee()
    {
        Shown shown;
        QVERIFY(QTest::qWaitForWindowActive(&shown.window));
        const auto rightEnd = [&] {
            const QImage image = shown.field->grab().toImage();
            return image.copy(image.width() - 70, 4, 66, image.height() - 8);
        };
        QTRY_VERIFY(shown.field->hasFocus());
        const QImage focused = rightEnd();
        shown.other->setFocus();
        QVERIFY(rightEnd() != focused);
    }
};

QTEST_MAIN(TestAddressField)
#include "tst_address_field.moc"
