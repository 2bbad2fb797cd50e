// uPlot comes as a classic script; this makes it a module.
import { load } from "./load.js";

await load("uplot.min.js");
export default window.uPlot;
