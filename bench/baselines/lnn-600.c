// lnn-600 by hand: see lnn.h.
enum { WIDTH = 600, HIDDEN = 3, PANEL = 100, ROUND_STEPS = 2 };
#include "lnn.h"
