// Fingers on a chart: one moves along the days, two spread or close them, a double tap shows all. uPlot itself hears the mouse only.
import { show, showAll } from "./zoom.js";

const TWICE_MS = 350;
const STILL = 12;

export function fingers(plot) {
  const { over } = plot;
  const down = new Map();
  let grip = null;
  let tapped = { at: 0, x: 0 };
  const place = (event) => event.clientX - over.getBoundingClientRect().left;

  // What lies under each finger when the last one was put on or taken off: there it stays.
  function take() {
    const { min, max } = plot.scales.x;
    grip = { min, max, spots: new Map(down) };
  }

  function move() {
    const { min, max, spots } = grip;
    const width = over.clientWidth;
    const [first, second] = [...down.keys()];
    const value = (id) => min + ((max - min) * spots.get(id)) / width;
    let perPixel = (max - min) / width;
    if (second !== undefined) {
      const apart = down.get(second) - down.get(first);
      const was = spots.get(second) - spots.get(first);
      // Fingers that lie above one another or change sides say nothing.
      if (Math.abs(was) > STILL && apart / was > 0.05) perPixel *= was / apart;
    }
    show(plot, value(first) - perPixel * down.get(first), perPixel * width);
  }

  function lift(event) {
    if (!down.has(event.pointerId)) return;
    const isTap = down.size === 1 && event.type === "pointerup" && Math.abs(grip.spots.get(event.pointerId) - place(event)) < STILL;
    down.delete(event.pointerId);
    take();
    if (!isTap) return;
    const isSecond = event.timeStamp - tapped.at < TWICE_MS && Math.abs(place(event) - tapped.x) < 3 * STILL;
    if (isSecond) showAll(plot);
    tapped = { at: isSecond ? 0 : event.timeStamp, x: place(event) };
  }

  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || down.size === 2) return;
    down.set(event.pointerId, place(event));
    take();
  });
  over.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, place(event));
    move();
  });
  for (const name of ["pointerup", "pointercancel"]) over.addEventListener(name, lift);
}
