// What the page begins with: the study's name, its data, and the figures that matter most as tiles.
import {
  data,
  make,
  plural,
  cells,
  judged,
  figureText,
  ofCell,
  measured,
  transformers,
  best,
  baselines,
  bestNgram,
} from "./01_base.js";
import { otherTheme } from "./02_theme.js";
import { redraw } from "./05_draw.js";

function tiles() {
  const tile = (name, value, unit, more) =>
    make(
      "div",
      { class: "tile" },
      make("div", { class: "name" }, name),
      make("div", { class: "value" }, value, unit ? make("small", {}, unit) : ""),
      make("div", { class: "more" }, more),
    );
  const complete = data.counts.states.complete || 0;
  const list = [];
  if (best !== null) list.push(tile("Best cell", ofCell(cells[best]), judged.unit, cells[best].name));
  if (baselines.length === 1)
    list.push(tile("Baseline", ofCell(cells[baselines[0]]), judged.unit, cells[baselines[0]].name));
  const smallest = transformers
    .map((i) => cells[i])
    .filter((c) => c.parity === true && c.encoder > 0)
    .sort((a, b) => a.encoder - b.encoder)[0];
  if (smallest)
    list.push(tile("Smallest at parity", smallest.compression.toFixed(2) + "\u00d7", "smaller", smallest.name));
  else if (transformers.some((i) => cells[i].parity === false))
    list.push(tile("Smallest at parity", "none", "", "parity within " + data.margin_text + " is not shown"));
  const bag = measured.map((i) => cells[i]).find((c) => c.bag_of_words);
  if (bag) list.push(tile("Bag of words", ofCell(bag), judged.unit, "linear, hashed words and pairs"));
  if (bestNgram)
    list.push(tile("Best n-gram", figureText(bestNgram.figure), judged.unit, bestNgram.name + ", Kneser-Ney"));
  list.push(
    tile(
      "Trials complete",
      String(complete),
      "of " + data.counts.trials,
      plural(data.counts.cells, "cell") + ", " + plural(data.counts.seeds, "seed"),
    ),
  );
  return make("div", { class: "tiles" }, list);
}

// Elements for the page's head.
function top() {
  const toggle = make(
    "button",
    {
      class: "small theme",
      type: "button",
      onclick: () => {
        otherTheme();
        redraw();
      },
    },
    "light / dark",
  );
  return [
    make("div", { class: "kicker" }, "Tubal study report", toggle),
    make("h1", {}, data.study),
    make(
      "p",
      { class: "meta" },
      [
        data.data
          ? "Data " +
            data.data +
            (data.confusion.classes.length ? ", " + plural(data.confusion.classes.length, "class") : "")
          : "",
        data.created ? "written " + data.created.replace("T", " ").replace("Z", " UTC") : "",
        "Tubal " + data.program.replace(/([0-9a-f]{10})[0-9a-f]+/, "$1"),
      ]
        .filter(Boolean)
        .join(" \u00b7 "),
    ),
  ];
}

export { tiles, top };
