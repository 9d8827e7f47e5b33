#!/usr/bin/env python3
"""Golden cases of the layer stack: an independent float64 PyTorch reading, in the file format of generate.py.

generate_stack.py OUT_DIR SEED   one file per case. For a language model /batch holds tokens, offsets and targets [tokens]
(the token that follows; no labels), /forward/logits is [tokens, V], and the loss is the mean over all tokens of the batch.
"""
import math, os, sys
import h5py, numpy as np, torch, yaml
import torch.nn.functional as F
import generate as g  # matrices, frequencies, the learned maps


class L:
    """One transform of the list: x [T, p, w] <-> (real slices [T, nr, w], complex ones [T, nc, 2, w] or None)."""

    def __init__(s, spec, p, P, prefix, gen):
        s.spec = dict(name=spec) if isinstance(spec, str) else spec
        s.name, s.p, s.P = s.spec["name"], p, P
        dft = s.name == "dft"
        s.real_bins = ([0] + ([p // 2] if p % 2 == 0 else [])) if dft else list(range(p))
        s.complex_bins = list(range(1, (p + 1) // 2)) if dft else []
        s.nr, s.nc, s.skew = len(s.real_bins), len(s.complex_bins), prefix + "skew"
        if s.name == "learned_orthogonal":
            P[s.skew] = torch.randn(p * (p - 1) // 2, generator=gen) * 0.3

    def frequency(s):
        return g.frequency(s.spec["init"] if s.name == "learned_orthogonal" else s.name, s.p)

    def matrix(s):
        if s.name == "learned_orthogonal":
            return dict(cayley=g.cayley, exponential=g.exponential)[s.spec["parametrization"]](
                s.P[s.skew], s.p, g.BASE[s.spec["init"]](s.p)
            )
        return g.BASE[s.name](s.p)

    def forward(s, x):
        if s.name != "dft":
            return torch.einsum("kl,tlm->tkm", s.matrix(), x), None
        z = torch.fft.fft(x, dim=1, norm="ortho")
        return z[:, s.real_bins].real, (
            torch.stack([z[:, s.complex_bins].real, z[:, s.complex_bins].imag], 2) if s.nc else None
        )

    def inverse(s, a):
        r, z = a
        if s.name != "dft":
            return torch.einsum("lk,tkm->tlm", torch.linalg.inv(s.matrix()), r)
        full = torch.zeros(r.shape[0], s.p, r.shape[2], dtype=torch.complex128)
        full[:, s.real_bins] = r + 0j
        if s.nc:
            c = torch.complex(z[:, :, 0], z[:, :, 1])
            full[:, s.complex_bins] = c
            full[:, [s.p - b for b in s.complex_bins]] = c.conj()
        return torch.fft.ifft(full, dim=1, norm="ortho").real


GATED = dict(swiglu=F.silu, geglu=F.gelu, reglu=F.relu)
ACT = dict(gelu=F.gelu, relu=F.relu, silu=F.silu)


class Model:
    def __init__(s, c, gen):
        s.c = c
        d, p = c["width"], c["p"]
        s.m = m = d // p
        r = c["feed_forward"]
        P = s.P = {}
        N = lambda *z: torch.randn(*z, generator=gen)
        specs = c["transform"] if isinstance(c["transform"], list) else [c["transform"]]
        s.Ls = [L(t, p, P, "transform." + (f"{i}." if len(specs) > 1 else ""), gen) for i, t in enumerate(specs)]
        s.spectral = c["norm_domain"] == "spectral"
        assert not (s.spectral and len(specs) > 1)

        def tensor(n, std, t, *shape, halves=True):
            P[n] = N(t.nr, *shape) * std
            if t.nc:
                P[n + "_complex"] = N(t.nc, 2, *shape) * std / (math.sqrt(2) if halves else 1)

        def lin(n, o, i, t, bias=True):
            q = c["rank"]
            if q:
                tensor(n + ".left", 1 / math.sqrt(q), t, o, q)
                tensor(n + ".right", 1 / math.sqrt(i), t, q, i)
            else:
                tensor(n + ".weight", 1 / math.sqrt(i), t, o, i)
            if bias:
                tensor(n + ".bias", 0.1, t, o, halves=False)

        def norm(n, t):
            rms = c["norm_kind"] == "rms_norm"

            def one(n, *sh):
                P[n.format("gain")] = 1 + N(*sh) * 0.1
                if not rms:
                    P[n.format("bias")] = N(*sh) * 0.1

            if not s.spectral:
                one(n + ".{}", *((p, m) if c["norm_over"] == "slice" else (1, d)))
                return
            one(n + ".{}", t.nr, m)
            if t.nc:
                one(n + ".{}_complex", t.nc, 2, m)

        P["token_embedding"] = N(c["vocabulary"], d) * 0.5
        if c["position"]["kind"] == "learned":
            P["position_embedding"] = N(c["max_length"], d) * 0.2
        for i in range(c["depth"]):
            t = s.Ls[i % len(s.Ls)]
            for kind, name, pre in s.sublayers(i):
                norm(f"layers.{i}.{name}_norm", t)
                if kind == "attention":
                    [lin(pre + w, m, m, t, c["attention_bias"]) for w in ("query", "key", "value", "output")]
                elif kind == "feed_forward":
                    if c["activation"] in GATED:
                        lin(pre + "gate", r * m, m, t)
                    lin(pre + "expand", r * m, m, t)
                    lin(pre + "contract", m, r * m, t)
                elif kind == "mixer":
                    P[pre + "mixer.weight"] = N(p, p) * 0.3
        if c["norm"] == "pre":
            norm("final_norm", s.Ls[-1])
        if c["task"] == "classification":
            P["classifier.weight"] = N(c["classes"], d) / math.sqrt(d)
            P["classifier.bias"] = N(c["classes"]) * 0.1
        elif not c["tied"]:
            P["language_head.weight"] = N(c["vocabulary"], d) / math.sqrt(d)
        if c["frequency_scaling"]["kind"] == "learned":
            P["frequency_scaling.gain"] = 1 + N(p if s.original_position() else len(s.Ls[0].frequency())) * 0.2
        for v in P.values():
            v.requires_grad_(True)

    def original_position(s):
        return (
            s.c["frequency_scaling"]["at"] == "position"
            and s.c["position"]["kind"] == "sinusoidal"
            and s.c["position"]["domain"] == "original"
        )

    def sublayers(s, i):
        seen = {}
        for kind in s.c["stack"]:
            n = seen[kind] = seen.get(kind, 0) + 1
            name = kind if n == 1 else f"{kind}_{n}"
            yield kind, name, f"layers.{i}." + ("" if n == 1 else name + ".")

    def full(s, n, suffix=""):  # a weight, or left x right
        P = s.P
        if s.c["rank"] == 0:
            return P[n + ".weight" + suffix]
        A, B = P[n + ".left" + suffix], P[n + ".right" + suffix]
        if not suffix:
            return A @ B
        y = torch.complex(A[:, 0], A[:, 1]) @ torch.complex(B[:, 0], B[:, 1])
        return torch.stack([y.real, y.imag], 1)

    def linear(s, n, a):
        r, z = a
        P = s.P
        out = torch.einsum("koi,tki->tko", s.full(n), r) + P.get(n + ".bias", 0)
        if z is None:
            return out, None
        W = s.full(n, "_complex")
        y = torch.einsum("koi,tki->tko", torch.complex(W[:, 0], W[:, 1]), torch.complex(z[:, :, 0], z[:, :, 1]))
        return out, torch.stack([y.real, y.imag], 2) + P.get(n + ".bias_complex", 0)

    def unit(s, x, dims):
        if s.c["norm_kind"] == "layer_norm":
            return F.layer_norm(x, x.shape[-dims:])
        ax = tuple(range(-dims, 0))
        return x / torch.sqrt((x * x).mean(ax, keepdim=True) + 1e-5)

    def normed(s, n, a):
        P = s.P
        B = lambda k: P.get(n + k, 0)
        if s.spectral:
            return s.unit(a[0], 1) * P[n + ".gain"] + B(".bias"), (
                s.unit(a[1], 2) * P[n + ".gain_complex"] + B(".bias_complex") if a[1] is not None else None
            )
        if s.c["norm_over"] == "slice":
            return s.unit(a, 1) * P[n + ".gain"] + B(".bias")
        return (s.unit(a.reshape(len(a), -1), 1) * P[n + ".gain"] + B(".bias")).reshape(a.shape)

    def by_slice(s, t):
        f = t.frequency()
        v = g.gains(s.c["frequency_scaling"], s.P, len(f), f)
        return (v, None) if t.name != "dft" else (v[t.real_bins], v[t.complex_bins])

    def scale(s, t, a):
        v, vz = s.by_slice(t)
        return a[0] * v[:, None], (a[1] * vz[:, None, None] if a[1] is not None else None)

    def sinusoid(s, pos, alpha):
        j = torch.arange(s.m)
        ang = pos[:, None, None] * alpha[None, :, None] * 10000.0 ** (-(2 * (j // 2)) / s.m)
        return torch.where(j % 2 == 0, torch.sin(ang), torch.cos(ang))

    def attend(s, t, q, k, v, off, pos):
        h = s.c["heads_per_slice"]
        rotary = s.c["position"]["kind"] == "rotary"
        causal = s.c["task"] == "language_model"
        alpha = (
            s.by_slice(t)
            if rotary and s.c["frequency_scaling"]["at"] == "position"
            else (torch.ones(t.nr), torch.ones(max(t.nc, 1)))
        )

        def rotate(x, al):  # x [T, S, (2,) h, e]: coordinate j turns with j + e/2, position from 0
            e = x.shape[-1]
            j = torch.arange(e // 2)
            ang = pos[:, None, None] * al[None, :, None] * 10000.0 ** (-2.0 * j / e)
            while ang.dim() < x.dim():
                ang = ang.unsqueeze(2)
            a, b = x[..., : e // 2], x[..., e // 2 :]
            return torch.cat([a * ang.cos() - b * ang.sin(), a * ang.sin() + b * ang.cos()], -1)

        def one(al, q, k, v):
            T, S, w = q.shape[0], q.shape[1], q.shape[-1]
            e = w // h
            cut = lambda x: x.reshape(*x.shape[:-1], h, e)
            Q, K, V = cut(q), cut(k), cut(v)
            if rotary:
                Q, K = rotate(Q, al), rotate(K, al)
            move = lambda x: (x.permute(1, 2, 0, 3) if x.dim() == 4 else x.permute(1, 3, 0, 2, 4)).reshape(S, h, T, -1)
            Q, K, V = move(Q), move(K), move(V)
            out = []
            for a, b in zip(off, off[1:]):
                A = Q[:, :, a:b] @ K[:, :, a:b].transpose(-1, -2) / math.sqrt(Q.shape[-1])
                if causal:
                    A = A.masked_fill(torch.ones(b - a, b - a).triu(1).bool(), -math.inf)
                out.append(torch.softmax(A, -1) @ V[:, :, a:b])
            y = torch.cat(out, 2)
            return y.reshape(S, h, T, -1, e).permute(2, 0, 3, 1, 4).reshape(q.shape)

        return one(alpha[0], q[0], k[0], v[0]), (one(alpha[1], q[1], k[1], v[1]) if q[1] is not None else None)

    def sublayer(s, kind, n, t, u, off, pos):  # spectral in, spectral out
        c = s.c
        both = lambda f, *a: (f(*[x[0] for x in a]), f(*[x[1] for x in a]) if a[0][1] is not None else None)
        if kind == "attention":
            return s.linear(
                n + "output",
                s.attend(t, s.linear(n + "query", u), s.linear(n + "key", u), s.linear(n + "value", u), off, pos),
            )
        h = s.linear(n + "expand", u)
        act = c["activation"]
        hidden = [h]
        f = ACT.get(act) or (lambda a, b: GATED[act](b) * a)
        if act in GATED:
            hidden.append(s.linear(n + "gate", u))
        h = both(f, *hidden) if c["activation_domain"] == "spectral" else t.forward(f(*[t.inverse(x) for x in hidden]))
        return s.linear(n + "contract", h)

    def run(s, tokens, off, target):
        c, P, out = s.c, s.P, {}
        at = c["frequency_scaling"]["at"]
        p, m, first, last = c["p"], s.m, s.Ls[0], s.Ls[(c["depth"] - 1) % len(s.Ls)]
        pos = torch.cat([torch.arange(b - a) for a, b in zip(off, off[1:])]) * 1.0
        x = P["token_embedding"][tokens].reshape(-1, p, m)
        po = c["position"]
        if po["kind"] == "learned":
            x = x + P["position_embedding"][pos.long()].reshape(-1, p, m)
        elif po["kind"] == "sinusoidal":
            x = x + s.sinusoid(
                pos + 1,
                g.gains(s.c["frequency_scaling"], s.P, p, g.frequency("dct", p)) if at == "position" else torch.ones(p),
            )
        if at == "input":
            x = first.inverse(s.scale(first, first.forward(x)))
        out["encoder_input"] = x.reshape(len(x), -1)
        a = first.forward(x) if s.spectral else x
        add = lambda u, v: (u[0] + v[0], u[1] + v[1] if u[1] is not None else None) if s.spectral else u + v
        for i in range(c["depth"]):
            t = s.Ls[i % len(s.Ls)]
            wrap = (lambda b: s.scale(t, b)) if at == "residual" else (lambda b: b)
            for kind, name, pre in s.sublayers(i):

                def sub(u):
                    if kind == "mixer":
                        W = P[pre + "mixer.weight"]
                        return (
                            (torch.einsum("kl,tlm->tkm", W, u[0]), None)
                            if s.spectral
                            else torch.einsum("kl,tlm->tkm", W, u)
                        )
                    return (
                        wrap(s.sublayer(kind, pre, t, u, off, pos))
                        if s.spectral
                        else t.inverse(wrap(s.sublayer(kind, pre, t, t.forward(u), off, pos)))
                    )

                n = f"layers.{i}.{name}_norm"
                a = add(a, sub(s.normed(n, a))) if c["norm"] == "pre" else s.normed(n, add(a, sub(a)))
        if c["norm"] == "pre":
            a = s.normed("final_norm", a)
        if at == "output":
            a = s.scale(last, a if s.spectral else last.forward(a))
            a = a if s.spectral else last.inverse(a)
        x = (last.inverse(a) if s.spectral else a).reshape(len(tokens), -1)
        out["encoder_output"] = x
        if c["task"] == "language_model":
            out["logits"] = x @ (P["token_embedding"] if c["tied"] else P["language_head.weight"]).T
        else:
            out["logits"] = (
                torch.stack([x[a:b].mean(0) if c["pooling"] == "mean" else x[a] for a, b in zip(off, off[1:])])
                @ P["classifier.weight"].T
                + P["classifier.bias"]
            )
        out["loss"] = F.cross_entropy(out["logits"], target)
        return out


DEFAULT = dict(
    width=24,
    p=4,
    transform="dct",
    depth=2,
    stack=["attention", "feed_forward"],
    heads_per_slice=1,
    feed_forward=2,
    attention_bias=True,
    activation="gelu",
    activation_domain="spectral",
    norm="post",
    norm_kind="layer_norm",
    norm_domain="original",
    norm_over="slice",
    rank=0,
    position=dict(kind="sinusoidal", domain="original"),
    pooling="mean",
    max_length=9,
    frequency_scaling=dict(kind="none", at="position"),
    vocabulary=19,
    classes=3,
    task="classification",
    tied=True,
)


def case(path, seed, **over):
    c = {**DEFAULT, **over}
    lm = c["task"] == "language_model"
    gen = torch.Generator().manual_seed(seed)
    mod = Model(c, gen)
    lengths = [int(x) for x in torch.randint(1, c["max_length"] + 1, (5,), generator=gen)]
    off = [0] + [int(z) for z in np.cumsum(lengths)]
    tokens = torch.randint(0, c["vocabulary"], (off[-1],), generator=gen)
    target = torch.randint(0, c["vocabulary"] if lm else c["classes"], (off[-1] if lm else 5,), generator=gen)
    start = {k: v.detach().clone() for k, v in mod.P.items()}
    opt = torch.optim.AdamW(list(mod.P.values()), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    out = mod.run(tokens, off, target)
    grads = dict(zip(mod.P, torch.autograd.grad(out["loss"], list(mod.P.values()))))
    for _ in range(3):
        opt.zero_grad()
        mod.run(tokens, off, target)["loss"].backward()
        opt.step()
    with h5py.File(path, "w", libver="latest") as f:
        f.attrs["config"] = yaml.safe_dump(
            {
                k: v
                for k, v in c.items()
                if not (k == "tied" and not lm) and not (k == "classes" and lm) and not (k == "pooling" and lm)
            },
            sort_keys=False,
        )
        f["batch/tokens"] = tokens.numpy().astype("i4")
        f["batch/offsets"] = np.array(off, "i4")
        f["batch/" + ("targets" if lm else "labels")] = target.numpy().astype("i4")
        for name, t in (("parameters", start), ("gradients", grads), ("after_adamw", mod.P)):
            for k, v in t.items():
                f.create_dataset(f"{name}/{k}", data=v.detach().numpy())
        for k, v in out.items():
            f["forward/" + k] = v.detach().numpy()
    print(f'{os.path.basename(path):36s} loss {float(out["loss"]):.12f}')


def main(out, seed):
    os.makedirs(out, exist_ok=True)
    S = lambda kind, at, **k: dict(kind=kind, at=at, **k)
    LO = lambda par, init: dict(name="learned_orthogonal", parametrization=par, init=init)
    pos = lambda k: dict(position=dict(kind=k, domain="original"))
    lm = dict(task="language_model", norm="pre")
    modern = {**lm, **pos("rotary"), "norm_kind": "rms_norm", "activation": "swiglu", "attention_bias": False}
    even = dict(width=32, heads_per_slice=2)
    cases = dict(
        same_as_paper={},
        silu=dict(activation="silu"),
        swiglu=dict(activation="swiglu"),
        geglu_original=dict(activation="geglu", activation_domain="original", transform="haar"),
        reglu_dft=dict(activation="reglu", transform="dft", p=5, width=30, heads_per_slice=3),
        rms=dict(norm_kind="rms_norm"),
        rms_width=dict(norm_kind="rms_norm", norm_over="width", norm="pre"),
        rms_spectral_dft=dict(
            norm_kind="rms_norm", norm_domain="spectral", norm="pre", transform="dft", p=5, width=30, heads_per_slice=3
        ),
        rotary=dict(pos("rotary"), **even),
        rotary_dft=dict(pos("rotary"), transform="dft", p=6, width=48, heads_per_slice=2),
        rotary_harmonic=dict(pos("rotary"), **even, frequency_scaling=S("harmonic", "position")),
        rotary_learned_dft=dict(
            pos("rotary"), transform="dft", p=6, width=48, heads_per_slice=2, frequency_scaling=S("learned", "position")
        ),
        no_position=pos("none"),
        rank2=dict(rank=2),
        rank3_dft=dict(rank=3, transform="dft", p=5, width=30, heads_per_slice=3),
        rank2_swiglu_pre=dict(rank=2, activation="swiglu", norm="pre"),
        mixer=dict(stack=["attention", "mixer", "feed_forward"]),
        mixer_spectral=dict(stack=["mixer", "attention", "feed_forward"], norm_domain="spectral", norm="pre"),
        two_feed_forward=dict(stack=["feed_forward", "attention", "feed_forward"]),
        attention_alone=dict(stack=["attention"], depth=3),
        feed_forward_alone=dict(stack=["feed_forward"]),
        cycle_dct_identity=dict(transform=["dct", "identity"], depth=3),
        cycle_dct_haar_pre=dict(transform=["dct", "haar"], norm="pre", depth=3),
        cycle_dft_dct=dict(transform=["dft", "dct"], p=5, width=30, heads_per_slice=3),
        cycle_learned=dict(transform=[LO("cayley", "dct"), LO("exponential", "haar")]),
        cycle_residual_decay=dict(transform=["haar", "hartley"], frequency_scaling=S("decay", "residual", alpha=0.9)),
        lm_paper_tied=dict(task="language_model"),
        lm_pre_untied=dict(lm, tied=False, **pos("learned")),
        lm_dense=dict(lm, p=1, **pos("learned")),
        lm_modern={**modern, **even},
        lm_modern_dft={**modern, "transform": "dft", "p": 6, "width": 48, "heads_per_slice": 2},
        lm_modern_spectral={**modern, **even, "norm_domain": "spectral"},
        lm_modern_cycle={**modern, **even, "transform": ["dct", "identity", "haar"], "depth": 4},
        lm_learned_mixer={
            **modern,
            **even,
            "transform": LO("cayley", "dct"),
            "stack": ["attention", "mixer", "feed_forward"],
        },
        lm_rank={**modern, **even, "rank": 2, "tied": False},
    )
    for i, (k, v) in enumerate(cases.items()):
        case(os.path.join(out, k + ".h5"), seed + i, **v)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
