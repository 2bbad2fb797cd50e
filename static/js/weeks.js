// Lines of shares by week. <div data-weeks="JSON"> carries days (ISO), lines (label, colour, values 0..1 or null) and words;
// not in a script element, as htmx removes those. Colours come from the style sheet.
import { fingers } from "./fingers.js";
import uPlot from "./uplot.js";

const HEIGHT = 260;
const drawn = new Map();
const locale = document.documentElement.lang;
const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

export function wake(element) {
  if (drawn.has(element)) return;
  draw(element, JSON.parse(element.dataset.weeks));
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
  const plot = new uPlot(options(element, source), [days, ...source.lines.map((line) => line.values)], element);
  fingers(plot);
  plot.source = source;
  drawn.set(element, plot);
}

function options(element, source) {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { y: { range: (plot, low, high) => [Math.min(0, (low || 0) * 1.1), Math.max(0.05, (high || 0) * 1.1)] } },
    axes: [
      { ...axis, space: 70, values: (plot, splits) => splits.map((at) => short.format(at * 1000)) },
      { ...axis, size: 52, values: (plot, splits) => splits.map((value) => percent.format(value)) },
    ],
    series: [{}, ...source.lines.map((line) => ({ label: line.label, stroke: colour(line.colour), width: 2.5, spanGaps: false, points: { show: true, size: 5 } }))],
    legend: { show: false },
    hooks: { setCursor: [tip(element, source)] },
  };
}

// The values of the week under the pointer.
function tip(element, source) {
  const box = document.createElement("div");
  box.className = "chart__tip";
  box.hidden = true;
  return (plot) => {
    if (!box.isConnected) element.append(box);
    const { idx, left } = plot.cursor;
    box.hidden = idx == null || left < 0;
    if (box.hidden) return;
    const isRebuilt = source.rebuilt.includes(source.days[idx]);
    const lines = [
      `${source.words.week} ${short.format(plot.data[0][idx] * 1000)}${isRebuilt ? ` (${source.words.rebuilt})` : ""}`,
      ...source.lines.map((line) => `${line.label}: ${line.values[idx] == null ? "–" : percent.format(line.values[idx])}`),
    ];
    box.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
    box.style.left = `${Math.max(8, Math.min(left + 60, element.clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = "12px";
  };
}
