// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/chain_walk.h"

#include "values/sabotage.h"

namespace commander {

std::string ChainWalk::take(const Record &record)
{
    if (record.position != m_head.position.next())
        return "record " + std::to_string(m_head.position.value + 1) + " is missing";
    if (recordLeaf(record) != record.leaf && !sabotaged(Saboteur::ContentNotVerified))
        return "the record is not what was written: its content does not give its hash";
    if (chainNext(m_head.chain, record.leaf) != record.chain && !sabotaged(Saboteur::ChainNotVerified))
        return "the record does not follow the one before it: its chain hash does not link up";
    if (record.position.value > 1 && record.recordedAt < m_head.recordedAt)
        return "the record is older than the one before it";
    m_head = {record.position, record.chain, record.recordedAt};
    return {};
}

} // namespace commander
