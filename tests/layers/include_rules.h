// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace feedscope::layers {

/// One row of the layering table: what a folder may include. A folder that no row names may include nothing of ours.
struct Layer {
    QString folder; ///< from the project root, "app/wire"; also a single file, "ui/main.cpp"
    QStringList mayInclude; ///< folders, itself left out
    QStringList qtModules; ///< "QtCore"
    QStringList libraries; ///< names in libraryOf()
};
const std::vector<Layer> &layerTable();

/// One #include line.
struct Include {
    QString path; ///< between the quotes or brackets
    bool quoted = false;
    int line = 0;
};
std::vector<Include> includesIn(const QString &source);

/// The row for a file given from the project root, the most exact one first; nullptr: none.
const Layer *layerOf(const QString &file);

/// What is wrong with this include in this file, in words; empty: nothing.
std::optional<QString> complaint(const Layer &layer, const QString &file, const Include &include);

} // namespace feedscope::layers
