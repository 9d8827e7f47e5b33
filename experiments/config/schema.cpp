// A line a key. Order: as in a grid file. A key of `identity = false` belongs to the study, not to a trial.
// The one table of keys stays in one file, however long: who looks for a key finds it beside its fellows.
#include "experiments/config/schema.hpp"

#include <limits>

#include "experiments/config/data_sets.hpp"
#include "layers/stack/table.hpp"

namespace tubal {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_int = std::numeric_limits<int>::max();

using SlotOf = Slot (*)(Settings&);

Key key(const char* name, SlotOf slot, std::string help) {
  Key k;
  k.name = name;
  k.help = std::move(help);
  k.slot = slot;
  return k;
}
Key at_least(double low, Key k) { return k.low = low, k; }
Key above(double low, Key k) { return k.low = low, k.low_open = true, k; }
Key within(double low, double high, Key k) { return k.low = low, k.high = high, k; }
Key share(Key k) { return k.low = 0, k.high = 1, k.high_open = true, k; }  // [0, 1)
Key one_of(std::vector<std::string> choices, Key k) { return k.choices = std::move(choices), k; }
Key path(Key k) { return k.path = true, k; }
Key later(Key k) { return k.later = true, k; }
Key study(Key k) { return k.identity = false, k; }

template <Choice E>
Slot chosen(E& value) {
  return Chosen{[&] { return name(value); },
                [&](const std::string& text) { value = choice<E>(text).value(); }};
}
std::vector<std::string> sublayers() {
  std::vector<std::string> kinds;
  for (const SublayerEntry& e : sublayer_table()) kinds.push_back(e.name);
  return kinds;
}

// What the rows of data_sets.cpp say of data.*.
std::string data_sets_help() {
  std::string help = "data set";
  for (const DataSet& set : data_sets())
    if (!set.note.empty()) help += "; " + set.name + ": " + set.note;
  return help;
}
std::string with_two_files() {
  return sets_where([](auto& set) { return reads(set, "data.train") && !set.parts; });
}

// SLOT(trial.model.p): from settings to where the value lives.
#define SLOT(member) [](Settings& s) -> Slot { return &s.member; }
#define DATA(member) SLOT(trial.data.member)
#define MODEL(member) SLOT(trial.model.member)
// An enumeration: its names are the choices.
#define CHOICE(name, member, help)                                              \
  one_of(names<std::remove_cvref_t<decltype(Settings{}.trial.model.member)>>(), \
         key(                                                                   \
             name, [](Settings& s) -> Slot { return chosen(s.trial.model.member); }, help))
#define TRAINING(member) SLOT(trial.training.member)

std::vector<Key> make() {
  return {
      study(
          key("study", SLOT(study), "name of the study and of its folder; by default the grid file's name")),

      later(CHOICE("task", task, "what the model is for; language_model: the token that follows each")),

      one_of(data_set_names(), key("data.name", DATA(name), data_sets_help())),
      path(key("data.path", DATA(path), sets_with("data.path") + ": folder of the data set")),
      study(
          key("data.folder", DATA(folder), "where relative paths start; by default the grid file's folder")),
      path(key(
          "data.train",
          [](Settings& s) -> Slot {
            return FilesSlot{&s.trial.data.train, &s.trial.data.train_list};
          },
          with_two_files() + ": training file; " + sets_with_parts() +
              ": one file or a list of them, plain or packed (gz, xz)")),
      path(key(
          "data.test",
          [](Settings& s) -> Slot {
            return ShareSlot{&s.trial.data.test_share, &s.trial.data.test, true};
          },
          with_two_files() + ": test file; " + sets_with_parts() +
              ": a file, a share (the training part's end) or none")),
      key("data.text", DATA(text), sets_with("data.text") + ": column of the text"),
      key("data.label", DATA(label), sets_with("data.text") + ": column of the label"),
      later(one_of({"stream", "line", "paragraph", "file"},
                   key("data.documents", DATA(documents),
                       "text: what one document is; stream: all of a part, without a bound"))),
      later(key("data.cross_documents", DATA(cross_documents),
                "language_model: attention reaches across the bounds of documents")),
      one_of({"word", "sentencepiece", "char"},
             key("data.tokenizer.kind", DATA(tokenizer.kind),
                 "how texts become tokens; for a classifier words are folded to lower case and marks left "
                 "out, for a language model nothing is")),
      within(4, 10000000,
             key("data.tokenizer.vocabulary", DATA(tokenizer.vocabulary),
                 "most entries, learnt from the training part alone")),
      one_of({"unigram", "bpe"},
             key("data.tokenizer.model_type", DATA(tokenizer.model_type), "sentencepiece: model")),
      within(
          1, 1000000,
          key("data.max_length", DATA(max_length), "tokens kept of each text; language_model: the context")),
      one_of({"head", "tail", "head_tail"}, key("data.truncation", DATA(truncation),
                                                "of a longer text, keep its first tokens, its last, or a "
                                                "quarter from the start and the rest from the end")),
      path(key(
          "data.validation",
          [](Settings& s) -> Slot {
            return ShareSlot{&s.trial.data.validation, &s.trial.data.validation_file, false};
          },
          "share of the training part kept for choices: by class; of a language model, its end. " +
              sets_with_parts() + ": or a file")),
      at_least(
          0, key("data.split_seed", DATA(split_seed), "draws the validation part, the same for all trials")),
      at_least(0, key("data.train_rows", DATA(train_rows), "use so many rows of the training part; 0: all")),
      at_least(0, key("data.test_rows", DATA(test_rows), "use so many rows of the test part; 0: all")),
      at_least(4, key("data.synthetic.train", DATA(synthetic.train), "synthetic: training rows")),
      at_least(2, key("data.synthetic.test", DATA(synthetic.test), "synthetic: test rows")),
      within(2, 10000, key("data.synthetic.classes", DATA(synthetic.classes), "synthetic: classes")),
      within(2, 1000000, key("data.synthetic.words", DATA(synthetic.words), "synthetic: different words")),
      within(1, 1000000, key("data.synthetic.length", DATA(synthetic.length), "synthetic: mean words a row")),
      within(
          0, 1,
          key("data.synthetic.noise", DATA(synthetic.noise), "synthetic: share of rows with a random label")),
      at_least(0, key("data.synthetic.seed", DATA(synthetic.seed), "synthetic: draws the rows")),

      CHOICE("model.kind", kind, "bag_of_words: hashed n-grams, linear; the sanity baseline"),
      within(1, 1000000, key("model.width", MODEL(width), "d, embedding width")),
      within(1, 1000000,
             key("model.p", MODEL(p),
                 "tube length: number of slices, divides width; 1 is the standard Transformer")),
      key(
          "model.transform",
          [](Settings& s) -> Slot {
            return TransformSlot{&s.trial.model.transform, &s.trial.model.transforms};
          },
          "L: a name that `tubal transforms` lists, or a list of them that the layers take in turn, each "
          "with fields of its own: [dct, {name: permutation, seed: 3}]"),
      key("model.transform.init", MODEL(transform.init), "learned_orthogonal: where it starts"),
      one_of({"cayley", "exponential", "householder"},
             key("model.transform.parametrization", MODEL(transform.parametrization),
                 "learned_orthogonal: how theta makes Q")),
      at_least(0, key("model.transform.seed", MODEL(transform.seed),
                      "permutation, random_orthogonal: draws the matrix")),
      path(key("model.transform.file", MODEL(transform.file), "matrix: HDF5, NPY or CSV file")),
      key("model.transform.dataset", MODEL(transform.dataset), "matrix: name inside an HDF5 file"),
      within(1, 10000, key("model.depth", MODEL(depth), "layers")),
      later(one_of(sublayers(), key("model.stack", MODEL(stack), "sub-layers of each layer, in order"))),
      at_least(1, key("model.heads", MODEL(heads), "attention heads over all slices; a multiple of p")),
      at_least(0, key("model.heads_per_slice", MODEL(heads_per_slice),
                      "attention heads of each slice, instead of heads; 0: heads counts")),
      within(1, 1000,
             key("model.feed_forward", MODEL(feed_forward),
                 "r, hidden width of the feed-forward part over slice width")),
      key("model.attention_bias", MODEL(attention_bias), "biases in query, key, value and output"),
      CHOICE("model.activation", activation, "gelu is the exact one (erf); gated: geglu, reglu, swiglu"),
      CHOICE("model.activation_domain", activation_domain, "where the activation acts"),
      later(at_least(0, key("model.rank", MODEL(rank),
                            "tubal rank of the encoder's weights, up to width / p; 0: full weights"))),
      CHOICE("model.norm", norm, "norm after or before each sub-layer"),
      later(CHOICE("model.norm_kind", norm_kind, "rms_norm: no mean, no bias")),
      CHOICE("model.norm_domain", norm_domain, "spectral: p independent Transformers"),
      CHOICE("model.norm_over", norm_over, "width: over all d, original domain only"),
      CHOICE("model.position.kind", position.kind, "rotary: queries and keys turn, nothing is added"),
      CHOICE("model.position.domain", position.domain, "where sinusoids are added"),
      CHOICE("model.pooling", pooling, "cls: the first token"),
      later(key("model.tied", MODEL(tied), "language_model: the head is the token embedding")),
      share(key("model.dropout", MODEL(dropout), "of each sub-layer's output")),
      CHOICE("model.frequency_scaling.kind", frequency_scaling.kind, "factor a_k of slice k"),
      CHOICE("model.frequency_scaling.at", frequency_scaling.at, "where a_k acts"),
      key("model.frequency_scaling.alpha", MODEL(frequency_scaling.alpha),
          "power: (1+k)^-alpha; decay: exp(-alpha f_k); 0 scales nothing"),
      key("model.frequency_scaling.values", MODEL(frequency_scaling.values), "values: one a slice"),
      above(0, key("model.embedding_std", MODEL(embedding_std), "token embedding starts as N(0, std^2)")),

      within(1, 1000000, key("training.epochs", TRAINING(epochs), "passes over the training part")),
      later(at_least(
          0, key("training.steps", TRAINING(steps), "so many steps, instead of epochs; 0: epochs count"))),
      later(at_least(0, key("training.evaluate_every", TRAINING(evaluate_every),
                            "steps between evaluations; 0: once an epoch"))),
      within(1, 1000000,
             key("training.batch_size", TRAINING(batch_size),
                 "texts a step; language_model: windows of data.max_length tokens")),
      later(one_of({"walk", "random"},
                   key("training.order", TRAINING(order),
                       "language_model: walk through the part once an epoch, its windows shuffled, or take "
                       "windows at random"))),
      one_of({"adamw"}, key("training.optimizer.kind", TRAINING(optimizer.kind), "optimiser")),
      above(0, key("training.optimizer.learning_rate", TRAINING(optimizer.learning_rate),
                   "largest learning rate")),
      at_least(0, key("training.optimizer.weight_decay", TRAINING(optimizer.weight_decay),
                      "decoupled, on matrices and embeddings")),
      share(key(
          "training.optimizer.betas",
          [](Settings& s) -> Slot {
            return Pair{&s.trial.training.optimizer.beta1, &s.trial.training.optimizer.beta2};
          },
          "decay of the two moments")),
      above(0,
            key("training.optimizer.eps", TRAINING(optimizer.eps), "added to the root of the second moment")),
      one_of({"cosine", "linear", "constant"},
             key("training.schedule.kind", TRAINING(schedule.kind), "learning rate after the warm-up")),
      share(key("training.schedule.warmup", TRAINING(schedule.warmup),
                "share of all steps with a linear rise")),
      within(0, 1,
             key("training.schedule.final", TRAINING(schedule.final),
                 "cosine, linear: last over largest learning rate")),
      at_least(0, key("training.gradient_clip", TRAINING(gradient_clip),
                      "largest L2 norm of the gradient; 0: none")),
      one_of({"validation_accuracy", "validation_loss", "validation_bits_per_byte"},
             key("training.early_stopping.metric", TRAINING(early_stopping.metric),
                 "what has to improve; language_model: validation_loss unless it is given")),
      at_least(0, key("training.early_stopping.patience", TRAINING(early_stopping.patience),
                      "epochs (evaluations) without a better value; 0: never stop")),

      study(at_least(
          0, key("seeds.first", SLOT(first_seed), "first seed; or write a list, `seeds: [3, 5, 8]`"))),
      study(within(1, 1000000, key("seeds.count", SLOT(seed_count), "seeds of each cell, the same in all"))),
      study(at_least(
          0, key("runtime.jobs", SLOT(runtime.jobs), "trials at a time; 0: allowed cores / threads"))),
      study(within(1, 4096, key("runtime.threads", SLOT(runtime.threads), "threads of each trial"))),
      study(above(0, key("runtime.checkpoint_seconds", SLOT(runtime.checkpoint_seconds),
                         "besides a checkpoint each epoch"))),
      study(one_of({"float", "bf16"},
                   key("runtime.precision", SLOT(runtime.precision),
                       "bf16: linear maps on bfloat16 numbers (oneDNN, AVX512_BF16), all else float"))),
      study(within(0, 1000, key("policy.retries", SLOT(policy.retries), "of a trial that failed"))),
      study(at_least(0, key("policy.max_consecutive_failures", SLOT(policy.max_consecutive_failures),
                            "then the study stops; 0: never"))),
      study(one_of({"stop", "skip"}, key("policy.on_nan", SLOT(policy.on_nan),
                                         "stop: the trial diverged; skip: leave out the step"))),
      study(one_of({"", "validation_accuracy", "validation_loss", "validation_bits_per_byte"},
                   key("sweep.early_stop.asha.metric", SLOT(asha.metric),
                       "gives up hopeless trials by this metric; \"\": off"))),
      study(within(1, 1000000,
                   key("sweep.early_stop.asha.min", SLOT(asha.min), "epochs before the first choice"))),
      study(within(2, 100, key("sweep.early_stop.asha.eta", SLOT(asha.eta), "the best 1/eta go on"))),
  };
}

}  // namespace

const std::vector<Key>& schema() {
  static const std::vector<Key> table = [] {
    std::vector<Key> keys = make();
    const auto integer = [](const Key& k) {
      Settings s;
      return std::holds_alternative<int*>(k.slot(s));
    };
    for (Key& k : keys)  // an int holds no more
      if (k.high == infinity && integer(k)) k.high = largest_int;
    return keys;
  }();
  return table;
}

#undef SLOT
#undef DATA
#undef MODEL
#undef CHOICE
#undef TRAINING

}  // namespace tubal
