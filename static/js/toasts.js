// Short notes at the edge. The server sends one with the header HX-Trigger: {"toast": "text"}.
// What stands there already is not said twice: a lost connection can fail several calls at once.
export function toast(text) {
  const shown = [...document.querySelectorAll("#toasts .toast")];
  if (shown.some((note) => note.textContent === text)) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.textContent = text;
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

export function startToasts() {
  const { lost, failed, forbidden } = document.getElementById("toasts").dataset;
  document.body.addEventListener("toast", (event) => toast(event.detail.value));
  document.body.addEventListener("htmx:sendError", () => toast(lost));
  document.body.addEventListener("htmx:responseError", (event) => {
    toast(event.detail.xhr.status === 403 ? forbidden : failed);
  });
}

// A session that ended answers with the sign-in page; that must not be put into a part of this one.
export function startSession() {
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.responseURL.includes("/sign-in/")) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
}
