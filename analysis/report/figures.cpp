#include "analysis/report/figures.hpp"

#include <cmath>

namespace tubal::analysis {

namespace {

const char* word(FigureKind kind) {
  return kind == FigureKind::against ? "against" : kind == FigureKind::front ? "front" : "curves";
}
const char* word(FigureAxis::Scale scale) {
  return scale == FigureAxis::Scale::names ? "names" : scale == FigureAxis::Scale::log ? "log" : "linear";
}

Json finite(double x) { return std::isfinite(x) ? Json(x) : Json(); }

Json axis(const FigureAxis& a) {
  return {{"title", a.title},         {"scale", word(a.scale)}, {"prefixes", a.prefixes},
          {"from_zero", a.from_zero}, {"values", a.values},     {"at", a.at}};
}

Json point(const FigurePoint& p) {
  return {{"cell", p.cell},   {"panel", p.panel},     {"series", p.series},     {"x", finite(p.x)},
          {"y", finite(p.y)}, {"low", finite(p.low)}, {"high", finite(p.high)}, {"front", p.front}};
}

Json curve(const FigureCurve& c) {
  return {{"cell", c.cell}, {"panel", c.panel}, {"series", c.series}, {"part", c.part},  {"x", c.x},
          {"mean", c.mean}, {"low", c.low},     {"high", c.high},     {"seeds", c.seeds}};
}

Json reference(const FigureReference& r) {
  return {
      {"panel", r.panel}, {"kind", r.kind}, {"name", r.name}, {"y", finite(r.y)}, {"cell", or_null(r.cell)}};
}

template <class Parts, class One>
Json list(const Parts& parts, One one) {
  Json all = Json::array();
  for (const auto& part : parts) all.push_back(one(part));
  return all;
}

}  // namespace

Json figures_json(const std::vector<Figure>& figures) {
  return list(figures, [](const Figure& f) {
    return Json{{"kind", word(f.kind)},
                {"id", f.id},
                {"section", f.section},
                {"title", f.title},
                {"note", f.note},
                {"x", axis(f.x)},
                {"y", axis(f.y)},
                {"small", f.small},
                {"colour", or_null(f.colour)},
                {"panels", f.panels},
                {"points", list(f.points, point)},
                {"lines", list(f.lines,
                               [](const FigureLine& l) {
                                 return Json{{"panel", l.panel}, {"series", l.series}, {"points", l.points}};
                               })},
                {"curves", list(f.curves, curve)},
                {"references", list(f.references, reference)}};
  });
}

Json ngrams_json(const std::vector<NgramSet>& sets) {
  return list(sets, [](const NgramSet& set) {
    return Json{{"cells", set.cells}, {"rows", list(set.rows, [](const Ngram& n) {
                                         return Json{{"name", n.name},
                                                     {"loss", finite(n.loss)},
                                                     {"bits_per_byte", finite(n.bits_per_byte)},
                                                     {"figure", finite(n.figure)},
                                                     {"validation", finite(n.validation)}};
                                       })}};
  });
}

}  // namespace tubal::analysis
