// <details id="..." data-stays> that somebody opened stays open when an answer brings it anew, as a list that looks for news.
export function startStays() {
  let open = [];
  document.body.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    open = [...target.querySelectorAll("details[data-stays][open]")].map(({ id }) => id);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const id of open.splice(0)) document.getElementById(id)?.setAttribute("open", "");
  });
}
