/*
 * Common ground of the kernel. VERIFICATION ONLY: every input is public, so time and memory accesses depend on the data
 * throughout. Never call any of this with a private key or a signing nonce.
 *
 * No libc, no allocation, no floating point. Built twice from the same sources: as WebAssembly for use, and natively with
 * KERNEL_CHECKED defined, where every bound stated in a comment is asserted at run time (test/eds/gost/kernel-checked.c).
 */
#ifndef WORDS_H
#define WORDS_H

typedef unsigned char u8;
typedef short i16;
typedef unsigned short u16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#define UNROLL _Pragma("clang loop unroll(full)")

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(name)))
#else
#define EXPORT(name)
#endif

#ifdef KERNEL_CHECKED
void kernel_bound_broken(const char *bound, int line);
#define BOUND(condition) ((condition) ? (void)0 : kernel_bound_broken(#condition, __LINE__))
#else
#define BOUND(condition) ((void)0)
#endif

#endif
