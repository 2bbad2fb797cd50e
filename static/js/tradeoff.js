// The trade-off curve of a replay: out of stock against the value of the stock. <div data-tradeoff="JSON"> carries curve
// ([value, share, level] each), today and min_max ([value, share]), words and the currency.
import { axis, colour, kindOfPlot, locale, percentAxis } from "./plots.js";

export const wake = kindOfPlot("tradeoff", { height: 300, columns, options });

// One column of stock values in ascending order; each kind has its share where it has a point, else null.
function columns({ curve, today, min_max: plain }) {
  const points = [
    ...curve.map(([value, share]) => [value, share, null, null]),
    [today[0], null, today[1], null],
    [plain[0], null, null, plain[1]],
  ].sort((a, b) => a[0] - b[0]);
  return [0, 1, 2, 3].map((place) => points.map((point) => point[place]));
}

function options({ words, currency }) {
  const money = new Intl.NumberFormat(locale, { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 });
  const wide = (plot, low, high) => [Math.max(0, low - 0.08 * (high - low || high)), high + 0.08 * (high - low || high)];
  const lone = (label, tone) => ({ label, stroke: tone, width: 0, points: { show: true, size: 13, fill: tone } });
  return {
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false, range: wide }, y: { range: (plot, low, high) => [0, (high || 0.01) * 1.15] } },
    axes: [
      { ...axis(), label: words.stock, space: 70, values: (plot, splits) => splits.map((value) => money.format(value)) },
      { ...percentAxis(), label: words.out, size: 56 },
    ],
    series: [
      {},
      { label: words.tried, stroke: colour("--chart-forecast"), width: 2.5, spanGaps: true, points: { show: true, size: 8, fill: colour("--chart-forecast") } },
      lone(words.today, colour("--ink")),
      lone(words.min_max, colour("--chart-second")),
    ],
  };
}
