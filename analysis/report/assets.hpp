// The files of analysis/report/ and the libraries that they use, embedded at build time (report/embed.cmake).
#pragma once
#include <string_view>

namespace tubal::analysis::assets {

extern const std::string_view page;    // page.html, with {{names}} to fill
extern const std::string_view style;   // style.css
extern const std::string_view script;  // script/*.js, in order
extern const std::string_view vega;    // the libraries, minified
extern const std::string_view vega_lite;
extern const std::string_view fonts;     // a style sheet that carries the page's fonts
extern const std::string_view licences;  // of the libraries, each with the packages that it covers

}  // namespace tubal::analysis::assets
