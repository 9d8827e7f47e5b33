// Colours and the look of all figures. Series: Okabe and Ito's colours, told apart by most colour-blind people,
// with shapes beside them; on dark ground lighter.
const themes = {
  light: {
    ground: "#ffffff",
    ink: "#1b1f27",
    soft: "#5b6472",
    line: "#dfe3e8",
    faint: "#eef0f3",
    accent: "#0a5c9c",
    series: ["#0072b2", "#d55e00", "#009e73", "#b8509a", "#c98b00", "#3a9bd9", "#7a5c3e", "#6a6f7a"],
    ramp: ["#b5c9e8", "#6f9fd8", "#2f6fb7", "#123a73"],
    slices: ["#2b1d6b", "#2f6fb7", "#1f9e89", "#c7a000"],
    amount: ["#ffffff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"],
    signed: ["#b35806", "#f1a340", "#ffffff", "#6a9fd0", "#0b4a8a"],
  },
  dark: {
    ground: "#14171c",
    ink: "#e4e8ee",
    soft: "#9aa4b2",
    line: "#2d333d",
    faint: "#1f242c",
    accent: "#78b7ee",
    series: ["#5aaef0", "#f2884b", "#37c79a", "#e08fc6", "#e6b84a", "#9ad4f7", "#c6a483", "#a3a9b5"],
    ramp: ["#2f5f9a", "#4f8fd6", "#8fc0f5", "#d6e8ff"],
    slices: ["#a99af0", "#5aaef0", "#3fcfb0", "#f0d060"],
    amount: ["#14171c", "#17375e", "#2a66a5", "#5fa3e0", "#d4e8ff"],
    signed: ["#f5a45c", "#94602f", "#1b1f26", "#34608f", "#7fbdf5"],
  },
};
const shapes = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];

// Room that texts need in figures, measured as Vega measures them, so that no size assumes a font. The page's own
// font must be there first (fontReady).
const fontFamily = getComputedStyle(document.body).fontFamily;
const fontReady = document.fonts.load("12px " + fontFamily);
const pen = document.createElement("canvas").getContext("2d");
function textWidth(text, size = 11, weight = 400) {
  pen.font = `${weight} ${size}px ${fontFamily}`;
  return pen.measureText(text).width;
}
const widest = (texts, size, weight) => Math.ceil(Math.max(0, ...texts.map((x) => textWidth(x, size, weight))));
// Lines of words, each as long as `width` allows.
function textLines(text, width, size, weight) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? lines.at(-1) + " " + word : word;
    if (lines.length && textWidth(longer, size, weight) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

let chosenTheme = null; // by the button; else the system's
const darkQuery = matchMedia("(prefers-color-scheme: dark)");
const themeName = () => chosenTheme || (darkQuery.matches ? "dark" : "light");
function otherTheme() {
  chosenTheme = themeName() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = chosenTheme;
}

function figureConfig(t) {
  return {
    background: null,
    font: fontFamily,
    padding: { left: 2, right: 6, top: 4, bottom: 2 },
    view: { stroke: null },
    axis: {
      labelColor: t.soft,
      titleColor: t.soft,
      titleFontWeight: 500,
      titleFontSize: 11.5,
      labelFontSize: 11,
      domainColor: t.line,
      tickColor: t.line,
      gridColor: t.faint,
      tickSize: 4,
      labelPadding: 4,
      titlePadding: 8,
      labelLimit: 150,
      labelOverlap: true,
    },
    axisX: { grid: false, labelFlush: false },
    axisY: { domain: false, ticks: false },
    legend: {
      labelColor: t.ink,
      titleColor: t.soft,
      titleFontWeight: 500,
      titleFontSize: 11,
      labelFontSize: 11,
      symbolSize: 70,
      symbolOpacity: 1,
      orient: "top",
      direction: "horizontal",
      titleOrient: "left",
      offset: 10,
      columnPadding: 12,
      labelLimit: 190,
      gradientThickness: 8,
      gradientLength: 120,
    },
    header: {
      labelColor: t.ink,
      labelFontSize: 11.5,
      labelFontWeight: 600,
      labelAnchor: "start",
      title: null,
      labelPadding: 6,
    },
    title: { color: t.ink, subtitleColor: t.soft, fontSize: 14, anchor: "start", fontWeight: 600, offset: 12 },
    text: { fontSize: 10.5, fill: t.soft },
    rule: { stroke: t.soft },
    range: { category: t.series },
  };
}

// A colour for each value of a factor, the same in every figure: series' colours for names, a ramp for numbers.
// The cell that stands for all values (p = 1 for every transform) is ink.
function blend(colours, at) {
  const x = at * (colours.length - 1),
    i = Math.min(Math.floor(x), colours.length - 2),
    f = x - i;
  const part = (c, k) => parseInt(c.slice(1 + 2 * k, 3 + 2 * k), 16);
  return (
    "#" +
    [0, 1, 2]
      .map((k) =>
        Math.round(part(colours[i], k) * (1 - f) + part(colours[i + 1], k) * f)
          .toString(16)
          .padStart(2, "0"),
      )
      .join("")
  );
}
function colourOf(factor, name, t) {
  const at = factor ? factor.values.indexOf(name) : -1;
  if (name === "bag of words") return t.soft;
  if (at < 0) return factor ? t.ink : t.series[0];
  if (!factor.numeric) return t.series[at % t.series.length];
  return blend(t.ramp, factor.values.length > 1 ? at / (factor.values.length - 1) : 0.5);
}
const shapeOf = (factor, name) => {
  const at = factor ? factor.values.indexOf(name) : -1;
  return at < 0 ? "circle" : shapes[at % shapes.length];
};

export {
  themes,
  fontReady,
  textWidth,
  widest,
  textLines,
  darkQuery,
  themeName,
  otherTheme,
  figureConfig,
  blend,
  colourOf,
  shapeOf,
};
