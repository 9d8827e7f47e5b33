// The data, elements, and numbers as people read them.
const data = JSON.parse(document.getElementById("data").textContent);

// An element with attributes and children; texts become text nodes, so no data is ever read as HTML.
function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "line", "circle", "title"].includes(tag);
  const e = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) e.setAttribute(name, value);
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
  return e;
}

const known = (x) => typeof x === "number" && Number.isFinite(x);
const minus = (text) => text.replace("-", "\u2212");
const fixed = (x, digits) => (known(x) ? minus(x.toFixed(digits)) : "");
const percent = (x) => fixed(100 * x, 2);
const grouped = (x) => (known(x) ? String(Math.round(x)).replace(/\B(?=(\d{3})+$)/g, ",") : "");
const seconds = (s) =>
  !known(s)
    ? ""
    : s < 10
      ? s.toFixed(1) + " s"
      : s < 100
        ? s.toFixed(0) + " s"
        : s < 6000
          ? (s / 60).toFixed(1) + " min"
          : (s / 3600).toFixed(1) + " h";
const bytes = (b) => (!known(b) ? "" : b < 1e9 ? (b / 1e6).toFixed(0) + " MB" : (b / 1e9).toFixed(1) + " GB");
const scaled = (x) => {
  if (!known(x)) return "";
  for (const [size, name] of [
    [1e18, "E"],
    [1e15, "P"],
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ])
    if (x >= size) return (x / size).toPrecision(3) + " " + name;
  return x.toPrecision(3);
};
const probability = (p) => (!known(p) ? "" : p < 0.001 ? "<0.001" : p.toFixed(3));
const short = (x) =>
  !known(x)
    ? ""
    : minus(
        Math.abs(x) >= 1e4 || (x !== 0 && Math.abs(x) < 1e-3) ? x.toExponential(2) : String(Number(x.toPrecision(4))),
      );
// "1 class", "3 classes", "2 studies", "4 days"
const pluralOf = (word) =>
  /(s|x|z|ch|sh)$/.test(word) ? word + "es" : /[^aeiou]y$/.test(word) ? word.slice(0, -1) + "ies" : word + "s";
const plural = (n, word) => grouped(n) + " " + (n === 1 ? word : pluralOf(word));

// Text with `code` in it.
const prose = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));

const cells = data.cells;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// What the study is judged by (`judged`: name, unit, scale, decimals, direction) and figures as people read them.
const judged = data.measure;
const shownFigure = (x, m = judged) => (!known(x) ? null : m.exponential ? Math.exp(x) : m.scale * x);
const figureText = (x, m = judged) => fixed(shownFigure(x, m), m.decimals);
const withUnit = (x, m = judged) => figureText(x, m) + (known(x) && m.unit ? " " + m.unit : "");
const differenceText = (x) => {
  if (!known(x)) return "";
  const { scale, decimals } = judged.difference,
    text = (scale * x).toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : Number(text) > 0 ? "+" + text : minus(text);
};
const worth = (x) => (judged.lower ? -x : x); // larger is better
const isBetter = (difference) => worth(difference) > 0;
const metricName = capital(judged.title);
// Between -1 and 1, rising with the figure; -1 where there is none.
const standing = (c) => (known(c.mean) ? worth(c.mean) / (1 + Math.abs(c.mean)) : -1);
const ofCell = (c) => figureText(c.mean);
const intervalOf = (c) => (known(c.interval[0]) ? figureText(c.interval[0]) + " to " + figureText(c.interval[1]) : "");

// Language models are measured every so many steps; these evaluations stand where a classifier's epochs do.
const period = data.language ? "evaluation" : "epoch";
const level = Math.round(100 * data.level) + " %";
const measured = cells.map((c, i) => i).filter((i) => known(cells[i].mean));
const transformers = measured.filter((i) => !cells[i].bag_of_words);
const best = transformers.reduce((a, b) => (a === null || isBetter(cells[b].mean - cells[a].mean) ? b : a), null);
const baselines = measured.filter((i) => cells[i].baseline);
// The n-gram with the best figure of the only set of n-grams: several sets are of several data, so no line is of all.
const ngramRows = data.ngrams.length === 1 ? data.ngrams[0].rows.filter((r) => known(r.figure)) : [];
const bestNgram = ngramRows.reduce((a, b) => (a === null || isBetter(b.figure - a.figure) ? b : a), null);
const sanityTips = (name, figure, head = metricName) => ({ "Sanity baseline": name, [head]: figure });

export {
  data,
  make,
  known,
  fixed,
  percent,
  grouped,
  seconds,
  bytes,
  scaled,
  probability,
  short,
  plural,
  prose,
  cells,
  capital,
  judged,
  figureText,
  withUnit,
  differenceText,
  worth,
  isBetter,
  metricName,
  standing,
  ofCell,
  intervalOf,
  period,
  level,
  measured,
  transformers,
  best,
  baselines,
  bestNgram,
  sanityTips,
};
