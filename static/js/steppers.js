// Minus and plus beside a number field: <div class="stepper"> with buttons data-step="-1" and data-step="1".
export function startSteppers() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const input = button.closest(".stepper").querySelector("input");
    const lowest = input.min === "" ? -Infinity : Number(input.min);
    const next = (Number(input.value.replace(",", ".")) || 0) + Number(button.dataset.step);
    input.value = String(Math.max(lowest, Math.round(next * 1000) / 1000));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
