/* SPDX-License-Identifier: Apache-2.0
 * Measured RAPL watts against load: codecarbon's cpu_load_profiling (mlco2/codecarbon
 * codecarbon/data/hardware/cpu_load_profiling, commit b05965e4, MIT). Loads of 5 % and more. Left
 * out: the first row of each run (read before the counter had warmed up), and the runs named
 * E3-1240 v2, which mix two machines. The Threadripper's two mirrored dies are halved to one. */
#pragma once

static const struct load_run {
    const char *model, *uarch;
    unsigned sockets, threads;
    double tdp_w; /* of a socket */
} load_machines[] = {
    {"AMD EPYC 8024P 8-Core Processor", "EPYC 4th Gen", 1, 16, 90},
    {"AMD Ryzen Threadripper 1950X 16-Core Processor", "EPYC 1st Gen", 1, 32, 180},
    {"Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz", "Haswell", 2, 24, 85},
};

#define LOAD_MACHINES 3

/* Two runs a machine: all threads a part of the time, and some threads all the time. */
static const struct load_row {
    int machine;
    char run; /* 'a': all threads, 's': some */
    double load_pct, w, codecarbon_w;
} load_rows[] = {
    {0, 'a', 10.0, 18.61, 9.35},    {0, 'a', 20.0, 29.5, 18.09},   {0, 'a', 30.0, 38.67, 26.63},
    {0, 'a', 40.3, 41.75, 35.13},   {0, 'a', 50.0, 43.22, 43.96},  {0, 'a', 64.6, 47.6, 52.65},
    {0, 'a', 70.2, 48.71, 61.33},   {0, 'a', 80.0, 49.29, 69.78},  {0, 'a', 89.4, 50.72, 78.47},
    {0, 'a', 100.0, 46.08, 86.63},  {0, 's', 6.8, 18.32, 6.14},    {0, 's', 18.6, 37.68, 16.80},
    {0, 's', 24.8, 41.65, 22.36},   {0, 's', 37.3, 43.58, 33.13},  {0, 's', 50.3, 47.22, 43.90},
    {0, 's', 56.2, 49.35, 49.53},   {0, 's', 71.6, 49.93, 60.29},  {0, 's', 78.1, 51.11, 65.87},
    {0, 's', 87.5, 45.6, 76.75},    {0, 's', 100.0, 46.51, 87.02}, {1, 'a', 13.9, 21.65, 18.42},
    {1, 'a', 23.2, 31.27, 51.95},   {1, 'a', 36.4, 39.59, 82.76},  {1, 'a', 44.8, 53.16, 121.69},
    {1, 'a', 53.1, 64.06, 150.75},  {1, 'a', 66.0, 72.08, 160.82}, {1, 'a', 72.1, 86.22, 166.20},
    {1, 'a', 83.1, 85.16, 169.05},  {1, 'a', 91.7, 84.59, 170.99}, {1, 'a', 99.7, 83.44, 172.01},
    {1, 's', 12.2, 22.69, 15.64},   {1, 's', 22.9, 38.12, 45.20},  {1, 's', 32.2, 46.66, 79.44},
    {1, 's', 41.4, 61.51, 106.22},  {1, 's', 52.0, 73.7, 151.96},  {1, 's', 64.0, 87.39, 161.29},
    {1, 's', 73.1, 86.66, 165.97},  {1, 's', 80.1, 84.72, 169.16}, {1, 's', 92.5, 83.71, 170.80},
    {1, 's', 100.0, 83.02, 172.12}, {2, 'a', 10.0, 16.39, 16.70},  {2, 'a', 20.0, 30.98, 33.15},
    {2, 'a', 30.0, 38.41, 49.55},   {2, 'a', 40.5, 45.28, 65.93},  {2, 'a', 50.2, 62.16, 82.31},
    {2, 'a', 60.0, 61.95, 98.65},   {2, 'a', 69.9, 76.92, 114.92}, {2, 'a', 80.8, 111.9, 131.26},
    {2, 'a', 89.7, 115.8, 147.63},  {2, 'a', 99.6, 117, 163.77},   {2, 's', 8.7, 16.31, 13.85},
    {2, 's', 17.0, 34.77, 27.67},   {2, 's', 29.0, 39.83, 48.15},  {2, 's', 37.9, 49.54, 61.92},
    {2, 's', 50.0, 50.49, 82.46},   {2, 's', 58.7, 67.13, 96.15},  {2, 's', 66.7, 71.55, 109.87},
    {2, 's', 79.2, 72.03, 130.43},  {2, 's', 87.5, 75.75, 144.11}, {2, 's', 100.0, 79.61, 164.37},
};
