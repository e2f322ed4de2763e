// `lorenz-dopri5`: the pair of Dormand and Prince; see lorenz.h.
#define PAIR dopri5
#include "lorenz.h"
