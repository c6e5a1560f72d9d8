/* SPDX-License-Identifier: Apache-2.0
 * Names in the local store: what a run's folder is called, what is a writer, what is a segment. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_WRITER_LEN   16
#define CCT_SEGMENT_NAME 32 /* room for NNNNNNNNNN.ndjson.open and a NUL */

/* Appends the folder name of a run: the run itself where it is [A-Za-z0-9][A-Za-z0-9._-]*, every
 * other byte as %XX, the empty run as "%". A name over 200 bytes is cut and ends in "%~" and the
 * 64 bit FNV-1a hash of the run (draft-eastlake-fnv). Never empty, never ".", no "/". */
void cct_run_folder(struct cct_buf *out, const char *run, size_t len);
/* The folder name was cut: other runs may share it. */
bool cct_run_folder_is_cut(const char *name);
/* Appends the run that a folder name stands for; a cut or foreign name as it is. */
void cct_run_of_folder(struct cct_buf *out, const char *name);

/* Sixteen ASCII letters and digits. */
bool cct_is_writer(const char *name);

/* NNNNNNNNNN.ndjson, or with .open behind it. */
void cct_segment_name(char out[CCT_SEGMENT_NAME], uint64_t number, bool open);
/* True: name is one of both. */
bool cct_segment_parse(const char *name, uint64_t *number, bool *open);
