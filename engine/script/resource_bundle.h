// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/domain_folder.h"

#include <string>
#include <vector>

namespace commander::script {

/// The modules of a domain as Qt resources in memory: script engines that are made later load the same bytes, nothing
/// outside can be imported by a relative name, and what scripts see of their own place (error stacks) is the same on
/// every machine. Thread-safe.
class ResourceBundle {
public:
    /// `name` becomes the folder ":/name".
    ResourceBundle(const std::string &name, const std::vector<DomainFile> &files);
    ~ResourceBundle();
    ResourceBundle(const ResourceBundle &) = delete;
    ResourceBundle &operator=(const ResourceBundle &) = delete;

    /// False when Qt did not take it.
    [[nodiscard]] bool registered() const noexcept { return m_registered; }
    /// E.g. ":/NAME/domain.js"
    [[nodiscard]] std::string path(const std::string &file) const { return ':' + m_root + '/' + file; }
    /// As it stands in stacks, e.g. "qrc:/NAME/".
    [[nodiscard]] std::string urlPrefix() const { return "qrc:" + m_root + '/'; }

private:
    const std::string m_root; ///< "/NAME"
    const std::string m_binary;
    bool m_registered = false;
};

} // namespace commander::script
