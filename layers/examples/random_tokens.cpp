// A stack of L-product layers from outside the tree: built, trained until it knows random tokens by heart,
// and asked what each of its slices does.
#include <iostream>
#include <random>
#include <tubal/layers/model.hpp>

int main() {
  using namespace tubal;
  const int vocabulary = 50, classes = 2;

  ModelConfig config;  // a field that is not set keeps the default of the configuration key of its name
  config.width = 32;   // p = 4 slices of width 8
  config.p = 4;
  config.transform.name = "haar";
  config.stack = {"attention", "feed_forward"};
  config.depth = 2;
  config.heads = 4;
  config.feed_forward = 2;
  config.dropout = 0;
  config.max_length = 12;
  Model<float> model(config, vocabulary, classes, /*seed=*/1);
  std::cout << model.counts().encoder << " parameters in the encoder\n";

  std::mt19937 random(7);
  Batch batch;  // sequences lie end to end, without padding
  batch.offsets = {0};
  for (int b = 0; b < 32; ++b) {
    for (unsigned n = 5 + random() % 8; n > 0; --n)
      batch.tokens.push_back(static_cast<int>(random() % vocabulary));
    batch.offsets.push_back(static_cast<int>(batch.tokens.size()));
    batch.labels.push_back(static_cast<int>(random() % classes));
  }

  AdamWSettings adamw;
  adamw.learning_rate = 3e-3;
  double first = 0, last = 0;
  for (int step = 1; step <= 60; ++step) {
    last = model.gradients(batch, /*seed=*/1, step).loss;
    if (step == 1) first = last;
    if (step == 1 || step % 20 == 0) std::cout << "step " << step << ": loss " << last << "\n";
    model.update(adamw, step);
  }

  const SliceFigures figures = model.slice_figures(batch);  // [depth, slices]
  const std::size_t slices = figures.energy.size() / static_cast<std::size_t>(config.depth);
  for (std::size_t k = 0; k < slices; ++k) {
    const std::size_t at = (static_cast<std::size_t>(config.depth) - 1) * slices + k;
    std::cout << "slice " << k << " of the last layer: energy " << figures.energy[at] << ", effective rank "
              << figures.effective_rank[at] << "\n";
  }
  return last < first / 2 ? 0 : 1;
}
