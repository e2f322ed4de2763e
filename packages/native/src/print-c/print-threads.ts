/**
 * The threads of a process in C: those that wait, from the first run that has use for them to the end of the process, and
 * `divide`, which runs the turns of a task on all of them. They are made by the first library with tasks; the next ones are
 * told where its pool is, and a task says which function takes its turns.
 *
 * Whoever is free takes the next turn, the caller among them. A thread that wakes late finds none left, and the caller
 * waits only for those that have joined: a step that is too short for them takes no longer than on one thread. They
 * look for work for some tens of microseconds before they sleep, unless there are more of them than processors. A run that
 * finds the threads busy with another run goes on alone.
 *
 * Why nobody is missed: the caller closes the task and then counts who has joined; a thread joins and then looks whether the
 * task is open. In the one order that all these operations have (all are sequentially consistent) one of the two sees
 * the other. Sleeping is the same: a thread says that it sleeps and looks again; the caller starts a task and then looks
 * who sleeps.
 */

/** What runs tasks, given how many counters each takes; `set` brings a thread into the mode of a run, `restore` back. */
export function printThreads(tasks: readonly number[], { set, restore }: Mode): string {
  const cases = tasks.map((counters, task) => {
    const around = Array.from({ length: counters }, (_, i) => `, around[${i}]`).join("");
    return `case ${task}: task${task}(a, worker, turn${around}); return;`;
  });
  return [
    "static void run_task(char *a, int task, long worker, long turn, const long *around) {",
    "switch (task) {",
    ...cases,
    "}",
    "}",
    pool,
    "/* In the mode of a run, which may not be that of another library. */",
    `static void take_turns_in_mode(long worker) {\n${set}\ntake_turns(worker);\n${restore}\n}`,
    working,
    dividing,
  ].join("\n");
}

/** Statements around a run. */
export interface Mode {
  readonly set: string;
  readonly restore: string;
}

/** What a library says that has no tasks. */
export const noThreads = "void *leastaction_pool(void *other) { return other; }";

/** Before the functions that call it. */
export const threadsHead = `#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>
static void divide(char *a, int task, long turns, const long *around);`;

const pool = `#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_SEQ_CST)
#define ADD(x, value) __atomic_fetch_add(&(x), value, __ATOMIC_SEQ_CST)
struct pool {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  int busy, started, spins, sleeping;
  int task, team;
  long turns;
  void (*take)(long worker);
  char *a;
  const long *around;
  int generation __attribute__((aligned(64))), open;
  int joined __attribute__((aligned(64)));
  long next __attribute__((aligned(64)));
};
static struct pool own = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER}, *pool = &own;
/* Threads that the run on this thread may use. */
static __thread int team;
static inline void relax(void) {
#if defined(__SSE2__)
__builtin_ia32_pause();
#elif defined(__aarch64__)
__asm__ volatile("yield");
#endif
}
static void take_turns(long worker) {
long turn;
while ((turn = ADD(pool->next, 1)) < pool->turns) run_task(pool->a, pool->task, worker, turn, pool->around);
}`;

const working = `static void *work(void *number) {
int seen = 0;
for (;;) {
for (int i = 0; i < LOAD(pool->spins) && LOAD(pool->generation) == seen; i++) relax();
if (LOAD(pool->generation) == seen) {
pthread_mutex_lock(&pool->lock);
ADD(pool->sleeping, 1);
while (LOAD(pool->generation) == seen) pthread_cond_wait(&pool->wake, &pool->lock);
ADD(pool->sleeping, -1);
pthread_mutex_unlock(&pool->lock);
}
seen = LOAD(pool->generation);
ADD(pool->joined, 1);
if (LOAD(pool->open) && (long)number < pool->team) pool->take((long)number);
ADD(pool->joined, -1);
}
return 0;
}`;

const dividing = `static void divide(char *a, int task, long turns, const long *around) {
if (team < 2) {
for (long turn = 0; turn < turns; turn++) run_task(a, task, 0, turn, around);
return;
}
pool->a = a; pool->task = task; pool->turns = turns; pool->around = around; pool->team = team;
pool->take = take_turns_in_mode;
STORE(pool->next, 0);
STORE(pool->open, 1);
ADD(pool->generation, 1);
if (LOAD(pool->sleeping)) {
pthread_mutex_lock(&pool->lock);
pthread_cond_broadcast(&pool->wake);
pthread_mutex_unlock(&pool->lock);
}
take_turns(0);
STORE(pool->open, 0);
for (int i = 0; LOAD(pool->joined); i++) if (i < 1000) relax(); else sched_yield();
}
/* Signals are for the threads of the host. Threads that cannot be started are done without. */
static void take_threads(int wanted) {
team = 1;
if (wanted < 2 || __atomic_exchange_n(&pool->busy, 1, __ATOMIC_SEQ_CST)) return;
STORE(pool->spins, wanted > sysconf(_SC_NPROCESSORS_ONLN) ? 0 : 2000);
sigset_t all, before;
sigfillset(&all);
pthread_sigmask(SIG_SETMASK, &all, &before);
for (pthread_t thread; pool->started < wanted - 1; pool->started++) {
if (pthread_create(&thread, 0, work, (void *)(long)(pool->started + 1))) break;
pthread_detach(thread);
}
pthread_sigmask(SIG_SETMASK, &before, 0);
team = wanted;
}
static void leave_threads(void) {
if (team > 1) STORE(pool->busy, 0);
}
/* Asked for the first time, before any run, it takes the pool of another library, if there is one; the one that it has. */
void *leastaction_pool(void *other) {
static int asked;
if (!__atomic_exchange_n(&asked, 1, __ATOMIC_SEQ_CST) && other) pool = other;
return pool;
}`;
