// `spiral-node`: the pair of Dormand and Prince with the dense output of Shampine, 1986; see spiral-node.h.
#define PAIR dopri5
#define DENSE dopri5Dense
#include "spiral-node.h"
