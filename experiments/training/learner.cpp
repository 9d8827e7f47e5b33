#include "experiments/training/learner.hpp"

#include "experiments/training/bag_of_words.hpp"

namespace tubal {

namespace {

class Transformer final : public Learner {
 public:
  Transformer(const ModelConfig& config, int vocabulary, int classes, std::uint64_t seed, int threads,
              const std::string& precision)
      : model_(config, vocabulary, classes, seed, threads) {
    if (precision == "bf16") model_.use_bfloat16();
  }
  BatchResult gradients(const Batch& b, std::uint64_t seed, std::int64_t step) override {
    return model_.gradients(b, seed, step);
  }
  double update(const AdamWSettings& a, std::int64_t step) override { return model_.update(a, step); }
  BatchResult evaluate(const Batch& b, Tensor<float, 2>* logits) override {
    return model_.evaluate(b, logits);
  }
  NonFinite find_nonfinite(const Batch& b, std::uint64_t seed, std::int64_t step) override {
    return model_.find_nonfinite(b, seed, step);
  }
  SliceFigures slice_figures(const Batch& b) override { return model_.slice_figures(b); }
  std::vector<NamedTensor<float>> parameters(bool token_gradient) override {
    return model_.parameters(token_gradient);
  }
  std::span<float> values() override { return model_.values(); }
  std::span<float> first_moment() override { return model_.first_moment(); }
  std::span<float> second_moment() override { return model_.second_moment(); }
  ParameterCounts counts() const override { return model_.counts(); }

  double step_flops(double tokens, double squares) const override {
    return 3 * model_.forward_flops(tokens, squares);
  }

 private:
  Model<float> model_;
};

}  // namespace

std::unique_ptr<Learner> make_learner(const ModelConfig& config, int vocabulary, int classes,
                                      std::uint64_t seed, int threads, const std::string& precision) {
  if (config.kind == ModelKind::bag_of_words) return make_bag_of_words(classes);
  return std::make_unique<Transformer>(config, vocabulary, classes, seed, threads, precision);
}

}  // namespace tubal
