// Which days of a chart are in sight.
const SHORTEST = 3 * 86400;

// As many seconds from `from` on as are `wanted`, as far as there are days.
export function show(plot, from, wanted) {
  const [low, high] = whole(plot);
  const span = Math.min(Math.max(wanted, SHORTEST), high - low);
  const min = Math.min(Math.max(from, low), high - span);
  plot.setScale("x", { min, max: min + span });
}

export const showAll = (plot) => show(plot, -Infinity, Infinity);

// From the first to the last day, with the half of each that its bar takes.
function whole(plot) {
  const days = plot.data[0];
  const half = days.length > 1 ? (days[1] - days[0]) / 2 : 43200;
  return [days[0] - half, days.at(-1) + half];
}
