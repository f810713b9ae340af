// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"
#include "support/seeded_random.h"

#include <QDirIterator>
#include <QtTest>

using namespace commander;

/// The kept corpus, and what a fuzzer would make of it: pieces cut, doubled, swapped and changed.
class tst_Corpus : public QObject {
    Q_OBJECT

private:
    std::vector<std::string> m_corpus;

private Q_SLOTS:
    void initTestCase()
    {
        QDirIterator files(QStringLiteral(CORPUS), QDir::Files);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            m_corpus.push_back(file.readAll().toStdString());
        }
        std::ranges::sort(m_corpus);
        QVERIFY(m_corpus.size() >= 10);
    }

    void holdsForTheCorpus()
    {
        for (const auto &text : m_corpus) {
            const auto broken = brokenInvariant(text);
            QVERIFY2(broken.empty(), (text + "\n" + broken).c_str());
        }
    }

    void holdsForChangedTexts()
    {
        // The same on every machine: a failure here is a failure everywhere.
        SeededRandom random(20160520);
        for (int round = 0; round < 30'000; ++round) {
            auto text = m_corpus[random.below(m_corpus.size())];
            for (auto changes = 1 + random.below(4); changes > 0; --changes) {
                const auto at = random.below(text.size() + 1);
                const auto length = random.below(8);
                switch (random.below(4)) {
                case 0:
                    text.erase(at, length);
                    break;
                case 1:
                    text.insert(at, m_corpus[random.below(m_corpus.size())].substr(0, length * 4));
                    break;
                case 2:
                    text.insert(at, text.substr(random.below(text.size() + 1), length));
                    break;
                default:
                    if (at < text.size())
                        text[at] = static_cast<char>(random.below(256));
                    break;
                }
            }
            const auto broken = brokenInvariant(text);
            QVERIFY2(broken.empty(), (text + "\n" + broken).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(tst_Corpus)
#include "tst_corpus.moc"
