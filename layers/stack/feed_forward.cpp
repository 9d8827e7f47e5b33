#include "layers/stack/feed_forward.hpp"

#include "layers/stack/activations.hpp"

namespace tubal {

namespace {

class FeedForward final : public TypedSublayer<FeedForward> {
 public:
  explicit FeedForward(const Site& site)
      : p_(site.slices.p),
        n_(static_cast<std::size_t>(site.config.feed_forward) * site.slices.m),
        activation_(site.config.activation),
        gated_(gated(activation_)),
        original_(site.config.activation_domain == Domain::original),
        expand_(site.parameters, site.slices, site.transform, expansion(site, gated_, n_), site.rank()),
        contract_(site.parameters, site.slices, site.transform,
                  {.parts = {site.prefix + "contract"}, .out = site.slices.m, .in = n_}, site.rank()) {}

  Room room(std::size_t) const override {
    const std::size_t a = p_ * n_, h = expand_.width(), inner = expand_.inner() + contract_.inner();
    return {h + inner, inner + (original_ ? h + 2 * a : a), 0};
  }
  std::vector<MatrixProduct> products() const override {
    std::vector<MatrixProduct> all = expand_.products();
    for (const MatrixProduct& p : contract_.products()) all.push_back(p);
    if (original_ && p_ > 1) {
      all.push_back({MatrixProduct::tube, p_, expand_.width() / p_});
      all.push_back({MatrixProduct::tube, p_, n_});
    }
    return all;
  }

  // h = expand(u) (gate and expand of a gated one, [p, 2, n]);  a = act(h), or a = L act(L^-1 h);
  // y = contract(a).
  template <class T>
  void run(const Frame<T>& f, const T* u, T* y) const {
    const Kept<T> s(*this, f);
    Pieces<T> pieces(f.scratch, f.capacity);
    T *a = pieces.take(p_ * n_), *contracted = s.contract_inner + f.done * contract_.inner();
    T* h = s.hidden + f.done * expand_.width();
    expand_.forward(f.weights, f.tokens, u, h, s.expand_inner + f.done * expand_.inner());
    if (!original_) {
      activate<T>(activation_, h, a, f.tokens * p_, n_);
    } else {
      T *o = pieces.take(expand_.width()), *b = pieces.take(p_ * n_);
      f.to_original->forward(h, o, p_, expand_.width() / p_, f.tokens);
      activate<T>(activation_, o, b, f.tokens * p_, n_);
      f.to_spectral->forward(b, a, p_, n_, f.tokens);
    }
    contract_.forward<T>(f.weights, f.tokens, a, y, contracted);
  }

  // a is made again from h, so its gradient comes first and the weights' after it.
  template <class T>
  void run_backward(const Frame<T>& f, const T* dy, const T* u, T* du) const {
    const Kept<T> s(*this, f);
    Pieces<T> pieces(f.scratch, f.capacity);
    T *da = pieces.take(p_ * n_), *d_contract = pieces.take(contract_.inner()),
      *d_expand = pieces.take(expand_.inner());
    contract_.bias_gradient(f.tokens, dy, f.gradient);
    contract_.input_gradient(f.weights, f.tokens, dy, da, d_contract);
    const Activated<T> z =
        original_ ? original_backward(f, s.hidden, da, pieces) : activated(s.hidden, da, f.tokens * p_);
    contract_.weight_gradient(f.weights, f.tokens, dy, z.a, s.contract_inner, d_contract, f.gradient);
    expand_.backward(f.weights, f.tokens, z.dh, u, s.expand_inner, du, d_expand, f.gradient);
  }

 private:
  static LinearShape expansion(const Site& site, bool gated, std::size_t n) {
    LinearShape shape{.parts = {site.prefix + "expand"}, .out = n, .in = site.slices.m};
    if (gated) shape.parts.insert(shape.parts.begin(), site.prefix + "gate");
    shape.stacking = Stacking::by_row;  // gate and expand of a row of L meet in L^-1 and the activation
    return shape;
  }

  template <class T>
  struct Kept {
    T *hidden, *expand_inner, *contract_inner;
    Kept(const FeedForward& s, const Frame<T>& f) {
      Pieces<T> pieces(f.kept, f.capacity);
      hidden = pieces.take(s.expand_.width());
      expand_inner = pieces.take(s.expand_.inner());
      contract_inner = pieces.take(s.contract_.inner());
    }
  };

  template <class T>
  struct Activated {
    const T *a, *dh;
  };
  // a = act(h) and dh, where h and da were: the wider of them, of a gated activation dh, in h's place.
  template <class T>
  Activated<T> activated(T* h, T* da, std::size_t rows) const {
    T *a = gated_ ? da : h, *dh = gated_ ? h : da;
    activate_backward<T>(activation_, h, da, a, dh, rows, n_);
    return {a, dh};
  }

  // o = I h, b = act(o), a = F b:  db = F^T da, do = db act'(o), dh = I^T do. a and dh where da and h were.
  template <class T>
  Activated<T> original_backward(const Frame<T>& f, T* h, T* da, Pieces<T>& pieces) const {
    const std::size_t width = expand_.width() / p_;
    T *o = pieces.take(expand_.width()), *db = pieces.take(p_ * n_);
    f.to_original->forward(h, o, p_, width, f.tokens);
    f.to_spectral->adjoint(da, db, p_, n_, f.tokens);
    const Activated<T> z = activated(o, db, f.tokens * p_);
    if (f.d_spectral) add_tube_gradient<T>(da, z.a, f.d_spectral, p_, n_, f.tokens);
    if (f.d_original) add_tube_gradient<T>(z.dh, h, f.d_original, p_, width, f.tokens);
    f.to_spectral->forward(z.a, da, p_, n_, f.tokens);
    f.to_original->adjoint(z.dh, h, p_, width, f.tokens);
    return {da, h};
  }

  std::size_t p_, n_;
  Activation activation_;
  bool gated_, original_;
  Linear expand_, contract_;
};

}  // namespace

std::unique_ptr<Sublayer> make_feed_forward(const Site& site) { return std::make_unique<FeedForward>(site); }

}  // namespace tubal
