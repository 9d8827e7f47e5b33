"use strict";
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
const signed = (x) => {
  if (!known(x)) return "";
  const text = (100 * x).toFixed(2);
  return Number(text) === 0 ? "0.00" : Number(text) > 0 ? "+" + text : minus(text);
};
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
const plural = (n, what) => grouped(n) + " " + what + (n === 1 ? "" : "s");

// Text with `code` in it.
const prose = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));

const cells = data.cells;
const accuracyName = data.metric === "test_accuracy" ? "Test accuracy" : "Validation accuracy";
const level = Math.round(100 * data.level) + " %";
const measured = cells.map((c, i) => i).filter((i) => known(cells[i].accuracy));
const transformers = measured.filter((i) => !cells[i].bag_of_words);
const best = transformers.reduce((a, b) => (a === null || cells[b].accuracy > cells[a].accuracy ? b : a), null);
const baselines = measured.filter((i) => cells[i].baseline);
