// The trend of the stockout dashboard: rate as a line, lost sales as bars. <div data-trend="JSON"> carries days (ISO),
// rate (0..1), lost (money) and words; not in a script element, as htmx removes those. Colours come from the style sheet.
import uPlot from "./uplot.js";

const HEIGHT = 280;
const drawn = new Map();
const locale = document.documentElement.lang;
const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

export function wake(element) {
  if (drawn.has(element)) return;
  const source = JSON.parse(element.dataset.trend);
  draw(element, source);
  new ResizeObserver(() => drawn.get(element)?.setSize({ width: element.clientWidth, height: HEIGHT })).observe(element);
}

document.addEventListener("theme:changed", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

function redraw() {
  for (const [element, plot] of drawn) {
    const { source } = plot;
    plot.destroy();
    if (element.isConnected) draw(element, source);
    else drawn.delete(element);
  }
}

function draw(element, source) {
  const days = source.days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
  const plot = new uPlot(options(element, source), [days, source.lost, source.rate], element);
  plot.source = source;
  drawn.set(element, plot);
}

function options(element, { words, currency }) {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const money = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 });
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const from0 = (plot, low, high) => [0, (high || 1) * 1.15];
  return {
    width: element.clientWidth,
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: { rate: { range: from0 }, money: { range: from0 } },
    axes: [
      { ...axis, space: 70, grid: { show: false }, values: (plot, splits) => splits.map((at) => short.format(at * 1000)) },
      { ...axis, scale: "rate", size: 52, values: (plot, splits) => splits.map((value) => percent.format(value)) },
      { ...axis, scale: "money", side: 1, size: 64, grid: { show: false }, values: (plot, splits) => splits.map((value) => money.format(value)) },
    ],
    series: [
      {},
      {
        label: words.lost, scale: "money", stroke: "transparent", fill: colour("--chart-out"), points: { show: false },
        paths: uPlot.paths.bars({ size: [0.7, 24] }),
      },
      { label: words.rate, scale: "rate", stroke: colour("--chart-forecast"), width: 2.5, points: { show: false } },
    ],
    legend: { show: false },
    hooks: { setCursor: [tip(element, { lost: money, rate: percent }, words)] },
  };
}

// The values of the day under the pointer.
function tip(element, formats, words) {
  const box = document.createElement("div");
  box.className = "chart__tip";
  box.hidden = true;
  return (plot) => {
    if (!box.isConnected) element.append(box);
    const { idx, left } = plot.cursor;
    box.hidden = idx == null || left < 0;
    if (box.hidden) return;
    const lines = [
      long.format(plot.data[0][idx] * 1000),
      `${words.rate}: ${formats.rate.format(plot.data[2][idx])}`,
      `${words.lost}: ${formats.lost.format(plot.data[1][idx])}`,
    ];
    box.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
    box.style.left = `${Math.max(8, Math.min(left + 60, element.clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = "12px";
  };
}
