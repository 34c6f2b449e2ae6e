// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/system_source.h"

#include "feed/proc_stat.h"
#include "recorder.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace feedscope;
using namespace feedscope::feed;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr qint64 kStart = 1'700'000'000 * kSecond;

/// A /proc of our own.
class ProcFolder {
public:
    ProcFolder() { QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("net"))); }
    QByteArray path() const { return m_folder.path().toLocal8Bit(); }
    void write(const char *name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

private:
    QTemporaryDir m_folder;
};

QByteArray netDev(quint64 received, quint64 sent)
{
    return "Inter-|   Receive                                                |  Transmit\n"
           " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
           "    lo: 99999999 10 0 0 0 0 0 0 99999999 10 0 0 0 0 0 0\n"
           "  eth0: " + QByteArray::number(received) + " 10 0 0 0 0 0 0 " + QByteArray::number(sent) + " 10 0 0 0 0 0 0\n";
}

QByteArray diskStats(quint64 read, quint64 written)
{
    return "   7       0 loop0 100 0 999999 0 0 0 999999 0 0 0 0\n"
           " 259       0 nvme0n1 100 0 " + QByteArray::number(read) + " 50 200 0 " + QByteArray::number(written) + " 60 0 10 110\n"
           " 259       1 nvme0n1p1 100 0 " + QByteArray::number(read) + " 50 200 0 " + QByteArray::number(written) + " 60 0 10 110\n";
}

} // namespace

class TestSystemSource : public QObject {
    Q_OBJECT
private slots:
    void numbersComeFromTwoReadings();
    void whatCannotBeReadIsLeftOut();
    void countersThatWentBackAreLeftOut();
    void onceASecond();
    void thisComputerHasNumbers();
    void onlyWholePhysicalDisksCount_data();
    void onlyWholePhysicalDisksCount();
};

void TestSystemSource::numbersComeFromTwoReadings()
{
    ProcFolder proc;
    proc.write("stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\ncpu1 50 0 50 400 0 0 0 0 0 0\nintr 5\n");
    proc.write("meminfo", "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n");
    proc.write("net/dev", netDev(1000, 5000));
    proc.write("diskstats", diskStats(10, 20));
    proc.write("loadavg", "0.52 0.58 0.59 1/389 12345\n");
    SystemSource source(proc.path());
    PublicationRecorder out;
    source.advance(kStart, out);
    QCOMPARE(out.all.size(), size_t(2)); // rates need a second reading
    QVERIFY(!source.snapshot("system.cpu"));

    proc.write("stat", "cpu  130 0 120 850 0 0 0 0 0 0\ncpu0 70 0 60 420 0 0 0 0 0 0\ncpu1 60 0 60 430 0 0 0 0 0 0\nintr 5\n");
    proc.write("net/dev", netDev(3000, 5500));
    proc.write("diskstats", diskStats(14, 30));
    out.all.clear();
    source.advance(kStart + 2 * kSecond, out);
    QCOMPARE(out.all.size(), size_t(5));
    QCOMPARE(out.all[0], (PublicationRecorder::Publication{"system.cpu", R"({"value":50.00,"cores":[60.00,40.00]})", kStart + 2 * kSecond}));
    QCOMPARE(out.all[1].data, QByteArray(R"({"value":75.00,"used":768000,"total":1024000})"));
    QCOMPARE(out.all[2].data, QByteArray(R"({"received":1000,"sent":250,"value":1000})"));
    QCOMPARE(out.all[3].data, QByteArray(R"({"read":1024,"written":2560,"value":3584})"));
    QCOMPARE(out.all[4].data, QByteArray(R"({"value":0.52})"));
    for (const auto &p : out.all)
        QCOMPARE(source.snapshot(p.topic), std::optional(p.data));
}

void TestSystemSource::whatCannotBeReadIsLeftOut()
{
    ProcFolder proc;
    proc.write("stat", "cpu  a b c d\n");
    proc.write("meminfo", "MemTotal: 0 kB\nMemAvailable: 0 kB\n");
    proc.write("net/dev", "nothing here\n");
    proc.write("loadavg", "");
    SystemSource source(proc.path());
    PublicationRecorder out;
    source.advance(kStart, out);
    source.advance(kStart + kSecond, out);
    QVERIFY(out.all.empty());
    SystemSource nowhere("/does/not/exist");
    nowhere.advance(kStart, out);
    nowhere.advance(kStart + kSecond, out);
    QVERIFY(out.all.empty());
}

void TestSystemSource::countersThatWentBackAreLeftOut()
{
    ProcFolder proc;
    proc.write("net/dev", netDev(1000, 5000));
    SystemSource source(proc.path());
    PublicationRecorder out;
    source.advance(kStart, out);
    proc.write("net/dev", netDev(10, 6000));
    source.advance(kStart + kSecond, out);
    QCOMPARE(out.all.size(), size_t(1));
    QCOMPARE(out.all[0].data, QByteArray(R"({"sent":1000})"));
}

void TestSystemSource::onceASecond()
{
    ProcFolder proc;
    proc.write("loadavg", "1.00 1 1 1/1 1\n");
    SystemSource source(proc.path());
    PublicationRecorder out;
    source.advance(kStart + kSecond / 2, out);
    QCOMPARE(source.nextDueNs(), kStart + kSecond);
    source.advance(kStart + kSecond - 1, out);
    QCOMPARE(out.all.size(), size_t(1));
    source.advance(kStart + 100 * kSecond, out); // after a pause: once
    QCOMPARE(out.all.size(), size_t(2));
}

void TestSystemSource::thisComputerHasNumbers()
{
    SystemSource source;
    PublicationRecorder out;
    source.advance(kStart, out);
    QCOMPARE(out.all.size(), size_t(2));
    for (const auto &p : out.all)
        QVERIFY(QJsonDocument::fromJson(p.data).object().value(QLatin1String("value")).toDouble(-1) >= 0);
}

void TestSystemSource::onlyWholePhysicalDisksCount_data()
{
    QTest::addColumn<bool>("isDisk");
    for (const char *name : {"sda", "vdb", "xvda", "hda", "sdaa", "nvme0n1", "nvme12n3", "mmcblk0"})
        QTest::newRow(name) << true;
    for (const char *name : {"sda1", "vda2", "nvme0n1p1", "mmcblk0p1", "mmcblk0boot0", "loop0", "ram1", "dm-0", "md0", "zram0", "sr0", "nvme0c0n1", "sd", ""})
        QTest::newRow(*name ? name : "empty") << false;
}

void TestSystemSource::onlyWholePhysicalDisksCount()
{
    const QByteArray tag = QTest::currentDataTag();
    QTEST(isPhysicalDisk(tag == "empty" ? QByteArray() : tag), "isDisk");
}

QTEST_APPLESS_MAIN(TestSystemSource)
#include "tst_system_source.moc"
