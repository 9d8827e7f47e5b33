#include "experiments/records/record.hpp"

#include "core/layout_entries.hpp"
#include "experiments/records/layout_writer.hpp"

namespace tubal {

namespace {

using I = std::int64_t;

void write_root(LayoutWriter& w, const TrialRecord& r) {
  const TrialStatus& s = r.status;
  w.attribute("/", "tubal_format", I{layout::format_version});
  w.attribute("/", "trial", r.id);
  w.attribute("/", "study", r.study);
  w.attribute("/", "task", std::string(r.language ? "language_model" : "classification"));
  w.attribute("/", "status", std::string(name(s.state)));
  w.attribute("/", "cause", s.cause);
  w.attribute("/", "seed", static_cast<I>(s.seed));
  w.attribute("/", "epochs_done", I{s.epoch});
  w.attribute("/", "best_epoch", I{s.best_epoch});
  w.attribute("/", "parameters_encoder", s.parameters_encoder);
  w.attribute("/", "parameters_total", s.parameters_total);
  w.attribute("/", "flops", s.flops);
  w.attribute("/", "seconds", s.seconds);
  w.attribute("/", "processor_seconds", s.processor_seconds);
  w.attribute("/", "tokens_per_second", s.tokens_per_second);
  w.attribute("/", "peak_memory", s.peak_memory);
  if (r.language)
    w.attribute("/", "test_bits_per_byte", s.test_bits_per_byte);
  else
    w.attribute("/", "test_accuracy", s.test_accuracy);
  w.attribute("/", "test_loss", s.test_loss);
}

void write_baselines(LayoutWriter& w, const Baselines& b) {
  w.write("/baselines/name", b.names);
  w.write("/baselines/validation_loss", b.validation_loss);
  w.write("/baselines/test_loss", b.test_loss);
  w.write("/baselines/validation_bits_per_byte", b.validation_bits_per_byte);
  w.write("/baselines/test_bits_per_byte", b.test_bits_per_byte);
}

void write_metrics(LayoutWriter& w, const TrialRecord& r) {
  w.write("/metrics/train/step", column<I>(r.train, &TrainPoint::step));
  w.write("/metrics/train/loss", column(r.train, &TrainPoint::loss));
  w.write("/metrics/train/learning_rate", column(r.train, &TrainPoint::learning_rate));
  w.write("/metrics/train/gradient_norm", column(r.train, &TrainPoint::gradient_norm));
  w.write("/metrics/train/tokens_per_second", column(r.train, &TrainPoint::tokens_per_second));
  const auto& e = r.evaluations;
  w.write("/metrics/evaluation/epoch", column<I>(e, &EvaluationPoint::epoch));
  w.write("/metrics/evaluation/step", column<I>(e, &EvaluationPoint::step));
  w.write("/metrics/evaluation/train_loss", column(e, &EvaluationPoint::train_loss));
  w.write("/metrics/evaluation/validation_loss", column(e, &EvaluationPoint::validation_loss));
  w.write("/metrics/evaluation/test_loss", column(e, &EvaluationPoint::test_loss));
  const auto figures = [&](const char* path, auto member) { w.write(path, column(e, member)); };
  if (r.language) {
    figures("/metrics/evaluation/validation_bits_per_byte", &EvaluationPoint::validation_bits_per_byte);
    figures("/metrics/evaluation/test_bits_per_byte", &EvaluationPoint::test_bits_per_byte);
  } else {
    figures("/metrics/evaluation/train_accuracy", &EvaluationPoint::train_accuracy);
    figures("/metrics/evaluation/validation_accuracy", &EvaluationPoint::validation_accuracy);
    figures("/metrics/evaluation/test_accuracy", &EvaluationPoint::test_accuracy);
  }
  w.write("/metrics/evaluation/seconds", column(e, &EvaluationPoint::seconds));
}

void write_transform(LayoutWriter& w, const TrialRecord& r) {
  const std::size_t p = static_cast<std::size_t>(r.p), n = r.transform.size();
  w.write("/transform/epoch", column<I>(r.transform, &TransformPoint::epoch));
  w.write("/transform/k", counting(p));
  w.write("/transform/l", counting(p));
  std::vector<double> real, imaginary;  // [n, p, p]
  for (const TransformPoint& t : r.transform) {
    real.insert(real.end(), t.real.begin(), t.real.end());
    imaginary.insert(imaginary.end(), t.imaginary.begin(), t.imaginary.end());
  }
  w.write("/transform/matrix", real, {n, p, p});
  if (!imaginary.empty()) w.write("/transform/matrix_imaginary", imaginary, {n, p, p});
  w.write("/transform/orthogonality_error", column(r.transform, &TransformPoint::orthogonality_error));
  w.write("/transform/drift_from_init", column(r.transform, &TransformPoint::drift_from_init));
  w.write("/transform/largest_angle", column(r.transform, &TransformPoint::largest_angle));
}

void write_spectrum(LayoutWriter& w, const TrialRecord& r) {
  const std::size_t layers = static_cast<std::size_t>(r.layers), slices = r.slices.size(),
                    n = r.spectrum.size();
  w.write("/spectrum/epoch", column<I>(r.spectrum, &SpectrumPoint::epoch));
  w.write("/spectrum/layer", counting(layers));
  w.write("/spectrum/slice", counting(slices));
  w.write("/spectrum/bin", column<I>(r.slices, &SliceInfo::bin));
  w.write("/spectrum/complex", column<I>(r.slices, &SliceInfo::complex));
  w.write("/spectrum/frequency", column(r.slices, &SliceInfo::frequency));
  std::map<std::string, std::vector<double>> all;  // name -> [n, layers, slices], NaN where an epoch lacks it
  for (const SpectrumPoint& s : r.spectrum)
    for (const auto& [key, values] : s.values) all[key].assign(n * layers * slices, unknown);
  for (std::size_t i = 0; i < n; ++i)
    for (const auto& [key, values] : r.spectrum[i].values)
      std::copy(values.begin(), values.end(),
                all[key].begin() + static_cast<std::ptrdiff_t>(i * layers * slices));
  for (const auto& [key, values] : all) w.write(("/spectrum/" + key).c_str(), values, {n, layers, slices});
}

void write_test(LayoutWriter& w, const TrialRecord& r) {
  const std::size_t C = r.classes.size();
  w.write("/test/example", counting(r.label.size()));
  w.write("/test/label", r.label);
  w.write("/test/prediction", r.prediction);
  w.write("/test/probability", r.probability);
  w.write("/test/class", counting(C));
  w.write("/test/class_name", r.classes);
  w.write("/test/predicted_class", counting(C));
  std::vector<I> confusion(C * C);
  for (std::size_t i = 0; i < r.label.size(); ++i)
    ++confusion[static_cast<std::size_t>(r.label[i]) * C + static_cast<std::size_t>(r.prediction[i])];
  w.write("/test/confusion", confusion, {C, C});
}

}  // namespace

std::string write_record(const std::filesystem::path& file, const TrialRecord& record) {
  LayoutWriter w(file);
  write_root(w, record);
  write_metrics(w, record);
  if (!record.transform.empty()) write_transform(w, record);
  if (!record.spectrum.empty()) write_spectrum(w, record);
  if (!record.baselines.names.empty()) write_baselines(w, record.baselines);
  if (!record.label.empty()) write_test(w, record);
  w.file().group("/provenance");
  for (const char* key : layout::provenance_attributes) {
    const auto found = record.provenance.find(key);
    w.file().attribute("/provenance", key, found == record.provenance.end() ? "" : found->second);
  }
  return w.file().publish();
}

}  // namespace tubal
