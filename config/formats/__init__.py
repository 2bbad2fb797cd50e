"""How dates are written where Django would write them otherwise than the rest of our pages."""
