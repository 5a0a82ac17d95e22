/* vfs_fault: a SQLite VFS in front of the real one that makes the n-th operation fail. */
#ifndef TEST_VFS_FAULT_H
#define TEST_VFS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum vfs_operation { VFS_OPEN, VFS_READ, VFS_WRITE, VFS_SYNC, VFS_TRUNCATE, VFS_SHM, VFS_N };
/* Becomes the default VFS; behind the first opening of a store, which sets SQLite up. */
void vfs_fault_install(void);
/* The n-th such operation from now gives the SQLite code; for good: all later ones too. 0: none. */
void vfs_fault_at(enum vfs_operation operation, uint64_t nth, int code, bool for_good);
uint64_t vfs_fault_count(enum vfs_operation operation); /* since the last vfs_fault_at */

#endif
