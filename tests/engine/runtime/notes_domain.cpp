// SPDX-License-Identifier: GPL-3.0-or-later
#include "notes_domain.h"

namespace commander::notes {

namespace {

class NotesDomain final : public Domain {
public:
    NotesDomain()
    {
        m_description.name = "notes";
        m_description.eventsTopic = "notes-events";
        m_description.hash = sha256("notes");
        m_description.commands
            = {{"take-note", "Take a note", R"({"type":"object"})", "key", R"({"key":"a","text":"x"})"}};
        m_description.events = {{"note-taken", R"({"type":"object"})"}};
        for (const auto *const view : {"fragile", "sound"})
            m_description.views.push_back({.name = view, .path = "", .events = {"note-taken"}, .decides = false});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &,
                                          HandlerContext &) const override
    {
        return std::vector<EventDraft>{{"note-taken", command.record.key, command.data}};
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto text = event.data.stringAt("text");
        if (view.name == "fragile" && text == "break")
            return fail(ErrorCode::DomainFault, "told to break");
        const auto key = event.data.stringAt("key");
        const auto *before = documents.get(key);
        Json document = before ? *before : Json();
        document.set("count", Json(document.integerAt("count").value_or(0) + 1));
        document.set("text", Json(text));
        documents.put(key, std::move(document));
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

std::shared_ptr<const Domain> makeNotesDomain()
{
    return std::make_shared<const NotesDomain>();
}

} // namespace commander::notes
