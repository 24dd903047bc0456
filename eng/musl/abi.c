// Prints how a C library lays out what passes between it and the .NET runtime: types by size and place of their fields, constants by value.
// The runtime's objects are compiled against glibc. They may be linked with musl where this program says the same with both;
// eng/musl/check.sh asks. What only the kernel defines (system calls' structures, error numbers) is the same everywhere.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <ifaddrs.h>
#include <limits.h>
#include <link.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define SIZE(type) printf(#type " %zu\n", sizeof(type))
#define FIELD(type, field) printf(#type "." #field " %zu+%zu\n", offsetof(type, field), sizeof(((type *)0)->field))
#define CONSTANT(name) printf(#name " %lld\n", (long long)(name))

// Bytes that are given to the other side to be read: the same picture in both libraries.
#define BYTES(name, value)                                                       \
  do {                                                                           \
    const unsigned char *bytes = (const unsigned char *)&(value);                \
    printf(name);                                                                \
    for (size_t i = 0; i < sizeof(value); i++)                                   \
      printf(" %02x", bytes[i]);                                                 \
    printf("\n");                                                                \
  } while (0)

static void files(void) {
  SIZE(off_t); SIZE(mode_t); SIZE(dev_t); SIZE(ino_t); SIZE(nlink_t); SIZE(blksize_t);
  SIZE(struct stat); FIELD(struct stat, st_dev); FIELD(struct stat, st_ino); FIELD(struct stat, st_mode); FIELD(struct stat, st_nlink);
  FIELD(struct stat, st_uid); FIELD(struct stat, st_gid); FIELD(struct stat, st_rdev); FIELD(struct stat, st_size);
  FIELD(struct stat, st_blksize); FIELD(struct stat, st_blocks); FIELD(struct stat, st_atim); FIELD(struct stat, st_mtim);
  FIELD(struct stat, st_ctim);
  SIZE(struct statfs); FIELD(struct statfs, f_type); FIELD(struct statfs, f_bsize); FIELD(struct statfs, f_blocks);
  FIELD(struct statfs, f_bfree); FIELD(struct statfs, f_bavail); FIELD(struct statfs, f_files); FIELD(struct statfs, f_fsid);
  FIELD(struct statfs, f_namelen); FIELD(struct statfs, f_frsize); FIELD(struct statfs, f_flags);
  FIELD(struct dirent, d_ino); FIELD(struct dirent, d_off); FIELD(struct dirent, d_reclen); FIELD(struct dirent, d_type);
  FIELD(struct dirent, d_name);
  SIZE(struct iovec); FIELD(struct iovec, iov_base); FIELD(struct iovec, iov_len);
  SIZE(struct flock); FIELD(struct flock, l_type); FIELD(struct flock, l_whence); FIELD(struct flock, l_start); FIELD(struct flock, l_len);
  FIELD(struct flock, l_pid);
  CONSTANT(O_CLOEXEC); CONSTANT(O_NONBLOCK); CONSTANT(O_CREAT); CONSTANT(O_EXCL); CONSTANT(O_TRUNC); CONSTANT(O_SYNC); CONSTANT(O_NOFOLLOW);
  CONSTANT(O_DIRECTORY); CONSTANT(F_GETLK); CONSTANT(F_SETLK); CONSTANT(F_SETLKW); CONSTANT(F_DUPFD_CLOEXEC); CONSTANT(F_GETFL);
  CONSTANT(F_SETFL); CONSTANT(AT_FDCWD); CONSTANT(AT_SYMLINK_NOFOLLOW); CONSTANT(AT_EMPTY_PATH); CONSTANT(_PC_NAME_MAX); CONSTANT(_PC_PATH_MAX);
  CONSTANT(POSIX_FADV_SEQUENTIAL); CONSTANT(POSIX_FADV_RANDOM); CONSTANT(S_IFMT); CONSTANT(S_IFIFO); CONSTANT(S_IFLNK); CONSTANT(S_IFSOCK);
  CONSTANT(EOF); CONSTANT(_IOLBF);
  SIZE(struct termios); FIELD(struct termios, c_iflag); FIELD(struct termios, c_lflag); FIELD(struct termios, c_cc);
  CONSTANT(NCCS); CONSTANT(VMIN); CONSTANT(VTIME); CONSTANT(TCSANOW); CONSTANT(ICANON); CONSTANT(ECHO);
}

