#include "layers/stack/attention.hpp"

#include <algorithm>

#include "layers/stack/attention_head.hpp"

namespace tubal {

namespace {

class Attention final : public TypedSublayer<Attention> {
 public:
  explicit Attention(const Site& site)
      : slices_(site.slices),
        d_(slices_.p * slices_.m),
        heads_(site.heads_per_slice),
        causal_(site.config.task == Task::language_model),
        turned_(site.config.position.kind == PositionKind::rotary),
        qkv_(site.parameters, slices_, site.transform,
             {.parts = {site.prefix + "query", site.prefix + "key", site.prefix + "value"},
              .out = slices_.m,
              .in = slices_.m,
              .bias = site.config.attention_bias,
              .out_head = slices_.m / heads_,
              .fan_out = 3 * slices_.m},
             site.rank()),
        output_(site.parameters, slices_, site.transform,
                {.parts = {site.prefix + "output"},
                 .out = slices_.m,
                 .in = slices_.m,
                 .bias = site.config.attention_bias,
                 .in_head = slices_.m / heads_},
                site.rank()) {}

  Room room(std::size_t longest) const override {
    const std::size_t widest = (slices_.any_complex() ? 2 : 1) * slices_.m / heads_;
    return {4 * d_ + heads_ * slices_.count() + qkv_.inner() + output_.inner(),
            4 * d_ + qkv_.inner() + output_.inner(),
            std::max(attention_scratch<float>(longest, widest), attention_scratch<double>(longest, widest))};
  }
  std::vector<MatrixProduct> products() const override {
    std::vector<MatrixProduct> all = qkv_.products();
    for (const SpectralSlice& k : slices_.all)
      for (std::size_t h = 0; h < heads_; ++h)
        all.push_back({MatrixProduct::attention, 0, k.rows * slices_.m / heads_, d_, 3 * d_, causal_});
    for (const MatrixProduct& p : output_.products()) all.push_back(p);
    return all;
  }
  std::size_t heads() const override { return heads_; }

  template <class T>
  void run(const Frame<T>& f, const T* u, T* y) const {
    const Kept<T> s(*this, f);
    const std::size_t at = f.done;
    qkv_.forward(f.weights, f.tokens, u, s.qkv + at * 3 * d_, s.qkv_inner + at * qkv_.inner());
    if (turned_) turn(f, s.qkv, false);
    each_head(f, [&](const Sequence& q, const Head& h) {
      attention_forward<T>(causal_, h.rows(s.qkv, q, 3 * d_, h.query, at), h.rows(s.qkv, q, 3 * d_, h.key),
                           h.rows(s.qkv, q, 3 * d_, h.value), h.rows(s.attended, q, d_, h.out, at),
                           s.log_sum_exp + h.index * f.capacity + q.row + at, f.scratch);
    });
    output_.forward<T>(f.weights, f.tokens, s.attended + at * d_, y, s.output_inner + at * output_.inner());
  }

  template <class T>
  void run_backward(const Frame<T>& f, const T* dy, const T* u, T* du) const {
    const Kept<T> s(*this, f);
    Pieces<T> pieces(f.scratch, f.capacity);
    T *dattended = pieces.take(d_), *dqkv = pieces.take(3 * d_), *d_output = pieces.take(output_.inner()),
      *d_inner = pieces.take(qkv_.inner()), *scratch = pieces.take_fixed(0);
    output_.backward<T>(f.weights, f.tokens, dy, s.attended, s.output_inner, dattended, d_output, f.gradient);
    each_head(f, [&](const Sequence& q, const Head& h) {
      attention_backward<T>(causal_, h.rows(s.qkv, q, 3 * d_, h.query), h.rows(s.qkv, q, 3 * d_, h.key),
                            h.rows(s.qkv, q, 3 * d_, h.value), h.rows(s.attended, q, d_, h.out),
                            h.rows(dattended, q, d_, h.out), s.log_sum_exp + h.index * f.capacity + q.row,
                            h.rows(dqkv, q, 3 * d_, h.query), h.rows(dqkv, q, 3 * d_, h.key),
                            h.rows(dqkv, q, 3 * d_, h.value), scratch);
    });
    if (turned_) {
      if (f.d_factors) factor_gradients(f, s.qkv, dqkv);
      turn(f, dqkv, true);
      qkv_.bias_gradient<T>(f.tokens, dqkv, f.gradient);
    } else {
      // The key's bias shifts all scores of a query alike, which softmax does not see: its
      // gradient is exactly 0, and is left so instead of adding up rounding errors that AdamW
      // would blow up to full steps.
      for (const std::size_t part : {0, 2}) qkv_.bias_gradient<T>(part, f.tokens, dqkv, f.gradient);
    }
    qkv_.input_gradient<T>(f.weights, f.tokens, dqkv, du, d_inner);
    qkv_.weight_gradient<T>(f.weights, f.tokens, dqkv, u, s.qkv_inner, d_inner, f.gradient);
  }

