// lnn by hand: see lnn.h.
enum { WIDTH = 128, HIDDEN = 2, PANEL = 128, ROUND_STEPS = 20 };
#include "lnn.h"
