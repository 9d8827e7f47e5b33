// Foreign text in LaTeX.
#pragma once
#include <string>

namespace tubal::analysis {

/// Text as LaTeX prints it: special characters escaped, letters beyond Latin as their code point.
std::string latex_text(const std::string& text);

}  // namespace tubal::analysis
