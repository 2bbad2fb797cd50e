// Reads barcodes with the camera: the browser's own detector where there is one, else the reader in static/vendor.
// <button data-scan="id of the field">: each code goes into the field, and its form is sent. The camera stays open for
// the next one, so that a thumb is needed for neither. A page that does more with a code listens for "scan" on the field.
import { heard } from "./beep.js";
import { load } from "./load.js";
import { toast } from "./toasts.js";

// The same code is read again only after it was out of sight, or for so long in sight that it must be meant.
const AGAIN_MS = 1500;

export function startScanner() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scan]");
    if (button) once(document.getElementById(button.dataset.scan));
  });
}

// Where there is no camera for a page there is no button.
export function wake(button) {
  button.hidden = !navigator.mediaDevices?.getUserMedia;
}

// A second tap while the camera wakes would open it twice.
let isAtWork = false;
async function once(field) {
  if (isAtWork) return;
  isAtWork = true;
  await scan(field).finally(() => (isAtWork = false));
}

// What a camera or a hand-held scanner read, on its way into a field. True when somebody takes it.
export function deliver(field, code) {
  if (!field.dispatchEvent(new CustomEvent("scan", { detail: code, bubbles: true, cancelable: true }))) return;
  field.value = code;
  field.form.requestSubmit(field.form.querySelector("[name=do][value=add]"));
}

async function scan(field) {
  const dialog = document.getElementById("scanner");
  const video = dialog.querySelector("video");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch {
    toast(dialog.dataset.denied);
    return;
  }
  let isOpen = true;
  dialog.addEventListener("close", () => (isOpen = false), { once: true });
  dialog.showModal();
  video.srcObject = stream;
  lightSwitch(dialog.querySelector("[data-torch]"), stream);
  try {
    await video.play();
    await watch(await reader(), video, () => isOpen, (code) => found(dialog, field, code));
  } catch {
    // Who closed it while it began knows; else the reader could not be fetched, or the camera showed nothing.
    if (isOpen) toast(dialog.dataset.broken);
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    if (dialog.open) dialog.close();
    dialog.querySelector("[data-read]").textContent = "";
  }
}

function found(dialog, field, code) {
  heard(true);
  dialog.querySelector("[data-read]").textContent = code;
  deliver(field, code);
}

async function watch(read, video, isOpen, take) {
  let last = "";
  let lastAt = 0;
  while (isOpen()) {
    const code = await read(video);
    const now = performance.now();
    if (code && isOpen() && (code !== last || now - lastAt > AGAIN_MS)) {
      take(code);
      [last, lastAt] = [code, now];
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function lightSwitch(button, stream) {
  const track = stream.getVideoTracks()[0];
  button.hidden = !track.getCapabilities?.().torch;
  let isOn = false;
  button.onclick = () => {
    isOn = !isOn;
    track.applyConstraints({ advanced: [{ torch: isOn }] }).catch(() => (button.hidden = true));
  };
}

async function reader() {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    if (formats.length) {
      const detector = new window.BarcodeDetector();
      return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? "";
    }
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
