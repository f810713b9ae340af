// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/rest_fixture.h"
#include "support/result_macros.h"

#include <QtTest>

using namespace commander;

namespace {

/// Notes, in one view that takes all of them and one that cannot bear a note with the text "break".
class NotesDomain final : public Domain {
public:
    explicit NotesDomain(bool soundView)
    {
        m_description.name = "notes";
        m_description.eventsTopic = "notes-events";
        m_description.commands = {{"take-note", "Take a note", R"({"type":"object"})", {}, R"({"text":"x"})"}};
        m_description.events = {{"note-taken", R"({"type":"object"})"}};
        m_description.views = {{"fragile", 1, {}, {"note-taken"}, false}};
        if (soundView)
            m_description.views.push_back({"sound", 1, {}, {"note-taken"}, false});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &,
                                          HandlerContext &) const override
    {
        return std::vector<EventDraft>{{"note-taken", {}, command.data}};
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto text = event.data.stringAt("text");
        if (view.name == "fragile" && text == "break")
            return fail(ErrorCode::DomainFault, "told to break");
        documents.put("last", Json(text));
        return {};
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return {};
    }

private:
    DomainDescription m_description;
};

} // namespace

/// A view that its fold has stopped keeps nobody else waiting.
class TestRestStoppedView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void updatesGoOn_data()
    {
        QTest::addColumn<bool>("soundView");
        QTest::newRow("another view goes on") << true;
        QTest::newRow("no view is left") << false;
    }

    void updatesGoOn()
    {
        QFETCH(const bool, soundView);
        ServedEngine served({}, {std::make_shared<NotesDomain>(soundView)});
        StreamClient stream(served.port(), "/updates?from=start");
        QCOMPARE(stream.head().status, 200);
        std::size_t changes = 0;
        for (const auto *const text : {"a", "break", "b", "c"}) {
            served.run("take-note", R"({"text":")" + std::string(text) + R"("})");
            for (std::size_t records = 0; records < 3;) {
                const auto event = stream.next();
                QVERIFY2(event, "the stream stands still");
                if (event->event == "change")
                    ++changes;
                else
                    ++records;
            }
        }
        QVERIFY(served.engine().status().progress.viewed.value >= 11);
        QCOMPARE(served.engine().status().faults.size(), std::size_t{1});
        // The changes of the last event may still be on their way.
        const std::size_t expected = soundView ? 5 : 1;
        while (changes < expected) {
            const auto event = stream.next();
            QVERIFY2(event, "a change is missing");
            QCOMPARE(event->event, std::string("change"));
            ++changes;
        }
        QCOMPARE(changes, expected);
    }
};

QTEST_GUILESS_MAIN(TestRestStoppedView)
#include "tst_rest_stopped_view.moc"
