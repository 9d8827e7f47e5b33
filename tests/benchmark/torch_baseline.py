#!/usr/bin/env python3
"""The same work as `tubal bench`, as a PyTorch user would write it: padded batches, slices as one batched product.

torch_baseline.py --p 4 --width 256 ... prints one line of JSON. --dense takes torch.nn.TransformerEncoder, --language a causal
model of the token that follows: pre-norm, its head the embedding's transpose.
"""
import argparse
import json
import math
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


def dct(p):
    k = torch.arange(p).float()
    L = math.sqrt(2 / p) * torch.cos(math.pi / (2 * p) * torch.outer(k, 2 * k + 1))
    L[0] /= math.sqrt(2)
    return L


class Slices(nn.Module):
    """One linear map a slice: [p, N, in] to [p, N, out]."""

    def __init__(self, p, inputs, outputs):
        super().__init__()
        bound = math.sqrt(6 / (inputs + outputs))
        self.weight = nn.Parameter(torch.empty(p, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(p, 1, outputs))

    def forward(self, x):
        return torch.baddbmm(self.bias, x, self.weight)


class SliceNorm(nn.Module):
    def __init__(self, p, m):
        super().__init__()
        self.gain, self.bias = nn.Parameter(torch.ones(p, m)), nn.Parameter(torch.zeros(p, m))

    def forward(self, x):
        return F.layer_norm(x, x.shape[-1:]) * self.gain + self.bias


class LLayer(nn.Module):
    """One layer on slices of the transform domain, post-norm or (language) pre-norm; x is [B, n, p, m]."""

    def __init__(self, o):
        super().__init__()
        m = o.width // o.p
        self.heads, self.dropout, self.pre = max(1, o.heads // o.p), o.dropout, o.language
        self.qkv, self.out = Slices(o.p, m, 3 * m), Slices(o.p, m, m)
        self.up, self.down = Slices(o.p, m, 4 * m), Slices(o.p, 4 * m, m)
        self.norms = nn.ModuleList([SliceNorm(o.p, m), SliceNorm(o.p, m)])
        self.register_buffer('L', dct(o.p))

    def into(self, x):
        B, n, p, m = x.shape
        return torch.einsum('kl,bnlm->kbnm', self.L, x).reshape(p, B * n, m)

    def back(self, y, shape):
        B, n, p, m = shape
        return torch.einsum('kl,kbnm->bnlm', self.L, y.view(p, B, n, m))

    def attend(self, x, mask):
        B, n, p, m = x.shape
        h, e = self.heads, m // self.heads
        q, k, v = self.qkv(self.into(x)).view(p, B, n, 3, h, e).permute(3, 0, 1, 4, 2, 5).reshape(3, p * B * h, n, e)
        scores = torch.bmm(q, k.transpose(1, 2)).view(p, B, h, n, n) / math.sqrt(e) + mask
        y = torch.bmm(scores.softmax(-1).view(p * B * h, n, n), v)
        return self.back(self.out(y.view(p, B, h, n, e).transpose(2, 3).reshape(p, B * n, m)), x.shape)

    def feed(self, x):
        return self.back(self.down(F.gelu(self.up(self.into(x)))), x.shape)

    def forward(self, x, mask):
        drop = lambda y: F.dropout(y, self.dropout, self.training)
        if self.pre:
            x = x + drop(self.attend(self.norms[0](x), mask))
            return x + drop(self.feed(self.norms[1](x)))
        x = self.norms[0](x + drop(self.attend(x, mask)))
        return self.norms[1](x + drop(self.feed(x)))


class Model(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.o = o
        m = o.width // o.p
        self.embedding = nn.Embedding(o.vocabulary, o.width)
        if o.dense:
            layer = nn.TransformerEncoderLayer(o.width, o.heads, 4 * o.width, o.dropout, 'gelu', batch_first=True, norm_first=o.language)
            self.encoder = nn.TransformerEncoder(layer, o.depth, nn.LayerNorm(o.width) if o.language else None)
        else:
            self.layers = nn.ModuleList([LLayer(o) for _ in range(o.depth)])
            self.norm = SliceNorm(o.p, m) if o.language else nn.Identity()
        if o.language:
            nn.init.normal_(self.embedding.weight, std=0.02)
        else:
            self.head = nn.Linear(o.width, 2)
        j = torch.arange(m)
        angle = torch.arange(1, o.length + 1)[:, None] / 10000 ** (2 * (j // 2) / m)
        self.register_buffer('position', torch.where(j % 2 == 0, angle.sin(), angle.cos()).repeat(1, o.p))
        self.register_buffer('later', torch.full((o.length, o.length), -1e9).triu(1))

    def forward(self, tokens, valid):
        o = self.o
        B, n = tokens.shape
        x = F.dropout(self.embedding(tokens) + self.position[:n], o.dropout, self.training)
        later = self.later[:n, :n]
        if o.dense:
            x = self.encoder(x, mask=later) if o.language else self.encoder(x, src_key_padding_mask=~valid)
        else:
            mask = later if o.language else torch.zeros(B, 1, 1, n).masked_fill(~valid.view(B, 1, 1, n), -1e9)
            x = x.view(B, n, o.p, -1)
            for layer in self.layers:
                x = layer(x, mask)
            x = self.norm(x).reshape(B, n, -1)
        if o.language:
            return F.linear(x, self.embedding.weight).flatten(0, 1)
        w = valid[..., None].float()
        return self.head((x * w).sum(1) / w.sum(1))


def main():
    a = argparse.ArgumentParser()
    for name, value in dict(p=1, width=256, depth=4, heads=4, length=256, batch=32, steps=3, threads=2, vocabulary=20000).items():
        a.add_argument('--' + name, type=int, default=value)
    a.add_argument('--mean-length', type=float, default=0)
    a.add_argument('--dropout', type=float, default=0.1)
    a.add_argument('--dense', action='store_true')
    a.add_argument('--inference', action='store_true')
    a.add_argument('--language', action='store_true')
    o = a.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(o.threads)
    model = Model(o)
    model.train(not o.inference)
    optimizer = torch.optim.AdamW(model.parameters(), 3e-4, weight_decay=0.01)
    seconds, tokens = [], 0
    for step in range(o.steps + 1):
        lengths = torch.full((o.batch,), o.length)
        if o.mean_length:
            lengths = (torch.randn(o.batch) * 0.55 + math.log(o.mean_length)).exp().long().clamp(8, o.length)
        valid = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        x = torch.randint(1, o.vocabulary, valid.shape)
        y = torch.randint(1, o.vocabulary, (valid.numel(),)) if o.language else torch.randint(0, 2, (o.batch,))
        start = time.perf_counter()
        if o.inference:
            with torch.no_grad():
                model(x, valid)
        else:
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(x, valid), y).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        if step:
            seconds.append(time.perf_counter() - start)
            tokens += int(lengths.sum())
    print(json.dumps(dict(p=o.p, width=o.width, dense=o.dense, seconds_per_step=statistics.median(seconds),
                          tokens_per_second=tokens / sum(seconds), peak_gb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)))


if __name__ == '__main__':
    main()
