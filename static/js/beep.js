// One short high tone and a short buzz for a code that was taken; low and long for one that was not.
let sound;

export function heard(isGood) {
  navigator.vibrate?.(isGood ? 60 : [80, 60, 80]);
  try {
    sound ??= new AudioContext();
    if (sound.state === "suspended") sound.resume();
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const end = sound.currentTime + (isGood ? 0.09 : 0.35);
    tone.frequency.value = isGood ? 1400 : 240;
    volume.gain.setValueAtTime(0.12, sound.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, end);
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(end);
  } catch {
    // A browser without sound still shows the line.
  }
}
