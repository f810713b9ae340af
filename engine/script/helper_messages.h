// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/wire.h"

#include <commander/script_domain.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace commander::script {

/// First byte of a payload. Below 64: from the engine to the script's process.
enum class HelperMessage : std::uint8_t {
    Load = 1,      ///< a domain's files, first of all
    Decide = 2,    ///< CallMessage
    Fold = 3,      ///< CallMessage
    React = 4,     ///< CallMessage
    Upcast = 5,    ///< CallMessage
    Document = 6,  ///< the answer to Read: a document, or none
    Loaded = 64,   ///< with what is wrong
    Read = 65,     ///< asks for a document
    Decided = 66,  ///< ends a call
    Folded = 67,   ///< ends a call
    Reacted = 68,  ///< ends a call
    Upcasted = 69, ///< ends a call
    Failed = 70    ///< ends a call
};

struct LoadMessage {
    std::vector<DomainFile> files;
    std::uint32_t callBudget = 0; ///< milliseconds
    std::uint32_t loadBudget = 0;
    std::int64_t engineGrowthBytes = 0;
};

/// A document that goes along, because calls like this one asked for it.
struct SentDocument {
    std::string view; ///< empty: the one that is folded
    std::string key;
    std::optional<Json> document;
};

/// A call of a function of the domain. Of the record only what functions may see goes along.
struct CallMessage {
    HelperMessage kind = HelperMessage::Decide;
    std::string name;       ///< view of a fold, name of a reaction
    std::uint32_t from = 0; ///< version that an upcaster begins with
    RecordDraft record;     ///< with its time as timestamp and its data
    Uuid source;            ///< of the context
    Timestamp now;          ///< of the context
    std::uint32_t idsMade = 0;
    std::vector<SentDocument> documents = {};
};

struct ReadMessage {
    std::string view; ///< empty: the one that is folded
    std::string key;
};

/// What a call ended with; which members count, its kind says.
struct AnswerMessage {
    HelperMessage kind = HelperMessage::Failed;
    std::uint32_t idsMade = 0;
    bool worn = false; ///< a fresh process should take over
    std::optional<Rejection> rejection;
    std::vector<EventDraft> events;
    std::vector<std::pair<std::string, std::optional<Json>>> changes; ///< of documents by key, in order; none = removed
    std::vector<FollowUpCommand> commands;                            ///< without the name of their reaction
    Json data;
    Error error;
};

// Encoding gives a frame, or nothing when it would be too long. Decoding gives nothing for what is not exactly such a
// message.
[[nodiscard]] std::optional<HelperMessage> kindOf(std::string_view payload);
[[nodiscard]] std::optional<std::string> encode(const LoadMessage &message);
[[nodiscard]] std::optional<LoadMessage> decodeLoad(std::string_view payload);
[[nodiscard]] std::optional<std::string> encode(const CallMessage &message);
[[nodiscard]] std::optional<CallMessage> decodeCall(std::string_view payload);
[[nodiscard]] std::optional<std::string> encodeDocument(const Json *document);
/// Null pointer inside = there is none.
[[nodiscard]] std::optional<std::optional<Json>> decodeDocument(std::string_view payload);
[[nodiscard]] std::optional<std::string> encodeLoaded(const std::vector<DomainProblem> &problems);
[[nodiscard]] std::optional<std::vector<DomainProblem>> decodeLoaded(std::string_view payload);
[[nodiscard]] std::optional<std::string> encode(const ReadMessage &message);
[[nodiscard]] std::optional<ReadMessage> decodeRead(std::string_view payload);
[[nodiscard]] std::optional<std::string> encode(const AnswerMessage &message);
[[nodiscard]] std::optional<AnswerMessage> decodeAnswer(std::string_view payload);

} // namespace commander::script