static void threads(void) {
  SIZE(pthread_t); SIZE(pthread_attr_t); SIZE(pthread_mutex_t); SIZE(pthread_mutexattr_t); SIZE(pthread_cond_t); SIZE(pthread_condattr_t);
  SIZE(pthread_rwlock_t); SIZE(pthread_rwlockattr_t); SIZE(pthread_key_t); SIZE(pthread_once_t); SIZE(pthread_barrier_t);
  const pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  const pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  const pthread_once_t once = PTHREAD_ONCE_INIT;
  BYTES("PTHREAD_MUTEX_INITIALIZER", mutex); BYTES("PTHREAD_COND_INITIALIZER", condition);
  BYTES("PTHREAD_RWLOCK_INITIALIZER", rwlock); BYTES("PTHREAD_ONCE_INIT", once);
  CONSTANT(PTHREAD_MUTEX_NORMAL); CONSTANT(PTHREAD_MUTEX_RECURSIVE); CONSTANT(PTHREAD_MUTEX_ERRORCHECK); CONSTANT(PTHREAD_MUTEX_DEFAULT);
  CONSTANT(PTHREAD_CREATE_DETACHED); CONSTANT(PTHREAD_CREATE_JOINABLE); CONSTANT(PTHREAD_PROCESS_SHARED);
  CONSTANT(PTHREAD_CANCEL_ENABLE); CONSTANT(PTHREAD_CANCEL_DISABLE);
  SIZE(cpu_set_t); CONSTANT(CPU_ALLOC_SIZE(1)); CONSTANT(CPU_ALLOC_SIZE(65));
  cpu_set_t cpus;
  CPU_ZERO(&cpus); CPU_SET(0, &cpus); CPU_SET(70, &cpus);
  BYTES("CPU_SET", cpus);
}

static void signals(void) {
  SIZE(sigset_t); SIZE(siginfo_t); FIELD(siginfo_t, si_signo); FIELD(siginfo_t, si_code); FIELD(siginfo_t, si_addr); FIELD(siginfo_t, si_pid);
  FIELD(siginfo_t, si_status);
  SIZE(struct sigaction); FIELD(struct sigaction, sa_handler); FIELD(struct sigaction, sa_sigaction); FIELD(struct sigaction, sa_mask);
  FIELD(struct sigaction, sa_flags);
  SIZE(stack_t); FIELD(stack_t, ss_sp); FIELD(stack_t, ss_flags); FIELD(stack_t, ss_size);
  FIELD(ucontext_t, uc_flags); FIELD(ucontext_t, uc_link); FIELD(ucontext_t, uc_stack); FIELD(ucontext_t, uc_mcontext);
  SIZE(mcontext_t);
#ifdef __x86_64__
  FIELD(mcontext_t, gregs); FIELD(mcontext_t, fpregs); CONSTANT(REG_RIP); CONSTANT(REG_RSP); CONSTANT(REG_RBP); CONSTANT(REG_RAX); CONSTANT(REG_ERR);
#endif
#ifdef __aarch64__
  FIELD(mcontext_t, regs); FIELD(mcontext_t, sp); FIELD(mcontext_t, pc); FIELD(mcontext_t, pstate);
#endif
  CONSTANT(SA_SIGINFO); CONSTANT(SA_RESTART); CONSTANT(SA_ONSTACK); CONSTANT(SA_NODEFER); CONSTANT(SIG_BLOCK); CONSTANT(SIG_UNBLOCK);
  CONSTANT(SIG_SETMASK); CONSTANT(SIGSEGV); CONSTANT(SIGPIPE); CONSTANT(SIGCHLD); CONSTANT(SIGCONT); CONSTANT(SIGWINCH); CONSTANT(NSIG);
  sigset_t set = {0};
  sigemptyset(&set); sigaddset(&set, SIGPIPE); sigaddset(&set, SIGCHLD);
  BYTES("sigaddset", set);
}

