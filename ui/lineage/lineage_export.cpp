// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/lineage_export.h"

#include "models/format.h"

#include <algorithm>
#include <QGraphicsScene>
#include <QImage>
#include <QImageWriter>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace commander::ui {

namespace {

constexpr double pngScale = 2.0;
constexpr double pngSideMax = 16'000; // larger pictures are made coarser instead of failing

bool render(QGraphicsScene &scene, QPaintDevice &device, const QRectF &target)
{
    QPainter painter;
    if (!painter.begin(&device))
        return false;
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.fillRect(target, scene.backgroundBrush());
    scene.render(&painter, target, scene.sceneRect());
    return painter.end();
}

bool writeSvg(QGraphicsScene &scene, QIODevice &file, const QString &title)
{
    const auto size = scene.sceneRect().size();
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(0, 0), size));
    generator.setTitle(title);
    return render(scene, generator, QRectF(QPointF(0, 0), size));
}

bool writePng(QGraphicsScene &scene, QIODevice &file, const QString &title)
{
    const auto size = scene.sceneRect().size();
    const auto scale = std::min(pngScale, pngSideMax / std::max(size.width(), size.height()));
    QImage image((size * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull() || !render(scene, image, QRectF(QPointF(0, 0), size * scale)))
        return false;
    image.setText(QStringLiteral("Title"), title);
    return QImageWriter(&file, "png").write(image);
}

} // namespace

Result<void> saveScenePicture(QGraphicsScene &scene, const QString &path, const QString &title)
{
    const auto failed = [&path](const QString &why) {
        return fail(ErrorCode::IoError, "the picture could not be saved: " + toUtf8(why), toUtf8(path),
                    "Choose another folder.");
    };
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file.errorString());
    const bool written = path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive) ? writeSvg(scene, file, title)
                                                                                   : writePng(scene, file, title);
    if (!written) {
        file.cancelWriting();
        return failed(QStringLiteral("it could not be drawn"));
    }
    if (!file.commit())
        return failed(file.errorString());
    return {};
}

} // namespace commander::ui
