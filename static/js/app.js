// Wires the page. Each module finds its own elements by data attributes, also in fragments that htmx brings later.
import { startDialogs } from "./dialogs.js";
import { startEntries } from "./entries.js";
import { startLines } from "./lines.js";
import { startMenus } from "./menus.js";
import { startOnce } from "./once.js";
import { startPacks } from "./packs.js";
import { startPicks } from "./picks.js";
import { startSteppers } from "./steppers.js";
import { startSession, startToasts } from "./toasts.js";
import { startWedge } from "./wedge.js";

startMenus();
startDialogs();
startToasts();
startSession();
startSteppers();
startOnce();
startEntries();
startPacks();
startPicks();
startWedge();
startLines();

const onDemand = {
  "[data-chart]": () => import("./charts.js"),
  "[data-trend]": () => import("./trend.js"),
  "[data-weeks]": () => import("./weeks.js"),
  "[data-tradeoff]": () => import("./tradeoff.js"),
  "[data-copy]": () => import("./copy.js"),
  "[data-scan]": () => import("./scanner.js"),
};

async function wake(root) {
  for (const [selector, load] of Object.entries(onDemand)) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    if (found.length) {
      const module = await load();
      found.forEach((element) => module.wake(element));
    }
  }
}

wake(document.body);
document.body.addEventListener("htmx:load", (event) => wake(event.detail.elt));