  double entropy(const Frame<float>& f, const Sequence& q, std::size_t k) const override {
    return sum(f, q, k);
  }
  double entropy(const Frame<double>& f, const Sequence& q, std::size_t k) const override {
    return sum(f, q, k);
  }

 private:
  template <class T>
  struct Kept {
    // [3d], [d], [heads of all slices, capacity], ...
    T *qkv, *attended, *log_sum_exp, *qkv_inner, *output_inner;
    Kept(const Attention& a, const Frame<T>& f) {
      Pieces<T> pieces(f.kept, f.capacity);
      qkv = pieces.take(3 * a.d_);
      attended = pieces.take(a.d_);
      log_sum_exp = pieces.take(a.heads_ * a.slices_.count());
      qkv_inner = pieces.take(a.qkv_.inner());
      output_inner = pieces.take(a.output_.inner());
    }
  };

  // Columns of one head: q, k and v of a slice lie behind one another in a row [3d],
  // heads side by side in each.
  struct Head {
    std::size_t index, e, query, key, value, out;
    template <class T>
    MatrixView<T> rows(T* x, const Sequence& q, std::size_t stride, std::size_t column,
                       std::size_t from = 0) const {
      return {x + (q.row + from) * stride + column, q.length - from, e, stride};
    }
  };
  Head head(const SpectralSlice& k, std::size_t index, std::size_t h) const {
    const std::size_t width = k.rows * slices_.m, e = width / heads_, row = k.row * slices_.m,
                      query = 3 * row + h * e;
    return {index, e, query, query + width, query + 2 * width, row + h * e};
  }
  template <class T, class F>
  void each_head(const Frame<T>& f, F call) const {
    for (const Sequence& q : f.sequences) {
      std::size_t index = 0;
      for (const SpectralSlice& k : slices_.all)
        for (std::size_t h = 0; h < heads_; ++h, ++index) call(q, head(k, index, h));
    }
  }

  // Queries and keys of all sequences; of a complex slice re and im turn alike.
  template <class T>
  void turn(const Frame<T>& f, T* qkv, bool back) const {
    for (const Sequence& q : f.sequences)
      for (std::size_t i = 0; i < slices_.count(); ++i) {
        const SpectralSlice& k = slices_.all[i];
        T* x = qkv + (q.row + f.done) * 3 * d_ + 3 * k.row * slices_.m;
        f.rotation->turn(i, f.done, x, 3 * d_, q.length - f.done, 2 * k.rows * heads_, back);
      }
  }
  template <class T>
  void factor_gradients(const Frame<T>& f, const T* qkv, const T* dqkv) const {
    for (const Sequence& q : f.sequences)
      for (const SpectralSlice& k : slices_.all) {
        const std::size_t at = q.row * 3 * d_ + 3 * k.row * slices_.m;
        f.d_factors[k.bin] +=
            f.rotation->factor_gradient(qkv + at, dqkv + at, 3 * d_, q.length, 2 * k.rows * heads_);
      }
  }
  template <class T>
  double sum(const Frame<T>& f, const Sequence& q, std::size_t slice) const {
    const Kept<T> s(*this, f);
    double all = 0;
    for (std::size_t h = 0; h < heads_; ++h) {
      const Head at = head(slices_.all[slice], 0, h);
      const MatrixView<const T> Q = at.rows(s.qkv, q, 3 * d_, at.query),
                                K = at.rows(s.qkv, q, 3 * d_, at.key);
      all += attention_entropy(causal_, Q, K);
    }
    return all;
  }

  Slices slices_;
  std::size_t d_, heads_;
  bool causal_, turned_;
  Linear qkv_, output_;
};

}  // namespace

std::unique_ptr<Sublayer> make_attention(const Site& site) { return std::make_unique<Attention>(site); }

}  // namespace tubal
