// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/engine_impl.h"

namespace commander {

namespace {

class LedgerFileImpl final : public LedgerFile {
public:
    explicit LedgerFileImpl(const OpenOptions &options) : m_surroundings(options) { }
    [[nodiscard]] Result<void> open(const OpenOptions &options)
    {
        auto ledger = openLedger(options, m_surroundings);
        if (!ledger)
            return fail(ledger.error());
        m_ledger = std::move(*ledger);
        return {};
    }
    Ledger &ledger() override { return *m_ledger; }

private:
    Surroundings m_surroundings;
    std::unique_ptr<SqliteLedger> m_ledger;
};

} // namespace

Result<std::unique_ptr<LedgerFile>> LedgerFile::openReadOnly(OpenOptions options)
{
    options.readOnly = true;
    auto file = std::make_unique<LedgerFileImpl>(options);
    if (auto opened = file->open(options); !opened)
        return fail(opened.error());
    return file;
}

} // namespace commander
