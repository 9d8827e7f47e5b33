#include "experiments/records/history.hpp"

#include <nlohmann/json.hpp>

namespace tubal {

using Json =
    nlohmann::ordered_json;  // doubles are written with all their digits and come back the same; NaN is null

// Fields of each kind, once for both directions.
template <class P, class Visit>
requires std::is_same_v<std::remove_const_t<P>, TrainPoint>
static void walk(P& p, Visit visit) {
  visit("step", p.step), visit("loss", p.loss), visit("learning_rate", p.learning_rate);
  visit("gradient_norm", p.gradient_norm), visit("tokens_per_second", p.tokens_per_second);
}
template <class P, class Visit>
requires std::is_same_v<std::remove_const_t<P>, EvaluationPoint>
static void walk(P& p, Visit visit) {
  visit("epoch", p.epoch), visit("step", p.step), visit("train_loss", p.train_loss),
      visit("train_accuracy", p.train_accuracy);
  visit("validation_loss", p.validation_loss), visit("validation_accuracy", p.validation_accuracy),
      visit("validation_bits_per_byte", p.validation_bits_per_byte), visit("seconds", p.seconds);
}
template <class P, class Visit>
requires std::is_same_v<std::remove_const_t<P>, TransformPoint>
static void walk(P& p, Visit visit) {
  visit("epoch", p.epoch), visit("real", p.real), visit("imaginary", p.imaginary);
  visit("orthogonality_error", p.orthogonality_error), visit("drift_from_init", p.drift_from_init);
  visit("largest_angle", p.largest_angle);
}
template <class P, class Visit>
requires std::is_same_v<std::remove_const_t<P>, SpectrumPoint>
static void walk(P& p, Visit visit) { visit("epoch", p.epoch), visit("values", p.values); }

static double number(const Json& j) { return j.is_null() ? unknown : j.get<double>(); }
static void get(const Json& j, double& x) { x = number(j); }
static void get(const Json& j, int& x) { x = j.get<int>(); }
static void get(const Json& j, std::int64_t& x) { x = j.get<std::int64_t>(); }
static void get(const Json& j, std::vector<double>& x) {
  for (const Json& item : j) x.push_back(number(item));
}
static void get(const Json& j, std::map<std::string, std::vector<double>>& x) {
  for (const auto& [key, item] : j.items()) get(item, x[key]);
}

template <class P>
static std::string text(const char* kind, const P& point) {
  Json json;
  json["kind"] = kind;
  walk(point, [&](const char* key, const auto& value) { json[key] = value; });
  return json.dump();
}
template <class P>
static P parsed(const Json& json) {
  P point;
  walk(point, [&](const char* key, auto& value) {
    // A journal may be older than bits per byte.
    if (json.contains(key) || std::string_view(key) != "validation_bits_per_byte") get(json.at(key), value);
  });
  return point;
}

std::string to_record(const TrainPoint& p) { return text("train", p); }
std::string to_record(const EvaluationPoint& p) { return text("evaluation", p); }
std::string to_record(const TransformPoint& p) { return text("transform", p); }
std::string to_record(const SpectrumPoint& p) { return text("spectrum", p); }

void take_record(const std::string& text, TrialRecord& record) {
  try {
    const Json json = Json::parse(text);
    const std::string kind = json.at("kind");
    if (kind == "train")
      record.train.push_back(parsed<TrainPoint>(json));
    else if (kind == "evaluation")
      record.evaluations.push_back(parsed<EvaluationPoint>(json));
    else if (kind == "transform")
      record.transform.push_back(parsed<TransformPoint>(json));
    else if (kind == "spectrum")
      record.spectrum.push_back(parsed<SpectrumPoint>(json));
    else
      throw Error("the journal has a record of an unknown kind `" + kind +
                  "`: was it written by a later version?");
  } catch (const nlohmann::json::exception& e) {
    throw Error(std::string("the journal has a record that cannot be read: ") + e.what());
  }
}

}  // namespace tubal
