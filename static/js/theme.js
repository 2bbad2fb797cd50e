// Runs before the first paint, so that a chosen theme does not flash. "auto" follows the device.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  // Before the sign-in is sent, so that already the first page after it speaks of the clock beside it.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
})();
