#!/usr/bin/env python3
"""The share of a training step that its matrix products would take alone, of gated and rotary models beside the plain one.

shares.py [--tubal build/tubal] [--rounds 5] [--width 128,256] [--p 1,4] [--threads 1] [--steps 5] [--batch 16] [--length 128]
Runs `tubal bench` on each model in turn, round after round. A model's share is 1 / processor_over_products, the median of the
rounds; the last column is the median of the rounds' ratios to the plain model's share of the same round.
"""
import argparse
import json
import statistics
import subprocess

MODELS = {
    'plain': {},
    'geglu': {'activation': 'geglu'},
    'reglu': {'activation': 'reglu'},
    'swiglu': {'activation': 'swiglu'},
    'rotary': {'position.kind': 'rotary'},
    'swiglu, rotary, rms_norm': {'activation': 'swiglu', 'position.kind': 'rotary', 'norm_kind': 'rms_norm'},
}


def share(o, width, p, model):
    command = [o.tubal, 'bench', '--vocabulary', '5000']
    for option in ('threads', 'steps', 'batch', 'length'):
        command += [f'--{option}', str(getattr(o, option))]
    for key, value in {'width': width, 'p': p, **model}.items():
        command += ['--set', f'model.{key}={value}']
    return 1 / json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)['processor_over_products']


def main():
    numbers = lambda text: [int(n) for n in text.split(',')]
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--tubal', default='build/tubal')
    a.add_argument('--rounds', type=int, default=5)
    a.add_argument('--width', type=numbers, default=[128, 256])
    a.add_argument('--p', type=numbers, default=[1, 4])
    a.add_argument('--threads', type=int, default=1)
    a.add_argument('--steps', type=int, default=5)
    a.add_argument('--batch', type=int, default=16)
    a.add_argument('--length', type=int, default=128)
    o = a.parse_args()
    print('| width | p | model | share | of the plain one |\n| --- | --- | --- | --: | --: |')
    for width in o.width:
        for p in o.p:
            rounds = [{name: share(o, width, p, model) for name, model in MODELS.items()} for _ in range(o.rounds)]
            for name in MODELS:
                own = statistics.median(r[name] for r in rounds)
                ratio = statistics.median(r[name] / r['plain'] for r in rounds)
                print(f'| {width} | {p} | {name} | {own:.2f} | {ratio:.2f} |', flush=True)


if __name__ == '__main__':
    main()
