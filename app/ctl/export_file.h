// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/exchange.h>

#include <QFile>

namespace commander::ctl {

/// FILE.part while an export is written, FILE once it is whole and on stable storage. What was there before stays until
/// then.
class ExportFile {
public:
    explicit ExportFile(QString path);
    /// A new export, or one that goes on with FILE.part if there is one.
    [[nodiscard]] Result<std::unique_ptr<LedgerExport>> begin(Ledger &ledger, ExportOptions options, bool resume,
                                                              std::stop_token stop, const ExchangeProgress &progress);
    /// A new one, whose bytes come from elsewhere.
    [[nodiscard]] Result<void> beginEmpty();
    [[nodiscard]] Result<void> write(std::string_view bytes);
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] Result<void> failed() const;

    const QString m_path;
    QFile m_part;
};

/// One line of JSON.
[[nodiscard]] std::string reportJson(const ExportReport &report);

} // namespace commander::ctl
