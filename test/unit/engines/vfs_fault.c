#include "vfs_fault.h"

#include <sqlite3.h>
#include <string.h>

struct fault_file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
};

static sqlite3_vfs shim;
static sqlite3_vfs *inner;
static uint64_t counts[VFS_N];
static uint64_t fail_at;
static enum vfs_operation fail_operation;
static int fail_code;
static bool fail_for_good;

void vfs_fault_at(enum vfs_operation operation, uint64_t nth, int code, bool for_good)
{
    memset(counts, 0, sizeof counts);
    fail_operation = operation;
    fail_at = nth;
    fail_code = code;
    fail_for_good = for_good;
}

uint64_t vfs_fault_count(enum vfs_operation operation)
{
    return counts[operation];
}

static int turn(enum vfs_operation operation)
{
    uint64_t n = ++counts[operation];
    if (fail_at == 0 || operation != fail_operation || n < fail_at)
        return SQLITE_OK;
    return n == fail_at || fail_for_good ? fail_code : SQLITE_OK;
}

static sqlite3_file *real(sqlite3_file *f)
{
    return ((struct fault_file *)f)->real;
}

static int file_close(sqlite3_file *f)
{
    return real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
}

static int file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    int code = turn(VFS_READ);
    return code ? code : real(f)->pMethods->xRead(real(f), to, n, at);
}

static int file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    int code = turn(VFS_WRITE);
    if (code) { /* half of it gets through, as when a disk fills up */
        real(f)->pMethods->xWrite(real(f), from, n / 2, at);
        return code;
    }
    return real(f)->pMethods->xWrite(real(f), from, n, at);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int code = turn(VFS_TRUNCATE);
    return code ? code : real(f)->pMethods->xTruncate(real(f), size);
}

static int file_sync(sqlite3_file *f, int flags)
{
    int code = turn(VFS_SYNC);
    return code ? code : real(f)->pMethods->xSync(real(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return real(f)->pMethods->xFileSize(real(f), out);
}

static int file_lock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xLock(real(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xUnlock(real(f), level);
}

static int file_reserved(sqlite3_file *f, int *out)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int file_sector(sqlite3_file *f)
{
    return real(f)->pMethods->xSectorSize(real(f));
}

static int file_traits(sqlite3_file *f)
{
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    int code = turn(VFS_SHM);
    return code ? code : real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}

static int shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static void shm_barrier(sqlite3_file *f)
{
    real(f)->pMethods->xShmBarrier(real(f));
}

static int shm_unmap(sqlite3_file *f, int drop)
{
    return real(f)->pMethods->xShmUnmap(real(f), drop);
}

static const sqlite3_io_methods methods = {
    2,         file_close,  file_read,     file_write,   file_truncate, file_sync,   file_size,
    file_lock, file_unlock, file_reserved, file_control, file_sector,   file_traits, shm_map,
    shm_lock,  shm_barrier, shm_unmap,     NULL,         NULL};

static int shim_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
    struct fault_file *file = (struct fault_file *)f;
    int code = turn(VFS_OPEN);
    (void)vfs;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(file + 1);
    if (code)
        return code;
    code = inner->xOpen(inner, name, file->real, flags, out);
    if (code == SQLITE_OK)
        file->base.pMethods = &methods;
    return code;
}

void vfs_fault_install(void)
{
    if (inner)
        return;
    inner = sqlite3_vfs_find(NULL);
    shim = *inner;
    shim.zName = "fault";
    shim.pNext = NULL;
    shim.szOsFile = (int)sizeof(struct fault_file) + inner->szOsFile;
    shim.xOpen = shim_open;
    sqlite3_vfs_register(&shim, 1);
}
