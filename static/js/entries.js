// The field at the shelf: it is emptied as soon as its code is on the way, so that the next scan finds it empty,
// and gets the code back when the way was barred or the server could not use it.
import { heard } from "./beep.js";

export function startEntries() {
  const field = () => document.querySelector("[data-entry] #code");
  let onTheWay = "";
  // The newest question to the server. An older answer that settles late has nothing more to say about the field.
  let newest = null;
  // A second tap while the first is on its way does nothing; the answer brings new buttons.
  const lock = (isLocked) => {
    for (const button of document.querySelectorAll("#entry [name=do]")) button.disabled = isLocked;
  };

  document.body.addEventListener("htmx:beforeSend", (event) => {
    const code = field();
    if (!code || !event.detail.elt.matches("[data-entry]")) return;
    onTheWay = code.value;
    newest = event.detail.xhr;
    lock(true);
    code.value = "";
    document.getElementById("suggestions").replaceChildren();
  });

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(failure, (event) => {
      const code = field();
      if (!code || !event.detail.elt.matches("[data-entry]")) return;
      if (!code.value) code.value = onTheWay;
      lock(false);
    });
  }

  document.body.addEventListener("htmx:afterSettle", (event) => {
    const code = field();
    if (!code || event.detail.elt.id !== "entry" || event.detail.xhr !== newest) return;
    if (!code.value && event.detail.elt.dataset.typed) code.value = event.detail.elt.dataset.typed;
    const wrong = event.detail.elt.querySelector("[aria-invalid]");
    if (event.detail.elt.dataset.unknown) heard(false);
    // Who has gone on to another field while the page settled stays there.
    const isElsewhere = document.activeElement !== code && document.activeElement?.matches("input, select, textarea");
    if (wrong) wrong.focus();
    else if (isElsewhere) return;
    // The next scan must replace what nobody knows, not be written behind it.
    else if (event.detail.elt.dataset.unknown) code.select();
    else code.focus({ preventScroll: true });
  });
}
