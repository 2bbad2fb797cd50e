// Wires the page. Each module finds its own elements by data attributes, also in fragments that htmx brings later.
import { startCopying } from "./copy.js";
import { startDialogs } from "./dialogs.js";
import { startEntries } from "./entries.js";
import { startFollowing, wake as wakeFollowing } from "./follows.js";
import { startLines } from "./lines.js";
import { startMenus } from "./menus.js";
import { startOffline } from "./offline/register.js";
import { startOnce } from "./once.js";
import { startPacks } from "./packs.js";
import { startPicks } from "./picks.js";
import { startScanner, wake as wakeScanner } from "./scanner.js";
import { startStays } from "./stays.js";
import { startSteppers } from "./steppers.js";
import { startSession, startToasts, toast } from "./toasts.js";
import { startWedge } from "./wedge.js";

startMenus();
startDialogs();
startToasts();
startSession();
startSteppers();
startStays();
startOnce();
startEntries();
startPacks();
startPicks();
startWedge();
startScanner();
startCopying();
startLines();
startFollowing();
startOffline();

const onDemand = {
  "[data-chart]": () => import("./charts.js"),
  "[data-trend]": () => import("./trend.js"),
  "[data-weeks]": () => import("./weeks.js"),
  "[data-tradeoff]": () => import("./tradeoff.js"),
};

function wake(root) {
  const under = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  under("[data-scan]").forEach(wakeScanner);
  under("[data-follows]").forEach(wakeFollowing);
  for (const [selector, load] of Object.entries(onDemand)) {
    const found = under(selector);
    // What cannot be fetched keeps nothing else on the page from working.
    if (found.length) load().then((module) => found.forEach((element) => module.wake(element))).catch(failed);
  }
}

const failed = () => toast(document.getElementById("toasts").dataset.failed);

wake(document.body);
document.body.addEventListener("htmx:load", (event) => wake(event.detail.elt));
