// What plugins need of the C library and musl lacks: two functions that the .NET runtime's objects take from glibc (CPU_ALLOC(3),
// CPU_FREE(3)), and statx(2), which musl has since 1.2.5.
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct statx;

cpu_set_t *__sched_cpualloc(size_t count);
void __sched_cpufree(cpu_set_t *set);
int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict status);

cpu_set_t *__sched_cpualloc(size_t count) { return malloc(CPU_ALLOC_SIZE(count)); }

void __sched_cpufree(cpu_set_t *set) { free(set); }

__attribute__((weak)) int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict status) {
  return (int)syscall(SYS_statx, folder, path, flags, mask, status);
}
