// The page, section by section; a section without anything to show says why or is left out.
const main = document.getElementById("report"),
  header = document.getElementById("top");
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

function tiles() {
  const tile = (name, value, unit, more) =>
    make(
      "div",
      { class: "tile" },
      make("div", { class: "name" }, name),
      make("div", { class: "value" }, value, unit ? make("small", {}, unit) : ""),
      make("div", { class: "more" }, more),
    );
  const list = [],
    complete = data.counts.states.complete || 0;
  if (best !== null) list.push(tile("Best cell", ofCell(cells[best]), judged.unit, cells[best].name));
  if (baselines.length === 1)
    list.push(tile("Baseline", ofCell(cells[baselines[0]]), judged.unit, cells[baselines[0]].name));
  const par = transformers
    .map((i) => cells[i])
    .filter((c) => c.parity === true && c.encoder > 0)
    .sort((a, b) => a.encoder - b.encoder)[0];
  if (par) list.push(tile("Smallest at parity", par.compression.toFixed(2) + "\u00d7", "smaller", par.name));
  else if (transformers.some((i) => cells[i].parity === false))
    list.push(tile("Smallest at parity", "none", "", "parity within " + amountText(data.margin) + " is not shown"));
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

function top() {
  const toggle = make(
    "button",
    {
      class: "small theme",
      type: "button",
      onclick: () => {
        chosenTheme = themeName() === "dark" ? "light" : "dark";
        document.documentElement.dataset.theme = chosenTheme;
        redraw();
      },
    },
    "light / dark",
  );
  header.append(
    make("div", { class: "kicker" }, "Tubal study report", toggle),
    make("h1", {}, data.study),
    make(
      "p",
      { class: "meta" },
      [
        data.data
          ? "Data " +
            data.data +
            (data.confusion.classes.length
              ? ", " + plural(data.confusion.classes.length, "class").replace("classs", "classes")
              : "")
          : "",
        data.created ? "written " + data.created.replace("T", " ").replace("Z", " UTC") : "",
        "Tubal " + data.program.replace(/([0-9a-f]{10})[0-9a-f]+/, "$1"),
      ]
        .filter(Boolean)
        .join(" \u00b7 "),
    ),
  );
}

top();
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
        data.notes.map((n) => make("p", {}, prose(n.charAt(0).toUpperCase() + n.slice(1)))),
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
section(judged.name, capital(judged.word) + " against each factor", "", (s) =>
  grid(s, (g) => varied.forEach((f) => factorFigure(g, f, judged.name, { wide: varied.length === 1 }))),
);
const frontLead =
  "On the dashed front lie cells that no other beats in both" + (judged.lower ? "; lower is better." : ".");
section("fronts", capital(judged.word) + " against size and time", frontLead, (s) =>
  grid(s, (g) => {
    paretoFigure(g, {
      id: "front-parameters",
      title: metricAxis + " against encoder parameters",
      note: data.language ? "Embeddings and output head not counted." : "Embeddings and classifier not counted.",
      cost: (c) => c.encoder,
      axis: "Encoder parameters",
      front: "front_parameters",
    });
    paretoFigure(g, {
      id: "front-seconds",
      title: metricAxis + " against wall clock of a trial (s)",
      note: "Training and evaluation, mean over seeds; comparable where all trials ran on the same kind of machine.",
      cost: (c) => c.seconds,
      axis: "Wall clock of a trial (s)",
      front: "front_seconds",
    });
  }),
);
section("curves", "Learning curves", "Means over seeds; bands reach from the lowest seed to the highest.", (s) =>
  grid(s, (g) => {
    for (const m of data.drawn_curves)
      curveFigure(g, {
        id: "curve-" + m.name.replaceAll("_", "-"),
        title: m.training
          ? capital(m.head) + " by " + curvePosition + ", training and validation"
          : capital(m.axis) + " by " + curvePosition,
        metrics: [
          ...(m.training ? [["train_" + m.name, "training, with dropout", m.scale]] : []),
          ["validation_" + m.name, "validation", m.scale],
        ],
        note: "",
        references: m.name === judged.stored ? ngramRows : [],
      });
  }),
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
    grid(s, (g) => {
      const factor = factorOf("model.p") || varied[0];
      if (factor)
        for (const key of ["seconds", "memory", "flops", "speed"])
          factorFigure(g, factor, key, { flat: true, height: factor.numeric ? 170 : 0, note: "" });
    });
    if (!measured.length) return false;
    s.append(make("details", { class: "print" }, make("summary", {}, "Costs as a table"), costTable()));
  },
);
section("sanity", "Sanity baselines", "", (s) => (data.language ? ngramSanity(s) : bagSanity(s)));
section(
  "failures",
  "Failures",
  data.failures.length
    ? "These trials enter no figure. `tubal retry` runs them again."
    : "None: every trial is complete.",
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
