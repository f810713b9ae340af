// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/json.h>
#include <commander/record.h>
#include <commander/result.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace commander {

/// A command that a domain offers.
struct CommandSpec {
    std::string action;   ///< imperative, e.g. "transfer-money"
    std::string title;    ///< for people, English
    std::string schema;   ///< JSON Schema (draft 7 keywords) of `data`
    std::string keyField; ///< name of the data member that is the record's key; empty = no key
    std::string example;  ///< a valid `data`, shown to users
};

/// An event that a domain can emit.
struct EventSpec {
    std::string action;        ///< past tense, e.g. "money-transferred"
    std::string schema;        ///< JSON Schema of `data`
    std::uint32_t version = 1; ///< of the schema; events say in their headers which one they were written with
};

/// One step that a domain can take with the data of an event: from `from` of its schema to from + 1.
struct UpcasterSpec {
    std::string action; ///< of the domain's own event or of another domain's
    std::uint32_t from = 1;
};

/// A named, versioned fold from events to documents by key.
struct ViewSpec {
    std::string name; ///< e.g. "accounts"; unique in a workspace
    std::uint32_t version = 1;
    std::string path;                      ///< query API, e.g. "/accounts"; empty = only /views/{name}
    std::vector<std::string> events;       ///< actions it folds
    bool decides = true;                   ///< handlers may read it; false spares the processor from folding it too
    std::vector<std::string> indexes = {}; ///< JSON pointers to fields that `where` and sort find by index
};

/// What becomes of a command whose handler, fold or reaction faults.
enum class FaultPolicy : std::uint8_t {
    Fail, ///< its result is `failed`
    Park  ///< it has no result yet: it and all later commands of its key wait until it is replayed or discarded
};

struct DomainDescription {
    std::string name;
    std::uint32_t version = 1;
    std::string eventsTopic;
    Hash256 hash{}; ///< of everything that decides; recorded with every event and result
    std::vector<CommandSpec> commands;
    std::vector<EventSpec> events;
    std::vector<ViewSpec> views;
    std::vector<std::string> reactsTo; ///< event actions that react() wants to see
    FaultPolicy onFault = FaultPolicy::Fail;
    std::vector<UpcasterSpec> upcasters = {}; ///< of an event all steps from 1 on, of its own up to its version
};

/// The documents a handler may read: the effect of every earlier command is in them.
class DocumentSource {
public:
    virtual ~DocumentSource() = default;
    /// Null pointer when there is none; valid until the next call that changes documents.
    [[nodiscard]] virtual const Json *get(std::string_view view, std::string_view key) = 0;
};

/// The documents of one view while an event is folded.
class DocumentFold {
public:
    virtual ~DocumentFold() = default;
    /// Valid until the next put or remove.
    [[nodiscard]] virtual const Json *get(std::string_view key) = 0;
    virtual void put(std::string_view key, Json document) = 0;
    virtual void remove(std::string_view key) = 0;
};

/// A record with its data already parsed.
struct ParsedRecord {
    const Record &record;
    const Json &data;
};

struct EventDraft {
    std::string action;
    std::string key;
    Json data;
};

/// The domain says no. Not an error: it is recorded as the command's result.
struct Rejection {
    std::string code;
    std::string message;
    Json details; ///< null = none
};
using Decision = std::variant<std::vector<EventDraft>, Rejection>;

/// A command that an event causes.
struct FollowUpCommand {
    std::string action;
    std::string reaction; ///< name of the reaction; the actor becomes "reaction:<name>"
    Json data;
    std::optional<Timestamp> notBefore = {}; ///< decided when it is due
    std::optional<Timestamp> expiresAt = {}; ///< not decided by then: it expires
};

/// Ids and time for a handler or a reaction, derived from the command, so that a retry decides the same.
class HandlerContext {
public:
    /// `idsMade` of them were made before.
    HandlerContext(const Uuid &source, Timestamp now, int idsMade = 0) : m_source(source), m_now(now), m_count(idsMade)
    {
    }
    /// For one domain's reaction to an event.
    [[nodiscard]] static HandlerContext ofReaction(const Uuid &event, std::string_view domain, Timestamp now);
    /// When the command was recorded, or, when it had to wait, the one that ended its waiting; for a reaction, the same
    /// of the command that caused the event.
    [[nodiscard]] Timestamp now() const noexcept { return m_now; }
    /// uuid5(source, "data/<n>"), n = 1, 2, …; source is the command, for a reaction uuid5(event, "reaction/<domain>").
    [[nodiscard]] Uuid newId();
    [[nodiscard]] const Uuid &source() const noexcept { return m_source; }
    [[nodiscard]] int idsMade() const noexcept { return m_count; }

private:
    Uuid m_source;
    Timestamp m_now;
    int m_count;
};

/// Business logic: pure functions, the same inputs always give the same outputs. The engine calls them from several
/// threads at the same time (processor, views, previews, experiments), so an implementation keeps no mutable state, or
/// one for each thread. Built-in domains are C++; scripted ones implement this same interface.
class Domain {
public:
    virtual ~Domain() = default;
    [[nodiscard]] virtual const DomainDescription &description() const noexcept = 0;
    /// An Error means a fault (the command's result becomes `failed`), not a business "no".
    [[nodiscard]] virtual Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                                  HandlerContext &context) const = 0;
    /// Folds one event into one view. Of the event's record only what its command determines may be used (RecordDraft
    /// with its timestamp): the ledger's position and hashes are not known yet when the processor folds it for
    /// decisions.
    [[nodiscard]] virtual Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                            DocumentFold &documents) const = 0;
    /// Commands that the event causes. `views` are the documents after this event, and only this event, of its command
    /// was folded: a process manager is a view that decides, and reactions that read it. Called when the event is
    /// decided and never again: no rebuild and no replay calls it.
    [[nodiscard]] virtual Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                                     HandlerContext &context) const = 0;
    /// The event's data, which stands in version `from` of its schema, in version from + 1. Asked for the steps that
    /// description().upcasters names, before fold() and react(), which get the newest version that the domain knows.
    /// The record in the ledger stays as it is.
    [[nodiscard]] virtual Result<Json> upcast(const ParsedRecord &event, std::uint32_t from) const
    {
        return fail(ErrorCode::DomainFault,
                    "there is no upcaster of " + event.record.action + " from version " + std::to_string(from));
    }
};

/// The two samples from the founding talk, in C++.
[[nodiscard]] std::shared_ptr<const Domain> makeCustomersDomain();
[[nodiscard]] std::shared_ptr<const Domain> makeBankDomain();

} // namespace commander
