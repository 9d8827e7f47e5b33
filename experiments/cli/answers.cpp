#include "experiments/cli/answers.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/format.hpp"
#include "experiments/inference/classifier.hpp"

namespace tubal::cli {

namespace {

using Json = nlohmann::ordered_json;

// As JSON has it, so that the forms agree; JSON has null for what is no number.
std::string digits(double x) { return std::isfinite(x) ? Json(x).dump() : "nan"; }

// Tabs and line ends inside a class name would break the columns.
std::string one_field(const std::string& name) {
  std::string out;
  for (const char c : name)
    out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  return out;
}

}  // namespace

void head(const Classifier& model, Form form, std::ostream& out) {
  if (form != Form::csv) return;
  out << "label,probability";
  for (const std::string& name : model.classes()) out << "," << csv_field("probability of " + name);
  out << "\n";
}

void answer(Classifier& model, std::span<const std::string> texts, Form form, AnswerCounts& counts,
            std::ostream& out) {
  for (const Classifier::Prediction& p : model(texts)) {
    counts.cut += p.cut;
    counts.unknown += p.unknown;
    const std::string& label = model.classes()[p.label];
    const double probability = p.probability[p.label];
    if (form == Form::table) {
      out << one_field(label) << "\t" << digits(probability) << "\n";
    } else if (form == Form::csv) {
      out << csv_field(label) << "," << digits(probability);
      for (const double each : p.probability) out << "," << digits(each);
      out << "\n";
    } else {
      Json line = {{"label", label}, {"probability", probability}};
      for (std::size_t c = 0; c < p.probability.size(); ++c)
        line["probabilities"][model.classes()[c]] = p.probability[c];
      out << line.dump() << "\n";
    }
  }
}

void head(const LanguageModel&, Form form, std::ostream& out) {
  if (form == Form::csv) out << "log_probability,tokens,per_token,bits_per_byte\n";
}

void answer(LanguageModel& model, std::span<const std::string> texts, Form form, AnswerCounts& counts,
            std::ostream& out) {
  for (const LanguageModel::Likelihood& l : model(texts)) {
    counts.unknown += l.unknown > 0;
    const double per_token = l.per_token(), bits = l.bits_per_byte();
    if (form == Form::json) {
      const Json line = {{"log_probability", l.log_probability},
                         {"tokens", l.tokens},
                         {"per_token", per_token},
                         {"bits_per_byte", bits}};
      out << line.dump() << "\n";
      continue;
    }
    const char between = form == Form::csv ? ',' : '\t';
    out << digits(l.log_probability) << between << l.tokens << between << digits(per_token) << between
        << digits(bits) << "\n";
  }
}

}  // namespace tubal::cli
