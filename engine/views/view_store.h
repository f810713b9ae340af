// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/document_lister.h"
#include "views/view_progress.h"
#include "views/view_store_pool.h"

#include <commander/views.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// Answers every question about documents, now or at any position, from the views file. Each call sees one moment of
/// the file. Thread-safe and blocking.
class ViewStore final : public ViewReader {
public:
    struct Options {
        std::string path;
        std::string vfs;
        std::vector<ListedView> views; ///< in the order of the file
        std::shared_ptr<ViewProgress> progress;
        std::function<void()> onDamage; ///< the file turned out to be damaged; any thread
    };
    explicit ViewStore(Options options);

    [[nodiscard]] std::vector<ViewStatus> views() override { return m_options.progress->views(); }
    [[nodiscard]] Result<Document> get(const std::string &view, const std::string &key,
                                       std::optional<Position> at) override;
    [[nodiscard]] Result<DocumentList> list(const std::string &view, const DocumentListRequest &request,
                                            std::stop_token stop) override;
    [[nodiscard]] Result<std::vector<DocumentChange>> history(const std::string &view, const std::string &key,
                                                              std::optional<Position> before,
                                                              std::size_t limit) override;
    [[nodiscard]] Result<std::vector<FieldOrigin>> blame(const std::string &view, const std::string &key,
                                                         std::optional<Position> at) override;
    [[nodiscard]] Result<std::vector<FieldChange>> diff(const std::string &view, const std::string &key, Position from,
                                                        Position to) override;
    [[nodiscard]] Result<std::vector<DocumentChange>> changesAt(Position event) override;
    [[nodiscard]] bool waitFor(Position position, std::chrono::milliseconds wait) override
    {
        return m_options.progress->waitFor(position, wait);
    }

    /// The newest document as text, or nothing when there is none. Error DomainFault when the view has stopped: what it
    /// holds is not the present state.
    [[nodiscard]] Result<std::optional<std::string>> current(const std::string &view, const std::string &key);

private:
    [[nodiscard]] Result<std::size_t> viewNumber(const std::string &view) const;
    /// Runs `question(connection)` within one snapshot of the file.
    template <class Question>
    auto ask(std::stop_token stop, Question question) -> decltype(question(std::declval<ViewConnection &>()));
    [[nodiscard]] Result<DocumentChange> changeOf(ViewConnection &connection, std::size_t view, std::string key,
                                                  const LoggedChange &change, const Json *before, const Json *after);

    const Options m_options;
    ViewStorePool m_pool;
};

} // namespace commander
