// A choice that hangs on another one: of <select data-follows="id"> the groups with data-for are offered only while the
// select of that id has their value. Without script the server says which of them do not fit.
export function startFollowing() {
  document.addEventListener("input", (event) => {
    for (const select of document.querySelectorAll(`[data-follows="${event.target.id}"]`)) wake(select);
  });
}

export function wake(select) {
  const { value } = document.getElementById(select.dataset.follows);
  for (const group of select.querySelectorAll("[data-for]")) {
    const fits = group.dataset.for === value;
    // Some phones show what is hidden in a list, but none lets choose what is disabled.
    group.disabled = group.hidden = !fits;
    if (!fits && group.contains(select.selectedOptions[0] ?? null)) select.value = "";
  }
}
