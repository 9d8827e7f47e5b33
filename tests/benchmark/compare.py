#!/usr/bin/env python3
"""Runs `tubal bench` beside PyTorch on the same work, in turn, and prints the ratios.

compare.py [--tubal build/tubal] [--rounds 3] [--only NAME] [--threads 2] [--mode inference] [--as-it-comes]
Needs Debian's python3-torch. PyTorch is given the fast OpenBLAS kernels where the processor has AVX-512, and an allocator that
keeps its memory from step to step: as it comes (--as-it-comes), it gives memory back and takes it again, which halves its speed in
virtual machines.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# name, tubal's settings, p, width, heads, length, mean length, PyTorch's models to race
WORK = [
    ('p1', dict(p=1), 256, 4, 256, 0),
    ('p4-dct', dict(p=4), 256, 4, 256, 0),
    ('p4-ragged', dict(p=4), 256, 4, 256, 180),
    ('p8-haar', dict(p=8, transform='haar'), 256, 8, 256, 0),
    ('p4-dft', dict(p=4, transform='dft'), 256, 4, 256, 0),
    ('wide-p1', dict(p=1), 768, 12, 128, 0),
    ('wide-p4', dict(p=4), 768, 12, 128, 0),
    ('language-p1', dict(p=1), 128, 4, 64, 0),
    ('language-p4', dict(p=4), 128, 4, 64, 0),
]
# Of a small language model on characters: what both programs are told beside that.
LANGUAGE = ['--batch', '12', '--vocabulary', '65']
OURS = ['--set', 'task=language_model', '--set', 'model.norm=pre', '--set', 'model.dropout=0', '--steps', '100']
THEIRS = ['--language', '--dropout', '0', '--steps', '100']


KEEP_MEMORY = {'MALLOC_MMAP_THRESHOLD_': str(8 << 30), 'MALLOC_TRIM_THRESHOLD_': str(8 << 30), 'MALLOC_TOP_PAD_': str(256 << 20)}


def run(command, keep_memory):
    env = dict(os.environ)
    if 'torch_baseline.py' in command[1]:
        env = {**(KEEP_MEMORY if keep_memory else {}), **env}
        if 'avx512f' in Path('/proc/cpuinfo').read_text():
            env.setdefault('OPENBLAS_CORETYPE', 'SKYLAKEX')
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.splitlines()[-1])


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument('--tubal', default='build/tubal')
    a.add_argument('--rounds', type=int, default=3)
    a.add_argument('--only', choices=[name for name, *_ in WORK])
    a.add_argument('--threads', default='2')
    a.add_argument('--mode', default='training', choices=['training', 'inference'])
    a.add_argument('--as-it-comes', action='store_true')
    o = a.parse_args()
    keep = not o.as_it_comes
    print('| work | tubal tokens/s | PyTorch tokens/s (fastest) | ratio | over products | GB | PyTorch GB |')
    print('| --- | --- | --- | --- | --- | --- | --- |')
    for name, model, width, heads, length, mean in WORK:
        if o.only and o.only != name:
            continue
        language = name.startswith('language')
        ours = [o.tubal, 'bench', '--threads', o.threads, '--mode', o.mode, '--length', str(length), '--mean-length', str(mean)]
        ours += LANGUAGE + OURS if language else ['--steps', '5']
        for key, value in dict(model, width=width, heads=heads).items():
            ours += ['--set', f'model.{key}={value}']
        base = [sys.executable, str(HERE / 'torch_baseline.py'), '--threads', o.threads, '--width', str(width), '--heads', str(heads),
                '--length', str(length), '--mean-length', str(mean)] + (['--inference'] if o.mode == 'inference' else [])
        base += LANGUAGE + THEIRS if language else []
        peers = [base + ['--dense'], base + ['--p', '1']] + ([base + ['--p', str(model['p'])]] if model['p'] > 1 else [])
        rounds = []
        for _ in range(o.rounds):
            rounds.append((run(ours, keep), max((run(peer, keep) for peer in peers), key=lambda r: r['tokens_per_second'])))
        middle = lambda f: statistics.median(f(u, t) for u, t in rounds)
        print(f"| {name} | {middle(lambda u, t: u['tokens_per_second']):.0f} | {middle(lambda u, t: t['tokens_per_second']):.0f} "
              f"| {middle(lambda u, t: u['tokens_per_second'] / t['tokens_per_second']):.2f} | {middle(lambda u, t: u['over_products']):.2f} "
              f"| {middle(lambda u, t: u['peak_gb']):.2f} | {middle(lambda u, t: t['peak_gb']):.2f} |", flush=True)


if __name__ == '__main__':
    main()
