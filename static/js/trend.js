// The trend of the stockout dashboard: rate as a line, lost sales as bars. <div data-trend="JSON"> carries days (ISO),
// rate (0..1), lost (money) and words.
import { axis, colour, dayAxis, kindOfPlot, locale, percent, percentAxis, seconds, tip } from "./plots.js";
import uPlot from "./uplot.js";

const long = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

export const wake = kindOfPlot("trend", { height: 280, columns, options });

function columns({ days, lost, rate }) {
  return [days.map(seconds), lost, rate];
}

function options({ words, currency }, element) {
  const money = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 });
  const from0 = (plot, low, high) => [0, (high || 1) * 1.15];
  return {
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: { rate: { range: from0 }, money: { range: from0 } },
    axes: [
      { ...dayAxis(), grid: { show: false } },
      { ...percentAxis(), scale: "rate" },
      { ...axis(), scale: "money", side: 1, size: 64, grid: { show: false }, values: (plot, splits) => splits.map((value) => money.format(value)) },
    ],
    series: [
      {},
      {
        label: words.lost, scale: "money", stroke: "transparent", fill: colour("--chart-out"), points: { show: false },
        paths: uPlot.paths.bars({ size: [0.7, 24] }),
      },
      { label: words.rate, scale: "rate", stroke: colour("--chart-forecast"), width: 2.5, points: { show: false } },
    ],
    hooks: { setCursor: [tip(element, (index, { data }) => dayOf(index, data, words, money))] },
  };
}

// The values of the day under the pointer.
function dayOf(index, [days, lost, rate], words, money) {
  return [long.format(days[index] * 1000), `${words.rate}: ${percent.format(rate[index])}`, `${words.lost}: ${money.format(lost[index])}`];
}
