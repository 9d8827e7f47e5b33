// The page, section by section; a section without anything to show says why or is left out.
import { data, make, plural, prose, cells, capital, judged, worth, period, measured, baselines } from "./01_base.js";
import { fontReady } from "./02_theme.js";
import { startDrawing, startPrinting } from "./05_draw.js";
import { factors } from "./06_series.js";
import { againstFigure } from "./07_against.js";
import { frontFigure } from "./08_front.js";
import { curvesFigure } from "./09_curves.js";
import { confusionFigure } from "./10_confusion.js";
import { spectrumFigures } from "./13_slices.js";
import { learnedFigures } from "./14_learned.js";
import { ablationFigure } from "./15_ablation.js";
import { comparisonTable } from "./17_comparison.js";
import { table, costTable, failureTable, provenanceTable, trialTable } from "./18_tables.js";
import { bagSanity, ngramSanity } from "./19_sanity.js";
import { tiles, top } from "./20_top.js";

const main = document.getElementById("report");
const header = document.getElementById("top");
const contents = [];
function section(id, title, lead, fill) {
  const s = make("section", { id }, make("h2", {}, title), lead ? make("p", { class: "lead" }, prose(lead)) : "");
  if (fill(s) === false) return;
  contents.push([id, title]);
  main.append(s);
}
const grid = (parent, fill) => {
  const g = make("div", { class: "figures" });
  fill(g);
  parent.append(g);
  return g.children.length > 0;
};

header.append(...top());
section("summary", "In brief", "", (s) => {
  s.append(
    tiles(),
    make(
      "ul",
      { class: "words" },
      data.summary.map((x) => make("li", {}, prose(x))),
    ),
  );
  if (data.notes.length)
    s.append(
      make(
        "div",
        { class: "notes" },
        data.notes.map((n) => make("p", {}, prose(capital(n)))),
      ),
    );
});
section(
  "comparison-section",
  "Comparison",
  "Cells are trials that differ in the seed alone. Differences are paired by seed; p is an exact sign-flip test, " +
    "corrected by Holm. A head sorts; what a narrow window has no room for opens with a row's last button.",
  (s) => {
    s.append(comparisonTable());
  },
);
// The figures of the program's one table (analysis/figures/table.cpp), section by section; a kind of figure is one
// function here.
const kinds = { against: againstFigure, front: frontFigure, curves: curvesFigure };
function drawTable(s, name) {
  const wanted = data.figures.filter((f) => f.section === name);
  return grid(s, (g) => wanted.forEach((f) => kinds[f.kind](g, f, { wide: wanted.length === 1 })));
}
section(judged.name, capital(judged.word) + " against each factor", "", (s) => drawTable(s, "metric"));
const frontLead =
  "On the dashed front lie cells that no other beats in both" + (judged.lower ? "; lower is better." : ".");
section("fronts", capital(judged.word) + " against costs", frontLead, (s) => drawTable(s, "fronts"));
section("curves", "Learning curves", "Means over seeds; bands reach from the lowest seed to the highest.", (s) =>
  drawTable(s, "curves"),
);
section(
  "slices",
  "Inside the slices",
  `What each spectral slice does, measured at the end of ${period}s; ${period} 0 is the initialisation. Slices are ordered as ` +
    "the transform gives them, low frequency first.",
  spectrumFigures,
);
if (data.ablation.length)
  section(
    "ablation-section",
    "Slices set to zero",
    "What the trained model loses when slices of its spectrum are silenced.",
    (s) => grid(s, (g) => ablationFigure(g)),
  );
if (data.learned.length) section("learned", "Learned transforms", "", learnedFigures);
section("confusion", "Confusion", "", (s) => {
  const list = data.confusion.cells;
  if (!list.length) return false;
  return grid(s, (g) => {
    const of = (i) => list.find((e) => e.cell === i);
    const first = of(baselines[0]) || list[0],
      second = [...list]
        .sort((a, b) => worth(cells[b.cell].mean) - worth(cells[a.cell].mean))
        .find((e) => e !== first && !cells[e.cell].bag_of_words);
    confusionFigure(g, "confusion-a", first);
    if (second) confusionFigure(g, "confusion-b", second);
  });
});
section(
  "costs",
  "Costs",
  "Floating-point operations are counted from shapes; the rest is measured and depends on the machine.",
  (s) => {
    drawTable(s, "costs");
    if (!measured.length) return false;
    s.append(make("details", { class: "print" }, make("summary", {}, "Costs as a table"), costTable()));
  },
);
section("sanity", "Sanity baselines", "", (s) => (data.language ? ngramSanity(s) : bagSanity(s)));
section(
  "failures",
  "Trials without a figure",
  data.failures.length ? data.unfinished : "None: every trial is complete.",
  (s) => {
    if (data.failures.length) s.append(failureTable());
  },
);
section("provenance", "Provenance", "", (s) => {
  if (data.provenance.length) s.append(provenanceTable());
  else s.append(make("p", { class: "lead" }, "No trial has written its provenance yet."));
  s.append(
    make(
      "details",
      { class: "print" },
      make("summary", {}, "Configuration: what was swept, and what all trials share"),
      table(
        ["key", "value"],
        [
          ...factors.map((f) => [f.key, "swept: " + f.values.join(", ")]),
          ["seeds", data.configuration.seeds.join(", ")],
          ...data.configuration.fixed,
        ],
      ),
    ),
    make("details", {}, make("summary", {}, "All " + plural(data.trials.length, "trial")), trialTable()),
  );
});
section(
  "reproduce",
  "Reproduce",
  "The plan lies in the study's folder beside this report. A trial's results depend on its configuration, its data " +
    "and the program, not on threads or on where it was resumed.",
  (s) => {
    s.append(make("pre", {}, data.reproduce.join("\n")));
  },
);
header.append(
  make(
    "nav",
    { "aria-label": "Contents" },
    contents.map(([id, title]) => make("a", { href: "#" + id }, title)),
  ),
);
startPrinting();
fontReady.then(startDrawing, startDrawing);
