// data-opens="id" opens a <dialog>; data-closes closes the one around it; data-confirm="text" asks before a form is sent.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  });
  document.addEventListener("submit", ask, { capture: true });
  document.body.addEventListener("htmx:confirm", (event) => {
    const text = event.detail.elt.dataset.confirm;
    if (!text) return;
    event.preventDefault();
    confirmed(text).then((yes) => yes && event.detail.issueRequest(true));
  });
}

async function ask(event) {
  const source = event.submitter?.dataset.confirm ? event.submitter : event.target;
  const text = source.dataset.confirm;
  if (!text || event.target.dataset.confirmed || event.target.matches("[hx-post]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await confirmed(text))) return;
  event.target.dataset.confirmed = "1";
  event.target.requestSubmit(event.submitter);
  delete event.target.dataset.confirmed;
}

export function confirmed(text) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("#confirm-text").textContent = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
