"""A hand-held scanner: keys a few milliseconds apart by their own time stamps, however busy this machine is."""

import time

SPECIAL = {"Enter": (13, "\r"), "Tab": (9, "")}
SECONDS_BETWEEN_KEYS = 0.005


def shoot(page, code, end="Enter", seconds_later=0.0):
    """Types the code into whatever has the focus, and Enter or Tab; by its time stamps so many `seconds_later`."""
    gun = page.context.new_cdp_session(page)
    pulled_at = time.time() + seconds_later
    for number, key in enumerate([*code, end]):
        virtual, text = SPECIAL[key] if key in SPECIAL else (ord(key.upper()), key)
        stroke = {
            "key": key, "code": key if key in SPECIAL else "", "text": text, "windowsVirtualKeyCode": virtual,
            "timestamp": pulled_at + number * SECONDS_BETWEEN_KEYS,
        }  # fmt: skip
        gun.send("Input.dispatchKeyEvent", {"type": "keyDown" if text else "rawKeyDown", **stroke})
        gun.send("Input.dispatchKeyEvent", {"type": "keyUp", **stroke, "text": ""})
    gun.detach()
