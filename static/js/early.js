// What is tapped, typed or sent before the scripts of the page are here waits for them, and is then done in its order. Else a
// form would go without its question, and a scan into a page that is to be filled would send the page. Runs before all others.
(() => {
  const NEEDS_SCRIPT = "[data-once], [data-confirm], [data-entry], [hx-post], [hx-get], #sheet-form";
  const SCANS_INTO = "#code, [data-scan-field]";
  const TEXT = "input:not([type=checkbox], [type=radio], [type=file]), textarea";
  const waiting = [];
  const texts = new Map();
  const sent = new Set();

  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  function hold(event) {
    const { target, type } = event;
    if (type === "submit") return holdForm(event);
    if (type === "keydown") return holdEnter(event);
    if (type === "input" && target.matches(TEXT)) return holdText(target);
    if (type !== "click") return waiting.push(() => target.dispatchEvent(new Event(type, { bubbles: event.bubbles })));
    const button = target.closest("button");
    if (button?.type !== "button") return;
    stop(event);
    waiting.push(() => button.click());
  }

  // A field whose text was there when htmx came has not changed, in its eyes: the text is put back before it comes.
  function holdText(field) {
    if (texts.has(field)) return;
    texts.set(field, "");
    waiting.push(() => {
      field.value = texts.get(field);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function putBack() {
    for (const field of texts.keys()) {
      texts.set(field, field.value);
      field.value = field.defaultValue;
    }
  }

  // However often it was pressed, it is sent once.
  function holdForm(event) {
    const { target: form, submitter } = event;
    if (!form.matches(NEEDS_SCRIPT) && !submitter?.matches("[data-confirm]")) return;
    stop(event);
    if (!sent.has(form)) waiting.push(() => form.requestSubmit(submitter));
    sent.add(form);
  }

  // Each code leaves the field at once, so that the next scan finds it empty.
  function holdEnter(event) {
    const { target: field, key } = event;
    if (key !== "Enter" || event.isComposing || !field.matches("input") || !field.form?.matches(NEEDS_SCRIPT)) return;
    stop(event);
    const isCode = field.matches(SCANS_INTO);
    const text = field.value;
    if (isCode) field.value = "";
    waiting.push(() => {
      const typedSince = field.value;
      if (isCode) field.value = text;
      enter(field);
      if (isCode && typedSince) field.value = typedSince;
    });
  }

  function enter(field) {
    const isFree = field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    if (isFree) field.form.requestSubmit([...field.form.elements].find(({ type }) => type === "submit"));
  }

  const held = ["submit", "keydown", "click", "input", "change", "toggle"];
  for (const type of held) document.addEventListener(type, hold, { capture: true });
  window.addEventListener("DOMContentLoaded", putBack, { capture: true });
  // Fires once all scripts ran or failed, and at the window after htmx has heard it at the document.
  window.addEventListener("DOMContentLoaded", () => {
    for (const type of held) document.removeEventListener(type, hold, { capture: true });
    for (const act of waiting) act();
  });
})();
