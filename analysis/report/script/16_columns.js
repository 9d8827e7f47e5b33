// Interval of a difference on one scale for all rows: zero, the margin of parity, mean and interval.
import {
  data,
  make,
  known,
  grouped,
  seconds,
  bytes,
  probability,
  cells,
  judged,
  figureText,
  differenceText,
  worth,
  isBetter,
  ofCell,
  level,
} from "./01_base.js";
import { ranked, valueOf, padded } from "./06_series.js";

function forest(cell, extent) {
  if (!known(cell.difference)) return "";
  const W = 100,
    H = 16,
    [low, high] = extent,
    limit = worth(-data.margin),
    x = (v) => Math.max(1, Math.min(W - 1, ((v - low) / (high - low)) * W));
  const line = (kind, a, b, y1, y2) => make("line", { class: kind, x1: a, x2: b, y1, y2 });
  const [l, h] = cell.difference_interval;
  return make(
    "svg",
    { class: "forest", width: W, height: H, viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" },
    limit > low && limit < high ? line("margin", x(limit), x(limit), 0, H) : null,
    line("zero", x(0), x(0), 0, H),
    known(l) ? line("interval", x(l), x(h), H / 2, H / 2) : null,
    make("circle", { cx: x(cell.difference), cy: H / 2, r: 3 }),
  );
}

const betterWith = judged.lower ? `no cell has a lower ${judged.word} ` : "no cell is more accurate ";
const parityText = judged.lower ? " above the baseline" : " below the baseline";

// What a column shows of a cell, what it sorts by, and its rank: those of the highest rank fold first.
function comparisonColumns() {
  const compared = cells.filter((c) => known(c.difference));
  const ends = compared.flatMap((c) => [
    c.difference,
    ...c.difference_interval.filter(known),
    worth(-data.margin),
    0,
    worth(data.margin / 2),
  ]);
  const extent = compared.length ? padded(ends, 0.04) : [0, 1];
  const range = (i, how) =>
    known(i[0]) ? [" ", make("span", { class: "range" }, "[" + how(i[0]) + ", " + how(i[1]) + "]")] : "";
  const badge = (text, title) => make("span", { class: "badge", title }, text);
  const factorColumn = (f, i) => ({
    rank: i,
    factor: true,
    head: f.name,
    text: !f.numeric,
    show: (c) => valueOf(c, f),
    by: (c) => (f.numeric ? Number(valueOf(c, f)) : valueOf(c, f)),
  });
  const cellColumn = { rank: 0, factor: true, head: "cell", text: true, show: (c) => c.name, by: (c) => c.name };
  const difference = [
    {
      rank: 101,
      head: "difference to baseline",
      unit: judged.difference.unit + ", " + level + " interval",
      show: (c) =>
        c.baseline ? "baseline" : [differenceText(c.difference), range(c.difference_interval, differenceText)].flat(),
      by: (c) => (known(c.difference) ? -worth(c.difference) : null),
      kind: (c) => (known(c.p_holm) && c.p_holm < 0.05 ? (isBetter(c.difference) ? "better" : "worse") : ""),
    },
    { rank: 107, head: "", drawing: true, text: true, show: (c) => forest(c, extent) },
    { rank: 102, head: "p value", unit: "Holm", show: (c) => probability(c.p_holm), by: (c) => c.p_holm },
  ];
  return [
    ...(ranked.length ? ranked.map(factorColumn) : [cellColumn]),
    {
      rank: 105,
      head: "seeds",
      show: (c) => (c.seeds === c.planned ? String(c.seeds) : c.seeds + "/" + c.planned),
      by: (c) => c.seeds,
    },
    {
      rank: 103,
      head: "encoder",
      unit: "parameters",
      show: (c) => (c.encoder > 0 ? grouped(c.encoder) : "\u2013"),
      by: (c) => c.encoder,
    },
    { rank: 109, head: "total", unit: "parameters", show: (c) => grouped(c.total), by: (c) => c.total },
    {
      rank: 104,
      head: "compression",
      unit: "of the encoder",
      show: (c) => (known(c.compression) && c.encoder > 0 ? c.compression.toFixed(2) + "\u00d7" : ""),
      by: (c) => c.compression,
    },
    {
      rank: -1,
      head: judged.axis,
      unit: level + " interval",
      show: (c) => (c.seeds ? [ofCell(c), range(c.interval, (x) => figureText(x))].flat() : "none"),
      by: (c) => (known(c.mean) ? -worth(c.mean) : null),
    },
    ...data.beside.map((m, k) => ({
      rank: 100.1 + k / 10,
      head: m.head,
      show: (c) => figureText(c.beside[k], m),
      by: (c) => (known(c.beside[k]) ? (m.lower ? 1 : -1) * c.beside[k] : null),
    })),
    ...(compared.length ? difference : []),
    { rank: 106, head: "time", unit: "a trial", show: (c) => seconds(c.seconds), by: (c) => c.seconds },
    { rank: 110, head: "memory", unit: "peak", show: (c) => bytes(c.memory), by: (c) => c.memory },
    {
      rank: 108,
      head: "front",
      unit: "and parity",
      text: true,
      show: (c) => [
        c.front_parameters ? badge("size", betterWith + "with fewer encoder parameters") : "",
        c.front_seconds ? badge("time", betterWith + "in less time") : "",
        c.parity === true ? badge("parity", "shown to be no more than " + data.margin_text + parityText) : "",
      ],
    },
  ];
}

export { comparisonColumns };
