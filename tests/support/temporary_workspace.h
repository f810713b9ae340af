// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include <string>

namespace commander {

/// A folder of its own for one test, removed afterwards.
class TemporaryWorkspace {
public:
    TemporaryWorkspace() { Q_ASSERT(m_folder.isValid()); }
    [[nodiscard]] std::string folder() const { return m_folder.path().toStdString(); }
    /// Where a ledger may be made.
    [[nodiscard]] std::string ledger() const { return file("test.ledger"); }
    [[nodiscard]] std::string file(const std::string &name) const { return folder() + "/" + name; }

private:
    QTemporaryDir m_folder;
};

} // namespace commander
