// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/database.h"
#include <commander/view_versions.h>

#include <commander/file_system.h>
#include <commander/ledger.h>

#include <string>
#include <vector>

namespace commander {

/// How far one view is in the file.
struct ViewRow {
    Position position; ///< every event up to here is folded
    std::int64_t documents = 0;
    std::int64_t keys = 0; ///< numbers given so far
    std::string error;     ///< why it stopped
};

/// Where the file stands: which record it took in last, so that it can be recognised as belonging to this ledger.
struct FileHead {
    Position position;
    Hash256 chain{};
    Uuid record;
};

/// The views file, open for its one writer and known to belong to the ledger.
struct ViewFile {
    Database database;
    FileHead head;
    std::vector<ViewRow> views;      ///< one per binding
    std::vector<TopicStart> sources; ///< only for a ledger without a total order
    std::string rebuilt;             ///< why it starts empty, in words; empty when it was kept
};

struct ViewFileOptions {
    std::string path;
    Ledger &ledger;
    FileSystem &fileSystem;
    const std::vector<FoldBinding> &folds;
    std::vector<TopicPartition> sources; ///< what to follow when the ledger has no total order
    std::size_t pageCacheBytes = 32u * 1024u * 1024u;
};

/// Opens the file. It is derived data, so one that is damaged, of another format, of another ledger or of other views
/// is deleted and begun anew; when only some views are of another version or domain, only these begin anew. Errors
/// IoError, DiskFull, InvalidArgument.
[[nodiscard]] Result<ViewFile> openViewFile(const ViewFileOptions &options);

/// Leaves word, beside the file, that it is damaged: the next openViewFile() builds it anew.
[[nodiscard]] Result<void> condemnViewFile(const std::string &path, FileSystem &fileSystem);

} // namespace commander
