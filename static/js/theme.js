// Runs before the first paint, so that a chosen theme does not flash. "auto" follows the device.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
})();
