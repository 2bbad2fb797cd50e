// The chart of a SKU. <div data-chart="JSON"> carries its days with what was sold, lost and hidden, and the fan of the forecast.
import { fingers } from "./fingers.js";
import { keys } from "./keys.js";
import { axis, colour, kindOfPlot, locale, seconds, shortDay, tip } from "./plots.js";
import uPlot from "./uplot.js";

const NARROW = 600;
const NARROW_PAST_DAYS = 56;
const PAST_DAYS = 150;
const DAY = 86400;
const FIRST_BAND = 7;
const long = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const dayLabel = (at) => long.format(new Date(at * 1000));

export const wake = kindOfPlot("chart", { height: 280, columns, options, drawn });

function drawn(plot, source, element) {
  fingers(plot);
  keys(plot, element);
  const [days] = plot.data;
  // Two years of days are a thicket: begin with the last months, on a phone weeks; a double tap shows all.
  const shown = element.clientWidth < NARROW ? NARROW_PAST_DAYS : PAST_DAYS;
  if (source.days.length > shown) plot.setScale("x", { min: days[source.days.length - shown], max: days.at(-1) });
}

// One column of days, then sold, lost, hidden, level, expected, planned, and high and low of each band; null where there is none.
function columns(source) {
  const gap = (count) => new Array(count).fill(null);
  const past = source.days.length;
  const ahead = source.forecast_days.length;
  const after = (values) => [...gap(past), ...(values.length ? values : gap(ahead))];
  return [
    [...source.days, ...source.forecast_days].map(seconds),
    [...source.sold, ...gap(ahead)],
    [...source.lost.map((units) => units || null), ...gap(ahead)],
    [...source.recovered.map((units) => (units >= 0.05 ? units : null)), ...gap(ahead)],
    [...source.level, ...gap(ahead)],
    after(source.mean),
    after(source.planned),
    ...source.fan.flatMap((band) => [after(band.high), after(band.low)]),
  ];
}

function options(source, element) {
  const { words } = source;
  const figure = (plot, value) => (value == null ? "–" : String(Math.round(value * 10) / 10));
  const faint = { width: 0, points: { show: false }, stroke: "transparent", value: figure };
  return {
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { x: { range: (plot, low, high) => [low - DAY / 2, high + DAY / 2] }, y: { range: (plot, low, high) => [0, Math.max(1, (high || 1) * 1.1)] } },
    axes: [{ ...axis(), size: 34, space: 60, values: dayLabels }, { ...axis(), size: 40 }],
    series: [
      { value: (plot, at) => (at == null ? "–" : dayLabel(at)), label: "" },
      { label: words.sold, fill: colour("--chart-history"), stroke: "transparent", width: 0, paths: uPlot.paths.bars({ size: [0.7, 24] }), points: { show: false }, value: figure },
      { label: words.lost, stroke: colour("--chart-second"), width: 0, points: { show: true, size: 6, fill: colour("--chart-second") }, value: figure },
      { label: words.recovered, stroke: colour("--chart-history"), width: 0, points: { show: true, size: 5, fill: colour("--surface") }, value: figure },
      { label: words.level, stroke: colour("--ink-soft"), width: 1.5, dash: [4, 4], points: { show: false }, value: figure },
      { label: words.mean, stroke: colour("--chart-forecast"), width: 2.5, points: { show: false }, value: figure },
      { label: words.planned, stroke: colour("--chart-second"), width: 2.5, dash: [8, 4], points: { show: false }, value: figure },
      ...source.fan.flatMap((band) => [{ label: `${band.label} ↑`, ...faint }, { label: `${band.label} ↓`, ...faint }]),
    ],
    bands: source.fan.map((band, index) => ({ series: [FIRST_BAND + 2 * index, FIRST_BAND + 1 + 2 * index], fill: colour("--chart-band") })),
    hooks: { drawClear: [(plot) => shade(plot, source.promotions, colour("--chart-promotion")), (plot) => shade(plot, source.stockouts, colour("--chart-out"))], setCursor: [tip(element, (index, shown) => valuesOf(index, shown, source))] },
  };
}

const dayLabels = (plot, splits) => splits.map((at) => shortDay.format(new Date(at * 1000)));

// The time in which the shelf was empty or the SKU on promotion, as bands behind the lines.
function shade(plot, intervals, fill) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = fill;
  for (const [from, to, strength = 1] of intervals) {
    // A promotion of a small share is still one, and must be seen.
    ctx.globalAlpha = Math.max(strength, 0.5);
    const left = Math.max(plot.valToPos(from, "x", true), bbox.left);
    const right = Math.min(plot.valToPos(to, "x", true), bbox.left + bbox.width);
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(right - left, 2), bbox.height);
  }
  ctx.restore();
}

// The values of the day under the pointer, those that there are, and what was on then.
function valuesOf(index, { data, series }, { promotions, words }) {
  const lines = series
    .slice(1)
    .map(({ label, value }, place) => [label, data[place + 1][index], value])
    .filter(([, units]) => units != null)
    .map(([label, units, value]) => `${label}: ${value(null, units)}`);
  const day = data[0][index];
  const names = promotions.filter(([from, to]) => from <= day && day < to).map(([, , , name]) => name);
  return [dayLabel(day), ...lines, ...[...new Set(names)].map((name) => `${words.promotion}: ${name}`)];
}
