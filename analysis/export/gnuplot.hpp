// gnuplot: the words of its scripts, and running it.
#pragma once
#include <filesystem>
#include <string>

namespace tubal::gnuplot {

std::string number(double x);                  // shortest text that reads back; NaN as gnuplot knows it
std::string literal(const std::string& text);  // 'text', line ends as spaces
std::string tick(const std::string& text);     // the same for labels of tics, which are formats: % is doubled
/// Line colour, dash and point of the i-th series; the palette is Okabe and Ito's, told
/// apart by the colour-blind.
std::string style(std::size_t i);
std::string color(std::size_t i);
std::string line(std::size_t i);  // colour, width and dash alone

/// A script that draws `name`.pdf and `name`.svg where it is run. `plot` is the plot command (key.hpp); its
/// key stands beneath the plot, which is `height` cm high and `width` cm (a column of a paper) wide.
std::string script(const std::string& name, const std::string& comment, const std::string& data,
                   const std::string& settings, const std::string& plot, double height, double width = 8.6);

/// Runs `name`.gp of `folder` in an empty folder of its own inside it and moves the drawings into `folder`.
/// Throws UsageError where gnuplot is not installed, Error with what it says where it fails.
void draw(const std::filesystem::path& folder, const std::string& name);

}  // namespace tubal::gnuplot
