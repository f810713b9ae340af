// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/value_menu.h"

#include "models/format.h"

#include <QCoreApplication>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr qsizetype shownMax = 60;

/// Context of the texts for translators.
struct ValueMenu {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::ValueMenu)
};

QString shown(const FilterNode &test)
{
    QString text = toText(formatFilter(test));
    if (text.size() > shownMax)
        text = text.left(shownMax) + u'…';
    return text.replace(u'&', u"&&"_s);
}

} // namespace

void addValueActions(QMenu &menu, const FilterNode &test, const std::function<void(FilterNode)> &chosen)
{
    menu.addAction(ValueMenu::tr("Filter for: %1").arg(shown(test)), &menu, [test, chosen] { chosen(test); });
    menu.addAction(ValueMenu::tr("Exclude: %1").arg(shown(test)), &menu, [test, chosen] { chosen(notFilter(test)); });
    auto anywhere = test;
    for (auto &step : anywhere.path) {
        if (std::holds_alternative<std::uint64_t>(step))
            step = FilterAnyElement{};
    }
    if (!(anywhere == test))
        menu.addAction(ValueMenu::tr("Filter for: %1").arg(shown(anywhere)), &menu,
                       [anywhere, chosen] { chosen(anywhere); });
}

} // namespace commander::ui
