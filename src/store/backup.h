/*
 * backup: the file format, the same for both engines (so a city can move from one to the other).
 *
 *     head     "hokenka-backup 1\n", database, schema hash, link number and digest of the chain
 *     table    'T', name; then rows; then 'E'
 *     row      'R', one value for each column of the table's scan
 *     value    0 NULL | 1 number (8 bytes) | 2 text or blob (4 bytes length, bytes)
 *     end      'Z', BLAKE2b-256 of everything before
 *
 * Numbers are little-endian. Texts of head and table are values of kind 2.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#define BACKUP_MAGIC "hokenka-backup 1\n"
enum { BACKUP_BUFFER = 256 << 10, BACKUP_VALUE_MAXIMUM = 256 << 20 };
enum { BACKUP_NULL, BACKUP_NUMBER, BACKUP_BYTES };

#endif
