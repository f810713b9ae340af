// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record_reader.h>
#include <commander/views.h>

#include <optional>
#include <QObject>
#include <string>

namespace commander::ui {

/// What every page looks at: one record, one document, one moment, one filter. Pages set it and follow it, and never
/// talk to each other. GUI thread only.
class Selection : public QObject {
    Q_OBJECT
public:
    struct DocumentKey {
        std::string view;
        std::string key;
        bool operator==(const DocumentKey &) const = default;
    };
    enum class Page { Home, Ledger, Timeline, Lineage, Views, Compose, Operations, Rest };
    Q_ENUM(Page)

    using QObject::QObject;

    [[nodiscard]] Uuid record() const { return m_record; } ///< null = none
    [[nodiscard]] std::optional<DocumentKey> document() const { return m_document; }
    [[nodiscard]] std::optional<Position> moment() const { return m_moment; } ///< none = live
    [[nodiscard]] const RecordFilter &filter() const { return m_filter; }

    void selectRecord(const Uuid &id)
    {
        if (id != m_record) {
            m_record = id;
            Q_EMIT recordChanged(id);
        }
    }
    void selectDocument(std::optional<DocumentKey> document)
    {
        if (document != m_document) {
            m_document = std::move(document);
            Q_EMIT documentChanged();
        }
    }
    void setMoment(std::optional<Position> moment)
    {
        if (moment != m_moment) {
            m_moment = moment;
            Q_EMIT momentChanged();
        }
    }
    void setFilter(RecordFilter filter)
    {
        if (filter != m_filter) {
            m_filter = std::move(filter);
            Q_EMIT filterChanged();
        }
    }
    /// Asks the window to show a page, e.g. after "show lineage".
    void show(Page page) { Q_EMIT pageRequested(page); }
    /// Asks for the form of a recorded command, to send it again, changed or not.
    void sendAgain(const Uuid &command)
    {
        Q_EMIT composeRequested(command);
        show(Page::Compose);
    }

Q_SIGNALS:
    void recordChanged(const commander::Uuid &id);
    void documentChanged();
    void momentChanged();
    void filterChanged();
    void pageRequested(commander::ui::Selection::Page page);
    void composeRequested(const commander::Uuid &command);

private:
    Uuid m_record;
    std::optional<DocumentKey> m_document;
    std::optional<Position> m_moment;
    RecordFilter m_filter;
};

} // namespace commander::ui
