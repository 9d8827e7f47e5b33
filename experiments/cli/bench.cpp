#include <boost/program_options.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/blas.hpp"
#include "core/error.hpp"
#include "core/kernels.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/config/assignment.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/measure/bench_generation.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

static int print_generation(BenchOptions o) {
  if (o.model.task != Task::language_model)
    throw UsageError("--mode generation: a language model writes; add --set task=language_model");
  const GenerationSpeed r = bench_generation(o);
  const nlohmann::ordered_json out = {{"mode", "generation"},
                                      {"width", o.model.width},
                                      {"p", o.model.p},
                                      {"depth", o.model.depth},
                                      {"length", o.length},
                                      {"vocabulary", o.vocabulary},
                                      {"tokens_per_second", r.kept},
                                      {"read_again_tokens_per_second", r.read_again},
                                      {"over_read_again", r.kept / r.read_again},
                                      {"bound_tokens_per_second", r.bound},
                                      {"difference", r.difference},
                                      {"threads", o.threads},
                                      {"blas", blas_kernels()},
                                      {"kernels", kernel_set()}};
  std::cout << out.dump() << "\n";
  return 0;
}

int bench(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("set", po::value<std::vector<std::string>>()->composing(), "KEY=VALUE of the model, such as model.p=4; may be given again")
    ("batch", po::value<int>()->default_value(32), "sequences a step")
    ("length", po::value<int>()->default_value(256), "tokens a sequence, at most")
    ("mean-length", po::value<double>()->default_value(0), "log-normal lengths around it, sigma 0.55; 0: all --length")
    ("vocabulary", po::value<int>()->default_value(20000), "rows of the embedding")
    ("classes", po::value<int>()->default_value(2), "classes")
    ("threads", po::value<int>()->default_value(allowed_cores(), "all allowed cores"), "workers")
    ("steps", po::value<int>()->default_value(7), "timed steps")
    ("precision", po::value<std::string>()->default_value("float"), "float | bf16")
    ("mode", po::value<std::string>()->default_value("training"), "training | inference | generation");
  // clang-format on
  for (const std::string& word : arguments)
    if (&word == &arguments[0] && !word.empty() && word[0] != '-')
      throw UsageError(
          "bench: found `" + word + "`, and it takes options alone" +
          (word.find('=') == word.npos
               ? "; `tubal bench --help` lists them."
               : "; a value of the model goes behind --set: `tubal bench --set " + shell_word(word) + "`."));
  const auto values =
      parse(arguments,
            {"tubal bench [options]",
             R"(Times training steps (forward, backward, clipping, AdamW, dropout) on random tokens and prints
one line of JSON: median seconds a step, tokens a second, seconds of the same matrix products
alone (with the scores that the backward pass makes again), how many times as long a step takes
as they do (by the clock, and in processor time), what applied L, peak memory in GB, threads,
kernels. `--mode generation` times a token that a language model writes at the end of --length
tokens, by what is kept of them and by reading them all again.)",
             R"(  tubal bench --set model.p=4 --set model.width=256
  tubal bench --set model.p=8 --set model.transform=haar --set model.heads=8 --mode inference
  tubal bench --set task=language_model --mode generation --length 1024 --vocabulary 65
)"},
            options, "");
  if (!values) return 0;
  const po::variables_map& given = *values;
  BenchOptions o;
  Settings settings;
  Layer layer;
  if (given.count("set"))
    for (const std::string& text : given["set"].as<std::vector<std::string>>()) {
      layer.push_back(read_literal("--set", text));
      const std::string& key = layer.back().key->name;
      if (key != "task" && !key.starts_with("model."))
        throw UsageError("--set " + text +
                         ": bench takes keys of the model only, such as model.width, and task");
    }
  check_layer(layer);
  assign(layer, settings);
  o.model = settings.trial.model;
  o.batch = given["batch"].as<int>();
  o.length = given["length"].as<int>();
  o.mean_length = given["mean-length"].as<double>();
  o.vocabulary = given["vocabulary"].as<int>();
  o.classes = given["classes"].as<int>();
  o.threads = given["threads"].as<int>();
  o.steps = given["steps"].as<int>();
  o.model.max_length = o.length;
  const std::string mode = given["mode"].as<std::string>();
  if (mode != "training" && mode != "inference" && mode != "generation")
    throw UsageError("--mode: `" + mode + "` is not one of training, inference, generation");
  for (const auto& [name, value] : {std::pair{"--batch", o.batch},
                                    {"--length", o.length},
                                    {"--threads", o.threads},
                                    {"--steps", o.steps},
                                    {"--classes", o.classes}})
    if (value < 1)
      throw UsageError(std::string(name) + ": found " + std::to_string(value) + ", needs 1 or more");
  if (o.vocabulary < 2) throw UsageError("--vocabulary: needs 2 or more");
  if (o.model.kind != ModelKind::transformer)
    throw UsageError("--set model.kind: bench times the transformer");
  const std::string precision = given["precision"].as<std::string>();
  if (precision != "float" && precision != "bf16")
    throw UsageError("--precision: `" + precision + "` is not one of float, bf16");
  o.inference = mode == "inference";
  o.bfloat16 = precision == "bf16";
  for (const ModelProblem& p : model_problems(o.model))
    for (const Assignment& a : layer)  // with the option that set it
      if (a.key->name == p.key) throw UsageError(a.at.file, 0, p.key, p.message);
  if (mode == "generation") return print_generation(o);
  const BenchResult r = tubal::bench(o);
  nlohmann::ordered_json out = {{"mode", mode},
                                {"precision", precision},
                                {"width", o.model.width},
                                {"p", o.model.p},
                                {"transform", show(find_key("model.transform")->get(settings))},
                                {"transform_by", r.transform_schemes},
                                {"depth", o.model.depth},
                                {"batch", o.batch},
                                {"length", o.length},
                                {"mean_length", o.mean_length},
                                {"seconds_per_step", r.seconds},
                                {"tokens_per_second", r.tokens_per_second},
                                {"product_seconds", r.product_seconds},
                                {"over_products", r.over_products},
                                {"processor_over_products", r.processor_over_products},
                                {"peak_gb", r.gigabytes},
                                {"threads", o.threads},
                                {"blas", blas_kernels()},
                                {"kernels", kernel_set()},
                                {"encoder_parameters", r.parameters.encoder},
                                {"total_parameters", r.parameters.total}};
  std::cout << out.dump() << "\n";
  return 0;
}

}  // namespace tubal::cli
