// What a cell's slices measured: values by epoch and layer, and how slices and scales are written.
import { known, short } from "./01_base.js";

const sliceName = (k, frequency) => "slice " + k + (known(frequency) ? " (f = " + short(frequency) + ")" : "");
// Logarithmic where values span more than a factor of 50.
const scaleOf = (rows) => {
  const x = rows.map((r) => r.value).filter(known);
  return x.every((v) => v > 0) && Math.max(...x) > 50 * Math.min(...x) ? { type: "log" } : { zero: false };
};

// [epochs, layers, slices] -> one layer, or the mean over layers (-1), of an epoch.
function sliceValues(entry, quantity, e, layer) {
  const v = entry.values[quantity],
    S = entry.frequency.length,
    L = entry.layers || 1,
    out = [];
  for (let k = 0; k < S; ++k) {
    const x = [];
    for (let l = 0; l < L; ++l) if (layer < 0 || l === layer || !entry.layers) x.push(v[(e * L + l) * S + k]);
    const there = x.filter(known);
    out.push(there.length ? there.reduce((a, b) => a + b, 0) / there.length : null);
  }
  return out;
}

export { sliceName, scaleOf, sliceValues };
