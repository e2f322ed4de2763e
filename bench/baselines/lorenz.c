// `lorenz`: the pair of Tsitouras; see lorenz.h.
#define PAIR tsit5
#include "lorenz.h"
