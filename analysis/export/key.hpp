// The key beneath a plot of gnuplot's. gnuplot leaves out, without a word, a key whose entries do not fit.
#pragma once
#include <string>

namespace tubal::gnuplot {

struct Key {
  std::string settings;  // `set key ...`
  std::string plot;      // the plot command with titles that fit: long ones go on in entries without a sign
  double height = 0;     // cm
};

/// Two entries a line where all are short, else one, over several lines where it is long. `plot` is a plot
/// command `width` cm wide whose titles are single-quoted and end their element.
Key lay_key(const std::string& plot, double width);

}  // namespace tubal::gnuplot
