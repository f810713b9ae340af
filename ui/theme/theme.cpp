// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/icon_engine.h"
#include "theme/palettes.h"

#include <array>
#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QProxyStyle>
#include <QSettings>
#include <QStyleFactory>
#include <QStyleOptionViewItem>

using namespace Qt::StringLiterals;

// Resources of a static library register only when somebody asks; the macro must stand outside every namespace.
static void registerIcons()
{
    Q_INIT_RESOURCE(commander_icons);
}

namespace commander::ui {

namespace {

constexpr double interfacePointSize = 10.0;
constexpr auto modeKey = "theme/mode"_L1;

/// Fusion, with the text of cells where the style sheet puts the text of their headers: 8 px from the edge.
class Style final : public QProxyStyle {
public:
    Style() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)) { }
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override
    {
        if (metric != PM_FocusFrameHMargin)
            return QProxyStyle::pixelMetric(metric, option, widget);
        // Views add one pixel to it, and put it on both sides of an icon as well.
        const auto *cell = qstyleoption_cast<const QStyleOptionViewItem *>(option);
        return cell && cell->features.testFlag(QStyleOptionViewItem::HasDecoration) ? 3 : 7;
    }
};

QString firstFamily(std::initializer_list<QLatin1String> wanted)
{
    const QStringList families = QFontDatabase::families();
    for (const auto &name : wanted) {
        if (families.contains(name))
            return name;
    }
    return {};
}

} // namespace

Theme::Theme(QObject *parent) : QObject(parent)
{
    registerIcons();
    const QColor window = QApplication::palette().color(QPalette::Window);
    m_desktopMode = window.lightnessF() < 0.5F ? Mode::Dark : Mode::Light;
    m_mode = m_desktopMode;

    m_monospaceFamily = firstFamily({"JetBrains Mono"_L1, "DejaVu Sans Mono"_L1});
    if (m_monospaceFamily.isEmpty())
        m_monospaceFamily = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();

    QFont font = QApplication::font();
    if (const QString family = firstFamily({"Inter"_L1, "Inter Variable"_L1}); !family.isEmpty())
        font.setFamily(family);
    font.setPointSizeF(interfacePointSize);
    font.setHintingPreference(QFont::PreferVerticalHinting);
    QApplication::setFont(font);
    QApplication::setStyle(new Style);
    apply();
}

void Theme::setMode(Mode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
    Q_EMIT changed();
}

void Theme::remember(QSettings &settings)
{
    const QString stored = settings.value(modeKey).toString();
    if (stored == "light"_L1)
        setMode(Mode::Light);
    else if (stored == "dark"_L1)
        setMode(Mode::Dark);
    else
        setMode(m_desktopMode);
    // With the settings as context: the connection ends with whichever of the two goes first.
    connect(this, &Theme::changed, &settings,
            [this, &settings] { settings.setValue(modeKey, m_mode == Mode::Dark ? u"dark"_s : u"light"_s); });
}

void Theme::apply()
{
    m_icons.clear();
    QApplication::setPalette(modePalette(m_mode));
    qApp->setStyleSheet(modeStyleSheet(m_mode));
}

QColor Theme::color(Tone tone) const
{
    return toneColor(m_mode, tone);
}

QColor Theme::kindColor(RecordKind kind) const
{
    switch (kind) {
    case RecordKind::Command:
        return color(Tone::Command);
    case RecordKind::Event:
        return color(Tone::Event);
    case RecordKind::Result:
        return color(Tone::Pending);
    }
    return color(Tone::Text);
}

QColor Theme::statusColor(CommandStatus status) const
{
    switch (status) {
    case CommandStatus::Accepted:
        return color(Tone::Pending);
    case CommandStatus::Succeeded:
        return color(Tone::Succeeded);
    case CommandStatus::Rejected:
        return color(Tone::Rejected);
    case CommandStatus::Failed:
        return color(Tone::Failed);
    case CommandStatus::Expired:
    case CommandStatus::Cancelled:
        return color(Tone::Pending);
    }
    return color(Tone::Text);
}

QColor Theme::tint(const QColor &color, double share) const
{
    return mixColors(color, toneColor(m_mode, Tone::Surface), share);
}

QColor Theme::seriesColor(int index) const
{
    // Middle lightness: at least 3:1 on both surfaces.
    static constexpr std::array<QRgb, 10> series = {0xff4a7cf0, 0xff109a89, 0xffd27c1c, 0xffab5ad0, 0xffd8504d,
                                                    0xff559a3c, 0xff1f96c6, 0xffa98613, 0xffd95f96, 0xff7b8694};
    const auto count = int(series.size());
    const int place = ((index % count) + count) % count;
    const QColor base = QColor::fromRgb(series[std::size_t(place)]);
    const int round = index < 0 ? 0 : index / count;
    return round == 0 ? base : base.lighter(100 + 18 * (round % 3));
}

QFont Theme::monospace() const
{
    QFont font(m_monospaceFamily);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    font.setStyleStrategy(QFont::PreferNoShaping); // no ligatures: every character of data stands for itself
    font.setPointSizeF(interfacePointSize - 0.75);
    return font;
}

QIcon Theme::icon(const QString &name) const
{
    return icon(name, color(Tone::Text));
}

QIcon Theme::icon(const QString &name, const QColor &tone) const
{
    const QString key = name + tone.name();
    if (const auto found = m_icons.constFind(key); found != m_icons.cend())
        return *found;
    QFile file(u":/icons/%1.svg"_s.arg(name));
    QIcon result;
    if (file.open(QIODevice::ReadOnly)) {
        const QColor disabled = mixColors(color(Tone::TextMuted), color(Tone::Window), 0.6);
        result = QIcon(new OutlineIconEngine(file.readAll(), tone, disabled)); // QIcon owns its engine
    } else {
        qWarning("theme: there is no icon named \"%s\"", qPrintable(name));
    }
    m_icons.insert(key, result);
    return result;
}

QString Theme::kindIcon(RecordKind kind)
{
    switch (kind) {
    case RecordKind::Command:
        return u"command"_s;
    case RecordKind::Event:
        return u"event"_s;
    case RecordKind::Result:
        return u"result"_s;
    }
    return u"info"_s;
}

QString Theme::statusIcon(CommandStatus status)
{
    switch (status) {
    case CommandStatus::Accepted:
        return u"clock"_s;
    case CommandStatus::Succeeded:
        return u"check"_s;
    case CommandStatus::Rejected:
        return u"rejected"_s;
    case CommandStatus::Failed:
        return u"failed"_s;
    case CommandStatus::Expired:
        return u"clock"_s;
    case CommandStatus::Cancelled:
        return u"rejected"_s;
    }
    return u"info"_s;
}

} // namespace commander::ui
