// Lines of shares by week. <div data-weeks="JSON"> carries days (ISO), lines (label, colour, values 0..1 or null) and words.
import { fingers } from "./fingers.js";
import { keys } from "./keys.js";
import { colour, dayAxis, kindOfPlot, percent, percentAxis, seconds, shortDay, tip } from "./plots.js";

export const wake = kindOfPlot("weeks", { height: 260, columns, options, drawn });

function drawn(plot, source, element) {
  fingers(plot);
  keys(plot, element);
}

function columns({ days, lines }) {
  return [days.map(seconds), ...lines.map((line) => line.values)];
}

function options(source, element) {
  const line = ({ label, colour: name }) => ({ label, stroke: colour(name), width: 2.5, spanGaps: false, points: { show: true, size: 5 } });
  return {
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { y: { range: (plot, low, high) => [Math.min(0, (low || 0) * 1.1), Math.max(0.05, (high || 0) * 1.1)] } },
    axes: [dayAxis(), percentAxis()],
    series: [{}, ...source.lines.map(line)],
    hooks: { setCursor: [tip(element, (index, plot) => weekOf(source, index, plot))] },
  };
}

// The values of the week under the pointer.
function weekOf({ days, lines, rebuilt, words }, index, plot) {
  const week = `${words.week} ${shortDay.format(plot.data[0][index] * 1000)}`;
  const share = ({ label, values }) => `${label}: ${values[index] == null ? "–" : percent.format(values[index])}`;
  return [rebuilt.includes(days[index]) ? `${week} (${words.rebuilt})` : week, ...lines.map(share)];
}
