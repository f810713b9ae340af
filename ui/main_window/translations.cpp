// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

using namespace Qt::StringLiterals;

// Resources of a static library register only when somebody asks; the macro must stand outside every namespace.
static void registerTranslations()
{
    Q_INIT_RESOURCE(commander_translations);
}

namespace commander::ui {

void installTranslation(QObject *owner)
{
    registerTranslations();
    auto *translator = new QTranslator(owner);
    if (!translator->load(QLocale(), u"commander"_s, u"_"_s, u":/i18n"_s)
        && !translator->load(u":/i18n/commander_en.qm"_s)) {
        qWarning("translations: the English plural forms are missing from this build");
        delete translator;
        return;
    }
    QCoreApplication::installTranslator(translator);
}

} // namespace commander::ui
