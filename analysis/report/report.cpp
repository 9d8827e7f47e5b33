// The page around the data: every place of the template filled, each text escaped for where it stands.
#include "analysis/report/report.hpp"

#include <map>

#include "analysis/report/assets.hpp"
#include "analysis/report/data.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

// For text between tags.
static std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  return out;
}

static std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

// JSON inside <script type="application/json">: no `<`, so no text can end the element or open a comment in
// it. What is not UTF-8 becomes U+FFFD.
static std::string script_data(const Json& data) {
  return replaced(data.dump(-1, ' ', false, Json::error_handler_t::replace), "<", "\\u003c");
}

// JavaScript inside <script>: in it these sequences stand in strings alone, where a
// backslash changes nothing.
static std::string script_code(std::string_view code) {
  return replaced(replaced(std::string(code), "</script", "<\\/script"), "<!--", "<\\!--");
}

std::string make_report(const Study& study, const ReportOptions& options) {
  const Json data = gather_report(study, options);
  // The name once more through JSON, which mends what is not UTF-8.
  const std::string name =
      Json::parse(Json(study.name).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
  const std::map<std::string, std::string, std::less<>> values = {
      {"title", html_text(name)},
      {"fonts", std::string(assets::fonts)},
      {"style", std::string(assets::style)},
      {"vega", script_code(assets::vega)},
      {"vega_lite", script_code(assets::vega_lite)},
      {"script", script_code(assets::script)},
      {"licences", html_text(assets::licences)},
      {"data", script_data(data)}};
  std::string out;
  std::string_view rest = assets::page;
  for (std::size_t open; (open = rest.find("{{")) != rest.npos;) {
    const std::size_t close = rest.find("}}", open);
    const auto found = values.find(rest.substr(open + 2, close - open - 2));
    if (close == rest.npos || found == values.end())
      throw Error("analysis/report/page.html: a place without a value");
    out += rest.substr(0, open);
    out += found->second;
    rest.remove_prefix(close + 2);
  }
  return out += rest;
}

}  // namespace tubal::analysis