static void processes(void) {
  SIZE(posix_spawn_file_actions_t); SIZE(posix_spawnattr_t);
  CONSTANT(POSIX_SPAWN_SETSIGDEF); CONSTANT(POSIX_SPAWN_SETSIGMASK);
  CONSTANT(WNOHANG); CONSTANT(WEXITED); CONSTANT(WNOWAIT); CONSTANT(P_PID); CONSTANT(P_ALL);
  SIZE(struct rlimit); CONSTANT(RLIM_INFINITY); CONSTANT(RLIMIT_NOFILE); CONSTANT(RLIMIT_AS); CONSTANT(RLIMIT_STACK);
  FIELD(struct rusage, ru_utime); FIELD(struct rusage, ru_stime); FIELD(struct rusage, ru_maxrss); CONSTANT(RUSAGE_SELF);
  FIELD(struct utsname, sysname); FIELD(struct utsname, release); FIELD(struct utsname, version); FIELD(struct utsname, machine);
  SIZE(struct passwd); FIELD(struct passwd, pw_name); FIELD(struct passwd, pw_uid); FIELD(struct passwd, pw_gid); FIELD(struct passwd, pw_dir);
  FIELD(struct passwd, pw_shell);
  SIZE(struct group); FIELD(struct group, gr_name); FIELD(struct group, gr_gid); FIELD(struct group, gr_mem);
  CONSTANT(_SC_PAGESIZE); CONSTANT(_SC_NPROCESSORS_CONF); CONSTANT(_SC_NPROCESSORS_ONLN); CONSTANT(_SC_PHYS_PAGES); CONSTANT(_SC_AVPHYS_PAGES);
  CONSTANT(_SC_CLK_TCK); CONSTANT(_SC_IOV_MAX); CONSTANT(_SC_GETPW_R_SIZE_MAX); CONSTANT(_SC_OPEN_MAX); CONSTANT(_SC_SYMLOOP_MAX);
  CONSTANT(LOG_USER); CONSTANT(LOG_ERR);
}

static void memory_and_time(void) {
  CONSTANT(MAP_PRIVATE); CONSTANT(MAP_ANONYMOUS); CONSTANT(MAP_NORESERVE); CONSTANT(MAP_FIXED); CONSTANT(PROT_NONE); CONSTANT(PROT_EXEC);
  CONSTANT(MADV_DONTNEED); CONSTANT(MADV_DONTDUMP); CONSTANT(MADV_DODUMP); CONSTANT(MAP_FAILED == (void *)-1);
  SIZE(time_t); SIZE(struct timespec); FIELD(struct timespec, tv_nsec); SIZE(struct timeval); FIELD(struct timeval, tv_usec);
  SIZE(struct tm); FIELD(struct tm, tm_year); FIELD(struct tm, tm_isdst); FIELD(struct tm, tm_gmtoff);
  CONSTANT(CLOCK_MONOTONIC); CONSTANT(CLOCK_MONOTONIC_COARSE); CONSTANT(CLOCK_REALTIME); CONSTANT(CLOCK_THREAD_CPUTIME_ID);
  FIELD(struct dl_phdr_info, dlpi_addr); FIELD(struct dl_phdr_info, dlpi_name); FIELD(struct dl_phdr_info, dlpi_phdr);
  FIELD(struct dl_phdr_info, dlpi_phnum); FIELD(struct dl_phdr_info, dlpi_adds); FIELD(struct dl_phdr_info, dlpi_subs);
  SIZE(struct dl_phdr_info);
}

static void sockets(void) {
  SIZE(socklen_t); SIZE(sa_family_t); SIZE(struct sockaddr_storage); SIZE(struct sockaddr_un); FIELD(struct sockaddr_un, sun_path);
  SIZE(struct sockaddr_in); SIZE(struct sockaddr_in6); FIELD(struct sockaddr_in6, sin6_scope_id);
  SIZE(struct msghdr); FIELD(struct msghdr, msg_name); FIELD(struct msghdr, msg_namelen); FIELD(struct msghdr, msg_iov);
  FIELD(struct msghdr, msg_control); FIELD(struct msghdr, msg_flags);
  SIZE(struct linger); SIZE(struct pollfd); FIELD(struct pollfd, events); FIELD(struct pollfd, revents);
  SIZE(struct epoll_event); FIELD(struct epoll_event, data);
  SIZE(struct addrinfo); FIELD(struct addrinfo, ai_family); FIELD(struct addrinfo, ai_addrlen); FIELD(struct addrinfo, ai_addr);
  FIELD(struct addrinfo, ai_next); SIZE(struct ifaddrs); FIELD(struct ifaddrs, ifa_addr); FIELD(struct ifaddrs, ifa_netmask);
  CONSTANT(AF_UNIX); CONSTANT(AF_NETLINK); CONSTANT(SOCK_STREAM); CONSTANT(SOCK_RAW); CONSTANT(SOCK_CLOEXEC); CONSTANT(SOL_SOCKET);
  CONSTANT(SO_RCVTIMEO); CONSTANT(SO_SNDTIMEO); CONSTANT(SO_ERROR); CONSTANT(MSG_TRUNC); CONSTANT(MSG_NOSIGNAL); CONSTANT(MSG_DONTWAIT);
  CONSTANT(SHUT_RDWR); CONSTANT(POLLIN); CONSTANT(POLLHUP); CONSTANT(EPOLLIN); CONSTANT(EPOLLET); CONSTANT(EPOLL_CLOEXEC);
}

int main(void) {
  files();
  threads();
  signals();
  processes();
  memory_and_time();
  sockets();
  return 0;
}
