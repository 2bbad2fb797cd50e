// <button data-copy="id" data-copied="Copied">: puts what stands in the element of that id into the clipboard, and says so.
export function wake(button) {
  const label = button.querySelector("span");
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    // Browsers keep the clipboard for pages of https; inside a shop the address is often plain http.
    if (navigator.clipboard) await navigator.clipboard.writeText(source.value ?? source.textContent);
    else document.execCommand("copy");
    label.textContent = button.dataset.copied;
  });
}
