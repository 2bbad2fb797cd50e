// Keys on a chart that has the focus: arrows walk along the days, + and - zoom around the day, 0 shows all. What stands beside
// the pointer stands beside that day then, and is read out.
import { show, showAll } from "./zoom.js";

export function keys(plot, element) {
  const { root, data } = plot;
  const last = data[0].length - 1;
  let at = null;
  // A picture has no parts that can be walked through.
  element.setAttribute("role", "group");
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", element.getAttribute("aria-label") ?? "");

  const acts = {
    ArrowLeft: () => go(at - 1),
    ArrowRight: () => go(at + 1),
    Home: () => go(0),
    End: () => go(last),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    0: () => showAll(plot),
  };

  root.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || last < 0) return;
    event.preventDefault();
    at ??= plot.cursor.idx ?? middle();
    act();
    // The scale is set in a task of its own, and the day stands elsewhere then.
    queueMicrotask(point);
  });
  root.addEventListener("blur", () => {
    at = null;
    plot.setCursor({ left: -10, top: -10 });
  });

  function go(index) {
    at = Math.min(Math.max(index, 0), last);
    const { min, max } = plot.scales.x;
    const day = data[0][at];
    if (day < min || day > max) show(plot, day - (max - min) / 2, max - min);
  }

  function zoom(factor) {
    const { min, max } = plot.scales.x;
    const day = data[0][at];
    show(plot, day - (day - min) * factor, (max - min) * factor);
  }

  function middle() {
    const { min, max } = plot.scales.x;
    return plot.valToIdx((min + max) / 2);
  }

  function point() {
    plot.setCursor({ left: plot.valToPos(data[0][at], "x"), top: 10 });
  }
}
