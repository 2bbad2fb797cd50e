// <button data-copy="id" data-copied="Copied">: puts what stands in the element of that id into the clipboard, and says so.
export function startCopying() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button, document.getElementById(button.dataset.copy));
  });
}

async function copy(button, source) {
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
  // Browsers keep the clipboard for pages of https and refuse it at times; inside a shop the address is often plain http.
  const isWritten = await navigator.clipboard?.writeText(source.value ?? source.textContent).then(() => true, () => false);
  if (isWritten || document.execCommand("copy")) button.querySelector("span").textContent = button.dataset.copied;
}
