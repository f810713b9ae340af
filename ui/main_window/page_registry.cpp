// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/page_registry.h"

#include "compose/compose_page.h"
#include "home/home_page.h"
#include "ledger/ledger_page.h"
#include "lineage/lineage_page.h"
#include "models/format.h"
#include "operations/operations_page.h"
#include "rest_page/rest_page.h"
#include "timeline/timeline_page.h"
#include "views/views_page.h"

namespace commander::ui {

std::vector<Page *> createPages(EngineLink &link, Selection &selection, Theme &theme, RestControl &rest,
                                QWidget *parent)
{
    const auto restStatus = [&rest] { return rest.status(); };
    const auto baseUrl = [restStatus] { return toText(restStatus().baseUrl); };
    return {
        new HomePage(link, selection, theme, restStatus, parent),
        new LedgerPage(link, selection, theme, baseUrl, parent),
        new TimelinePage(link, selection, theme, parent),
        new LineagePage(link, selection, theme, parent),
        new ViewsPage(link, selection, theme, parent),
        new ComposePage(link, selection, theme, baseUrl, parent),
        new OperationsPage(link, selection, theme, parent),
        new RestPage(link, selection, theme, rest, parent),
    };
}

} // namespace commander::ui
