// What all charts made with uPlot share: each is drawn once, as wide as its place, and anew when the theme changes; colours come
// from the style sheet. The data stand in an attribute, not in a script element, as htmx removes those.
import uPlot from "./uplot.js";

export const locale = document.documentElement.lang;
export const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
export const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const axis = () => ({ stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } });
export const dayAxis = () => ({ ...axis(), space: 70, values: (plot, splits) => splits.map((at) => shortDay.format(at * 1000)) });
export const percentAxis = () => ({ ...axis(), size: 52, values: (plot, splits) => splits.map((value) => percent.format(value)) });
export const seconds = (day) => Date.parse(`${day}T00:00:00Z`) / 1000;

// A kind of chart: height in pixels, columns(source) and options(source, element) for uPlot, and drawn(plot, source, element), if it
// likes. The answer draws the JSON in data-<name> of an element.
export function kindOfPlot(name, { height, columns, options, drawn = () => {} }) {
  const plots = new Map();

  function draw(element, source) {
    const common = { width: element.clientWidth, height, tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"), legend: { show: false } };
    const plot = new uPlot({ ...common, ...options(source, element) }, columns(source), element);
    plots.set(element, { plot, source });
    drawn(plot, source, element);
  }

  function redraw() {
    for (const [element, { plot, source }] of plots) {
      plot.destroy();
      if (element.isConnected) draw(element, source);
      else plots.delete(element);
    }
  }

  document.addEventListener("theme:changed", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  return (element) => {
    if (plots.has(element)) return;
    draw(element, JSON.parse(element.dataset[name]));
    new ResizeObserver(() => plots.get(element)?.plot.setSize({ width: element.clientWidth, height })).observe(element);
  };
}

// A hook for uPlot's cursor: lines(index, plot), one below the other, in a box beside the pointer.
export function tip(element, lines) {
  const box = document.createElement("div");
  box.className = "chart__tip";
  box.hidden = true;
  // Whoever walks along the days by keys hears it.
  box.setAttribute("aria-live", "polite");
  return (plot) => {
    if (!box.isConnected) element.append(box);
    const { idx, left } = plot.cursor;
    box.hidden = idx == null || left < 0;
    if (box.hidden) return;
    box.replaceChildren(...lines(idx, plot).map((text) => Object.assign(document.createElement("div"), { textContent: text })));
    box.style.left = `${Math.max(8, Math.min(left + 60, element.clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = "12px";
  };
}
