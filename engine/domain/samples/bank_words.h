// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <string_view>

/// What the bank's commands, events and views are called, and their schemas.
namespace commander::samples::bank {

inline constexpr std::string_view domainName = "bank";
inline constexpr std::string_view openAccount = "open-account";
inline constexpr std::string_view depositMoney = "deposit-money";
inline constexpr std::string_view withdrawMoney = "withdraw-money";
inline constexpr std::string_view transferMoney = "transfer-money";
inline constexpr std::string_view flagLargeTransfer = "flag-large-transfer";
inline constexpr std::string_view accountOpened = "account-opened";
inline constexpr std::string_view moneyDeposited = "money-deposited";
inline constexpr std::string_view moneyWithdrawn = "money-withdrawn";
inline constexpr std::string_view moneyTransferred = "money-transferred";
inline constexpr std::string_view largeTransferFlagged = "large-transfer-flagged";
inline constexpr std::string_view accountsView = "accounts";
inline constexpr std::string_view statementsView = "statements";
inline constexpr std::string_view largeTransferReaction = "watch-large-transfers";

[[nodiscard]] DomainDescription describe();

} // namespace commander::samples::bank
