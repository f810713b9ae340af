// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"
#include "views/document_state.h"

#include <commander/record.h>

#include <optional>
#include <string>
#include <vector>

namespace commander {

/// What is known of a key of a view.
struct KeyRow {
    std::int64_t number = 0;
    Position created;      ///< of its first change
    bool live = false;     ///< has a document now
    std::int64_t head = 0; ///< sequence of its newest change
};

/// Where a change came from.
struct ChangeOrigin {
    Uuid event;
    Uuid command;
    std::string action; ///< of the event
    Timestamp recordedAt;
};

/// Reads the change log through one connection; used by the thread of that connection. Errors of Statement, and
/// LedgerDamaged when the log contradicts itself.
class ChangeLog {
public:
    [[nodiscard]] static Result<ChangeLog> open(Database &database);

    [[nodiscard]] Result<std::optional<KeyRow>> key(std::size_t view, std::string_view key);
    [[nodiscard]] Result<std::string> keyText(std::int64_t number);
    /// The state after a key's last change at or before `sequence`; a logarithmic number of rows.
    [[nodiscard]] Result<DocumentState> stateAt(const KeyRow &key, std::int64_t sequence, Origins origins);
    /// The state after the change `head`.
    [[nodiscard]] Result<DocumentState> stateOf(std::int64_t head, Origins origins);
    /// Changes of a key before `sequence`, newest first: `count` of them, and as many more as it takes to know the
    /// state before the last of these.
    [[nodiscard]] Result<std::vector<LoggedChange>> before(const KeyRow &key, std::int64_t sequence, std::size_t count);
    /// Every change that one event made.
    [[nodiscard]] Result<std::vector<LoggedChange>> at(Position position);
    /// Of any change.
    [[nodiscard]] Result<ChangeOrigin> origin(std::int64_t sequence);

    struct ListedKey {
        std::string key;
        KeyRow row;
    };
    /// The first `count` keys of a view that are >= `from`.
    [[nodiscard]] Result<std::vector<ListedKey>> keysFrom(std::size_t view, std::string_view from, std::size_t count);

private:
    [[nodiscard]] Result<LoggedChange> read(std::int64_t sequence);
    /// A key's last change at or before `sequence`, searched from `head` on.
    [[nodiscard]] Result<std::optional<LoggedChange>> seek(std::int64_t head, std::int64_t sequence);
    [[nodiscard]] Result<DocumentState> replay(LoggedChange newest, Origins origins);

    Statement m_key;
    Statement m_keyText;
    Statement m_body;
    Statement m_at;
    Statement m_origin;
    Statement m_keysFrom;
};

} // namespace commander
