#include "experiments/records/history.hpp"

#include "core/json_fields.hpp"

namespace tubal {

using Json = json::Json;  // doubles are written with all their digits and come back the same

static constexpr auto train_point_fields = [](auto& p, auto visit) {
  visit("step", p.step);
  visit("loss", p.loss);
  visit("learning_rate", p.learning_rate);
  visit("gradient_norm", p.gradient_norm);
  visit("tokens_per_second", p.tokens_per_second);
};
static constexpr auto evaluation_point_fields = [](auto& p, auto visit) {
  visit("epoch", p.epoch);
  visit("step", p.step);
  visit("train_loss", p.train_loss);
  visit("train_accuracy", p.train_accuracy);
  visit("validation_loss", p.validation_loss);
  visit("validation_accuracy", p.validation_accuracy);
  visit("validation_bits_per_byte", p.validation_bits_per_byte);
  visit("seconds", p.seconds);
};
static constexpr auto transform_point_fields = [](auto& p, auto visit) {
  visit("epoch", p.epoch);
  visit("real", p.real);
  visit("imaginary", p.imaginary);
  visit("orthogonality_error", p.orthogonality_error);
  visit("drift_from_init", p.drift_from_init);
  visit("largest_angle", p.largest_angle);
};
static constexpr auto spectrum_point_fields = [](auto& p, auto visit) {
  visit("epoch", p.epoch);
  visit("values", p.values);
};

template <class P, class Fields>
static std::string text(const char* kind, const P& point, Fields fields) {
  Json made;
  made["kind"] = kind;
  json::write_fields(made, point, fields);
  return made.dump();
}
template <class P, class Fields>
static P parsed(const Json& found, Fields fields) {
  P point;
  json::read_fields(found, point, fields, [](std::string_view key) {
    return key == "validation_bits_per_byte";  // a journal may be older than these
  });
  return point;
}

std::string to_record(const TrainPoint& p) { return text("train", p, train_point_fields); }
std::string to_record(const EvaluationPoint& p) { return text("evaluation", p, evaluation_point_fields); }
std::string to_record(const TransformPoint& p) { return text("transform", p, transform_point_fields); }
std::string to_record(const SpectrumPoint& p) { return text("spectrum", p, spectrum_point_fields); }

void take_record(const std::string& text, TrialRecord& record) {
  try {
    const Json found = Json::parse(text);
    const std::string kind = found.at("kind");
    if (kind == "train")
      record.train.push_back(parsed<TrainPoint>(found, train_point_fields));
    else if (kind == "evaluation")
      record.evaluations.push_back(parsed<EvaluationPoint>(found, evaluation_point_fields));
    else if (kind == "transform")
      record.transform.push_back(parsed<TransformPoint>(found, transform_point_fields));
    else if (kind == "spectrum")
      record.spectrum.push_back(parsed<SpectrumPoint>(found, spectrum_point_fields));
    else
      throw Error("the journal has a record of an unknown kind `" + kind +
                  "`: was it written by a later version?");
  } catch (const nlohmann::json::exception& e) {
    throw Error(std::string("the journal has a record that cannot be read: ") + e.what());
  }
}

}  // namespace tubal
