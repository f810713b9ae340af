// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/file_system.h>
#include <commander/view_versions.h>

#include <string>
#include <vector>

namespace commander {

/// A view as its file names it.
struct StoredView {
    ViewVersionId id;
    std::string domain;
    std::vector<std::string> indexes;
};

/// What a views file holds, in its order; nothing when there is none, or none that could be used.
[[nodiscard]] std::vector<StoredView> readStoredViews(const std::string &path, FileSystem &fileSystem);

/// Stands for a fold that is not known: the view keeps its place in the file, and is not folded.
[[nodiscard]] FoldBinding sleepingFold(const StoredView &view);

/// Name of the file that holds this version alone: the same on every machine.
[[nodiscard]] std::string versionFileName(const FoldBinding &binding);

} // namespace commander
