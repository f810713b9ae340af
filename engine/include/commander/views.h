// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/record.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace commander {

struct ViewStatus {
    std::string name;
    std::uint32_t version = 1;
    std::string domain;
    std::string path;
    Position position; ///< every event up to here is folded
    std::uint64_t documents = 0;
    std::string error;                     ///< empty, or why this view stopped
    std::vector<std::string> indexes = {}; ///< pointers to the fields that it can be sorted by
    bool paused = false;                   ///< by hand: it folds nothing until it is resumed
};

/// One document as of a position.
struct Document {
    std::string view;
    std::uint32_t version = 1;
    std::string key;
    Position position; ///< of the event that last changed it
    Uuid event;
    std::string json;
};

/// One field that differs. Values are compact JSON; absent = not there.
struct FieldChange {
    std::string pointer; ///< RFC 6901; "" = the whole document
    std::optional<std::string> before;
    std::optional<std::string> after;
    bool operator==(const FieldChange &) const = default;
};

/// One step of one document: the views' own append-only log.
struct DocumentChange {
    std::string view;
    std::uint32_t version = 1;
    std::string key;
    Position position;
    Uuid event;
    std::vector<FieldChange> fields;
    bool created = false;
    bool removed = false;
};

/// Who set a field: the event, and the command that caused the event.
struct FieldOrigin {
    std::string pointer; ///< leaves only (scalars, empty arrays and objects)
    std::string value;   ///< compact JSON
    Position position;
    Uuid event;
    Uuid command;
    std::string action; ///< of the event
    Timestamp recordedAt;
};

/// One thing that must be true of a document. A document without the field matches nothing, a value of another type
/// matches NotEqual only. Numbers are compared by their exact value (1 equals 1.0), texts by their bytes.
struct FieldCondition {
    enum class Operator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, StartsWith };
    std::string pointer; ///< RFC 6901
    Operator op = Operator::Equal;
    std::string value; ///< JSON text
};

/// By the value of an indexed field, then by key. Types in this order: no such field, null, false, true, numbers,
/// texts, arrays and objects.
struct DocumentSort {
    std::string pointer;
    bool descending = false;
};

struct DocumentList {
    std::vector<Document> documents;      ///< by key, ascending bytes, or as sorted
    std::optional<std::string> nextKey;   ///< go on after this key; a page may have few documents or none and go on
    std::optional<std::string> nextValue; ///< … and, when sorted, after this value: JSON; absent = no such field
    bool indexed = true;                  ///< false: documents had to be read to find out which match, see `scanned`
    std::uint64_t scanned = 0;            ///< documents read for this page; a page reads a bounded number of them
};
struct DocumentListRequest {
    std::string prefix;
    std::optional<std::string> afterKey;
    std::size_t limit = 100;                    ///< 1 to limits::pageRowsMax
    std::optional<Position> at;                 ///< state as of this position; now when absent
    std::vector<FieldCondition> where = {};     ///< all of them; quick on the view's indexed fields
    std::optional<DocumentSort> sort = {};      ///< by key when absent
    std::optional<std::string> afterValue = {}; ///< with sort: nextValue of the page before, beside afterKey
};

/// Reads documents, now or at any position. Thread-safe and blocking: never call it from the GUI thread.
/// `at` beyond the view's position answers the newest state. Errors UnknownView, NotFound, Cancelled.
class ViewReader {
public:
    virtual ~ViewReader() = default;
    [[nodiscard]] virtual std::vector<ViewStatus> views() = 0;
    [[nodiscard]] virtual Result<Document> get(const std::string &view, const std::string &key,
                                               std::optional<Position> at = {})
        = 0;
    [[nodiscard]] virtual Result<DocumentList> list(const std::string &view, const DocumentListRequest &request,
                                                    std::stop_token stop = {})
        = 0;
    /// Changes of one document, newest first, before (exclusive) the given position.
    [[nodiscard]] virtual Result<std::vector<DocumentChange>> history(const std::string &view, const std::string &key,
                                                                      std::optional<Position> before, std::size_t limit)
        = 0;
    [[nodiscard]] virtual Result<std::vector<FieldOrigin>> blame(const std::string &view, const std::string &key,
                                                                 std::optional<Position> at = {})
        = 0;
    /// What differs between two positions of one document.
    [[nodiscard]] virtual Result<std::vector<FieldChange>> diff(const std::string &view, const std::string &key,
                                                                Position from, Position to)
        = 0;
    /// Every document change that the event at this position made, over all views.
    [[nodiscard]] virtual Result<std::vector<DocumentChange>> changesAt(Position event) = 0;
    /// Waits until every view has folded up to `position`; false when time was over.
    [[nodiscard]] virtual bool waitFor(Position position, std::chrono::milliseconds wait) = 0;
};

} // namespace commander
