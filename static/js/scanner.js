// Reads barcodes with the camera: the browser's own detector where there is one, else the reader in static/vendor.
// <button data-scan="id of the field">: what was read goes into the field, and the form is sent.
import { load } from "./load.js";
import { toast } from "./toasts.js";

export function wake(button) {
  if (!navigator.mediaDevices?.getUserMedia) {
    button.hidden = true;
    return;
  }
  button.addEventListener("click", () => scan(document.getElementById(button.dataset.scan)));
}

async function scan(field) {
  const dialog = document.getElementById("scanner");
  const video = dialog.querySelector("video");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    toast(dialog.dataset.denied);
    return;
  }
  let isOpen = true;
  dialog.addEventListener("close", () => (isOpen = false), { once: true });
  dialog.showModal();
  video.srcObject = stream;
  await video.play();
  const read = await reader();
  const code = await firstCode(read, video, () => isOpen);
  stream.getTracks().forEach((track) => track.stop());
  dialog.close();
  if (!code) return;
  navigator.vibrate?.(60);
  field.value = code;
  field.form.requestSubmit(field.form.querySelector("[name=do][value=add]"));
}

async function firstCode(read, video, isOpen) {
  while (isOpen()) {
    const code = await read(video);
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  return "";
}

async function reader() {
  if ("BarcodeDetector" in window) {
    const detector = new window.BarcodeDetector();
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  await load("zxing.min.js");
  const { BrowserMultiFormatReader } = window.ZXing;
  const zxing = new BrowserMultiFormatReader();
  return async (video) => {
    try {
      return zxing.decodeBitmap(zxing.createBinaryBitmap(video)).getText();
    } catch {
      return "";
    }
  };
}
